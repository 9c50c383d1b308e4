//! Runs one controller: kube's scheduler decides when, at most so many objects at once, each
//! with a time limit and a backoff of its own.

use std::{
    fmt::Debug,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream};
use kube::{
    Resource,
    runtime::{
        Config, Controller,
        controller::{self, Action},
        reflector::Store,
    },
};
use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use crate::{
    backoff::Failures,
    context::Context,
    digest::fnv1a,
    watch::{TriggersReceiver, full_name},
};

/// Objects of one kind that are worked on at once.
const CONCURRENCY: u16 = 16;
/// Longer than any sane answer of an API server, shorter than a person's patience.
const TIME_LIMIT: Duration = Duration::from_secs(30);
/// Watches tell of every change; this is for what they might have missed.
const RESYNC: Duration = Duration::from_hours(10);

/// What a reconciliation can end with besides success.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure<E: std::error::Error + 'static> {
    /// It took longer than the limit.
    #[error("not finished after {} s", TIME_LIMIT.as_secs())]
    TimedOut,
    /// One of its stages failed.
    #[error(transparent)]
    Stage(#[from] E),
}

/// A controller and where its work comes from.
pub(crate) struct Work<K: Resource<DynamicType = ()> + 'static> {
    /// Its kind in logs and metrics.
    pub(crate) kind: &'static str,
    pub(crate) store: Store<K>,
    pub(crate) triggers: TriggersReceiver<K>,
    pub(crate) context: Arc<Context>,
}

impl<K> Work<K>
where
    K: Resource<DynamicType = ()> + Clone + Debug + DeserializeOwned + Send + Sync + 'static,
{
    /// Works until told to stop; what is in hand is finished first.
    pub(crate) async fn run<F, Fut, E>(self, stop: CancellationToken, reconcile: F)
    where
        F: Fn(Arc<K>, Arc<Context>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Action, E>> + Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        let Self { kind, store, triggers, context } = self;
        let failures = Arc::new(Failures::<String>::default());
        let (of_success, of_failure, of_result) = (Arc::clone(&failures), Arc::clone(&failures), failures);
        let metrics = context.metrics.clone();
        let succeed_or_fail = move |object: Arc<K>, context: Arc<Context>| {
            let (reconcile, failures) = (reconcile.clone(), Arc::clone(&of_success));
            async move {
                let (started, name) = (Instant::now(), full_name(&*object));
                let metrics = context.metrics.clone();
                let result = match tokio::time::timeout(TIME_LIMIT, reconcile(object, context)).await {
                    Ok(result) => result.map_err(Failure::Stage),
                    Err(_) => Err(Failure::TimedOut),
                };
                metrics.reconciled(kind, if result.is_ok() { "success" } else { "failure" }, started.elapsed());
                if result.is_ok() {
                    failures.forget(&name);
                }
                result
            }
        };
        Controller::for_stream(stream::pending(), store)
            .with_config(Config::default().concurrency(CONCURRENCY))
            .reconcile_on(triggers)
            .graceful_shutdown_on(async move { stop.cancelled().await })
            .run(succeed_or_fail, move |object, failure, _| retry(kind, &*object, failure, &of_failure), context)
            .for_each(move |result| {
                if let Err(controller::Error::ObjectNotFound(gone)) = &result {
                    of_result.forget(&format!("{}/{}", gone.namespace.as_deref().unwrap_or_default(), gone.name));
                }
                metrics.in_backoff(kind, of_result.len());
                std::future::ready(())
            })
            .await;
    }
}

fn retry<K: Resource>(
    kind: &'static str,
    object: &K,
    failure: &(dyn std::error::Error + 'static),
    failures: &Failures<String>,
) -> Action {
    let name = full_name(object);
    let delay = failures.failed(name.clone());
    let delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
    tracing::warn!(
        kind,
        object.name = name,
        delay_ms,
        error = chain(failure),
        "a reconciliation failed and is tried again"
    );
    Action::requeue(delay)
}

/// The next look at an object that nothing else asks for: the sooner of `due` and the resync,
/// which is spread so that not all objects come at once.
pub(crate) fn look_again(object: &impl Resource, due: Option<Duration>) -> Action {
    let share = u32::try_from(fnv1a(full_name(object).as_bytes()) % 1000).unwrap_or_default();
    let resync = RESYNC + RESYNC / 10_000 * share;
    Action::requeue(due.map_or(resync, |due| due.min(resync)))
}

/// An error with all its causes on one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        // Some errors repeat their cause in their own text.
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
