//! What handlers and layers share. Cheap to clone: every part is a handle.

use std::time::Duration;

use store::PgPool;
use telemetry::{BuildInfo, Liveness, Readiness};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Clock,
    controllers::health::RecentHealth,
    export::ExportSlots,
    identity::{AccessTokens, KeyRing, PasswordHasher, SignInTurns, Standings},
    live::EventHub,
    metrics::HttpMetrics,
    middleware::{RateLimits, TrustedProxies},
};

/// The parts of a running server.
#[derive(Clone)]
pub struct AppState {
    /// Postgres, as the role `deskfleet_api`.
    pub pool: PgPool,
    /// What time it is.
    pub clock: Clock,
    /// The keys of tokens, cursors and device marks.
    pub keys: KeyRing,
    /// Issues and checks access tokens.
    pub tokens: AccessTokens,
    /// Whether sessions still stand.
    pub standings: Standings,
    /// argon2, bounded.
    pub passwords: PasswordHasher,
    /// Strangers that are counted at once.
    pub sign_in_turns: SignInTurns,
    /// How deskfleet was a moment ago, for strangers.
    pub recent_health: RecentHealth,
    /// Exports under way.
    pub exports: ExportSlots,
    /// Live events.
    pub events: EventHub,
    /// Requests a minute, by person and address.
    pub limits: RateLimits,
    /// Whose `X-Forwarded-For` is believed.
    pub proxies: TrustedProxies,
    /// The longest that a request may take.
    pub time_limit: Duration,
    /// Requests as histograms.
    pub metrics: HttpMetrics,
    /// Cancelled when the server stops: streams end.
    pub stop: CancellationToken,
    /// What the server waits for before it is ready.
    pub readiness: Readiness,
    /// Loops that must go on.
    pub liveness: Liveness,
    /// Which build answers.
    pub build: BuildInfo,
}
