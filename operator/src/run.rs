//! The program: client, streams, lease, controllers, health, and a clean end.

use std::sync::Arc;

use kube::{Config, client::ClientBuilder};
use telemetry::{
    Health, Liveness, MetricsRegistry, Readiness, ServeError, SignalError, serve_health, shutdown_on_signal,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    config::Settings,
    context::Context,
    controller::Work,
    lease::{self, LeaseError},
    metrics::Metrics,
    sync_schedule,
    watch::{self, WATCHED, WatchHeartbeats, Watching},
    workspace_account,
};

/// Why the program ended other than by a signal.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No way to the API server.
    #[error("cannot find out how to reach the Kubernetes API server")]
    Config(#[source] kube::config::InferConfigError),
    /// No client.
    #[error("cannot make a client of the Kubernetes API server")]
    Client(#[source] kube::Error),
    /// No signals.
    #[error(transparent)]
    Signal(#[from] SignalError),
    /// Health or metrics cannot be served.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The lease is gone; another replica may act now, so this one must end at once.
    #[error("the lease is lost")]
    Lease(#[from] LeaseError),
    /// A task ended that never should.
    #[error("a watch stream or controller ended by itself")]
    TaskEnded,
}

/// Runs until SIGTERM or until it must not go on.
pub async fn run(settings: Settings, registry: MetricsRegistry) -> Result<(), RunError> {
    let stop = shutdown_on_signal()?;
    let health = Health { metrics: registry, readiness: Readiness::default(), liveness: Liveness::default() };
    let metrics = Metrics::register(&health.metrics);
    let client = client(&health.liveness).await?;

    // Both listeners stay up until the very end, so that a probe never sees a refused connection.
    let end_of_serving = CancellationToken::new();
    let mut servers = JoinSet::new();
    for address in [settings.http_address, settings.metrics_address] {
        servers.spawn(serve_health(address, health.clone(), end_of_serving.clone()));
    }
    let watching = watch::start(&client, &settings, &health.readiness, &metrics);
    let work = act(client, settings, watching, metrics, stop.clone());
    let result = tokio::select! {
        result = work => result,
        Some(ended) = servers.join_next() => ended.map_err(|_| RunError::TaskEnded)?.map_err(RunError::Serve),
    };
    end_of_serving.cancel();
    while servers.join_next().await.is_some() {}
    tracing::info!("stopped");
    result
}

/// A client that does not retry by itself: every object has its own backoff, and a call that
/// is retried out of sight would outlast the time limit of a reconciliation.
async fn client(liveness: &Liveness) -> Result<kube::Client, RunError> {
    let mut config = Config::infer().await.map_err(RunError::Config)?;
    config.default_retry = false;
    let heartbeats = WatchHeartbeats::new(liveness, &WATCHED);
    Ok(ClientBuilder::try_from(config).map_err(RunError::Client)?.with_layer(&heartbeats).build())
}

/// Waits for full caches and the lease, then lets the controllers work until `stop`.
async fn act(
    client: kube::Client,
    settings: Settings,
    watching: Watching,
    metrics: Metrics,
    stop: CancellationToken,
) -> Result<(), RunError> {
    let Watching { caches, accounts, schedules, mut streams, filled } = watching;
    tokio::select! {
        () = filled => tracing::info!("all caches are filled"),
        _ = streams.join_next() => return Err(RunError::TaskEnded),
        () = stop.cancelled() => return Ok(()),
    }
    let lease = tokio::select! {
        lease = lease::acquire(&client, &settings) => lease,
        _ = streams.join_next() => return Err(RunError::TaskEnded),
        () = stop.cancelled() => return Ok(()),
    };
    metrics.leading(true);
    let context = Arc::new(Context::new(client, caches.clone(), settings, metrics.clone()));
    let mut controllers = JoinSet::new();
    let work = Work {
        kind: workspace_account::KIND,
        store: caches.accounts,
        triggers: accounts,
        context: Arc::clone(&context),
    };
    controllers.spawn(work.run(stop.clone(), workspace_account::reconcile));
    let work =
        Work { kind: sync_schedule::KIND, store: caches.schedules, triggers: schedules, context: Arc::clone(&context) };
    controllers.spawn(work.run(stop.clone(), sync_schedule::reconcile));

    let mut lease = lease;
    tokio::select! {
        lost = lease.keep() => {
            // Nothing may be written any more: what is in hand is dropped, not finished.
            controllers.abort_all();
            metrics.leading(false);
            Err(lost.into())
        }
        _ = streams.join_next() => Err(RunError::TaskEnded),
        () = finished(&mut controllers) => {
            workspace_account::let_go(&context).await;
            lease.release().await;
            metrics.leading(false);
            if stop.is_cancelled() { Ok(()) } else { Err(RunError::TaskEnded) }
        }
    }
}

async fn finished(controllers: &mut JoinSet<()>) {
    while controllers.join_next().await.is_some() {}
}
