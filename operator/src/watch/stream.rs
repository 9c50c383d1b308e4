//! One watch stream, for as long as the program runs.

use std::{fmt::Debug, pin::pin};

use futures::{StreamExt as _, channel::oneshot};
use kube::{
    Api, Resource, ResourceExt as _,
    core::DeserializeGuard,
    runtime::watcher::{self, Event, watcher},
};
use serde::de::DeserializeOwned;
use telemetry::Check;

use crate::{backoff::WatchPauses, metrics::Metrics};

/// What happened to the objects of a stream.
#[derive(Debug)]
pub(crate) enum Change<'a, K> {
    /// An object came or changed.
    Applied(&'a K),
    /// An object went.
    Deleted(&'a K),
    /// The whole list is new; objects may have come, changed and gone unseen.
    Relisted,
}

/// Takes in events, in order.
pub(super) type Cache<K> = Box<dyn FnMut(&Event<K>) + Send>;
/// Hears of changes after the cache has them.
pub(super) type Listener<K> = Box<dyn Fn(&Change<'_, K>) + Send>;

/// What a stream is about and what it feeds.
pub(super) struct Feed<K> {
    /// The plural of the kind, its name in logs, metrics and readiness.
    pub(super) name: &'static str,
    pub(super) selector: Option<&'static str>,
    pub(super) trim: fn(&mut K),
    pub(super) cache: Cache<K>,
    pub(super) listener: Listener<K>,
}

/// A stream at work.
pub(super) struct Stream<K> {
    pub(super) api: Api<DeserializeGuard<K>>,
    pub(super) feed: Feed<K>,
    pub(super) ready: Check,
    pub(super) metrics: Metrics,
    /// Told when the first list is complete.
    pub(super) first_list: Option<oneshot::Sender<()>>,
}

/// Seconds after which the API server ends a watch and it is asked for anew: a dropped
/// connection is noticed five seconds later at the latest.
const WATCH_SECONDS: u32 = 60;

impl<K> Stream<K>
where
    K: Resource<DynamicType = ()> + Clone + DeserializeOwned + Debug + Send + 'static,
{
    /// Follows the objects until the program ends.
    pub(super) async fn follow(mut self) {
        let mut streaming_lists = true;
        // One turn of the loop; a second one only where the API server cannot stream lists.
        while self.follow_by(streaming_lists).await == Ended::StreamingListsRefused {
            tracing::info!(resource = self.feed.name, "the API server does not stream lists, listing page by page");
            streaming_lists = false;
        }
    }

    async fn follow_by(&mut self, streaming_lists: bool) -> Ended {
        let mut events = pin!(watcher(self.api.clone(), self.config(streaming_lists)));
        let mut pauses = WatchPauses::default();
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => {
                    pauses.succeeded();
                    self.take(event);
                }
                Err(error) if streaming_lists && refuses_streaming_lists(&error) => {
                    return Ended::StreamingListsRefused;
                }
                Err(error) => {
                    self.note(&error);
                    tokio::time::sleep(pauses.failed()).await;
                }
            }
        }
        Ended::Finished
    }

    fn config(&self, streaming_lists: bool) -> watcher::Config {
        let config = watcher::Config::default().timeout(WATCH_SECONDS);
        let config = if streaming_lists { config.streaming_lists() } else { config };
        match self.feed.selector {
            Some(selector) => config.labels(selector),
            None => config,
        }
    }

    fn take(&mut self, event: Event<DeserializeGuard<K>>) {
        let Some(event) = self.readable(event) else { return };
        (self.feed.cache)(&event);
        match &event {
            Event::Apply(object) => (self.feed.listener)(&Change::Applied(object)),
            Event::Delete(object) => (self.feed.listener)(&Change::Deleted(object)),
            Event::InitDone => {
                self.ready.pass();
                if let Some(first_list) = self.first_list.take() {
                    // Nobody listens any more only while the program ends.
                    let _ = first_list.send(());
                }
                (self.feed.listener)(&Change::Relisted);
            }
            Event::Init | Event::InitApply(_) => {}
        }
    }

    /// The event with its object trimmed; `None` for an object that cannot be read, which is
    /// left out so that it cannot stop the others.
    fn readable(&self, event: Event<DeserializeGuard<K>>) -> Option<Event<K>> {
        let read = |guard: DeserializeGuard<K>| match guard {
            DeserializeGuard(Ok(mut object)) => {
                (self.feed.trim)(&mut object);
                Some(object)
            }
            DeserializeGuard(Err(invalid)) => {
                self.metrics.unreadable_object(self.feed.name);
                let name = invalid.metadata.name.as_deref().unwrap_or_default();
                let namespace = invalid.metadata.namespace.as_deref().unwrap_or_default();
                tracing::error!(resource = self.feed.name, namespace, name, error = %invalid.error, "left out an object that cannot be read");
                None
            }
        };
        Some(match event {
            Event::Init => Event::Init,
            Event::InitDone => Event::InitDone,
            Event::InitApply(object) => Event::InitApply(read(object)?),
            Event::Apply(object) => Event::Apply(read(object)?),
            Event::Delete(object) => Event::Delete(read(object)?),
        })
    }

    fn note(&self, error: &watcher::Error) {
        self.metrics.watch_error(self.feed.name);
        tracing::warn!(resource = self.feed.name, error = %error, "a watch broke and is asked for anew");
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Finished,
    StreamingListsRefused,
}

/// An API server without the feature answers the first request with 400 or 422.
fn refuses_streaming_lists(error: &watcher::Error) -> bool {
    let (watcher::Error::WatchStartFailed(error) | watcher::Error::InitialListFailed(error)) = error else {
        return false;
    };
    matches!(error, kube::Error::Api(status) if matches!(status.code, 400 | 422))
}

/// The name for logs of an object that is at hand.
pub(crate) fn full_name(object: &impl Resource) -> String {
    format!("{}/{}", object.namespace().unwrap_or_default(), object.name_any())
}

#[cfg(test)]
mod tests;
