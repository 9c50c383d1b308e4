//! `deskfleet-api serve`: configuration, background tasks, listeners, a clean end.
//!
//! ```text
//! config.rs       flags and variables, checked whole
//! startup.rs      waits for the schema, makes the first administrator, then says "ready"
//! reload.rs       certificates and session keys, read again when their files change
//! listen.rs       TLS on 8443, health and metrics on 9090
//! connections.rs  how many connections, and how slow they may be
//! ```

mod config;
mod connections;
mod listen;
mod reload;
mod startup;

use telemetry::{Health, Liveness, Readiness, Telemetry};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

pub use config::{Config, ConfigError, ServeArguments, Transport};
pub use listen::ListenError;

use crate::{
    AppState,
    clock::Clock,
    controllers::health::RecentHealth,
    export::ExportSlots,
    identity::{AccessTokens, PasswordError, PasswordHasher, SignInTurns, Standings, keep_forgetting_attempts},
    live::{EventHub, keep_listening},
    metrics::{HttpMetrics, JOBS_POLL, JobMetrics, PoolMetrics},
    middleware::{OriginError, TIME_LIMIT},
    router,
};

/// Why the server could not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The password hasher could not be made.
    #[error("passwords cannot be hashed")]
    Passwords(#[from] PasswordError),
    /// An origin cannot be used.
    #[error("an origin cannot be used")]
    Origin(#[from] OriginError),
    /// A port cannot be served.
    #[error("the server could not listen")]
    Listen(#[from] ListenError),
    /// Health and metrics cannot be served.
    #[error("health and metrics could not be served")]
    Health(#[from] telemetry::ServeError),
}

/// Serves until `stop`.
pub async fn run(config: Config, telemetry: Telemetry, stop: CancellationToken) -> Result<(), ServeError> {
    let Telemetry { metrics, build } = telemetry;
    let http_metrics = metrics.register_room("api", HttpMetrics::register);
    metrics.register_room("api", |registry| registry.register_collector(Box::new(PoolMetrics(config.pool.clone()))));
    let jobs = JobMetrics::default();
    let collector = Box::new(jobs.clone());
    metrics.register_room("sync", |registry| registry.register_collector(collector));
    let clock = Clock::system();
    let state = AppState {
        standings: Standings::new(clock.clone()),
        clock,
        keys: config.keys.clone(),
        tokens: AccessTokens::new(config.keys.clone()),
        passwords: PasswordHasher::new(config.sign_in_concurrency).await?,
        sign_in_turns: SignInTurns::default(),
        recent_health: RecentHealth::default(),
        exports: ExportSlots::default(),
        events: EventHub::new(&Uuid::new_v4().simple().to_string()[..8]),
        limits: config.limits.clone(),
        proxies: config.trusted_proxies.clone(),
        time_limit: TIME_LIMIT,
        metrics: http_metrics,
        stop: stop.clone(),
        readiness: Readiness::default(),
        liveness: Liveness::default(),
        build,
        pool: config.pool.clone(),
    };
    let app = router::router(&state, &config.origins)?;
    let tasks = background(&config, &state, jobs);
    let health = Health { metrics, readiness: state.readiness.clone(), liveness: state.liveness.clone() };
    let served = tokio::try_join!(
        async { telemetry::serve_health(config.metrics_address, health, stop.clone()).await.map_err(ServeError::from) },
        async { listen::serve(&config, app, stop.clone()).await.map_err(ServeError::from) },
    );
    stop.cancel();
    tasks.wait().await;
    state.pool.close().await;
    served.map(|_| ())
}

/// Everything that goes on beside requests. What reads tables waits for them.
fn background(config: &Config, state: &AppState, jobs: JobMetrics) -> TaskTracker {
    let stop = state.stop.clone();
    let tasks = TaskTracker::new();
    tasks.spawn(state.limits.clone().keep_sweeping(stop.clone()));
    if let Some(folder) = &config.session_keys_dir {
        tasks.spawn(reload::keep_keys(folder.clone(), config.keys.clone(), stop));
    }
    tasks.spawn(after_preparation(config.clone(), state.clone(), jobs, tasks.clone()));
    tasks.close();
    tasks
}

/// Tasks that need the schema.
async fn after_preparation(config: Config, state: AppState, jobs: JobMetrics, tasks: TaskTracker) {
    let (pool, stop) = (state.pool.clone(), state.stop.clone());
    if !startup::prepare(&config, &state).await {
        return;
    }
    let heartbeat = state.liveness.watch("job-metrics", JOBS_POLL * 10);
    tasks.spawn(state.standings.clone().keep_reading(pool.clone(), stop.clone()));
    tasks.spawn(keep_forgetting_attempts(pool.clone(), state.clock.clone(), stop.clone()));
    tasks.spawn(keep_listening(pool.clone(), state.events.clone(), stop.clone()));
    tasks.spawn(jobs.keep_reading(pool, heartbeat, stop));
    tracing::info!("ready");
}
