//! Forgets tries to sign in that no rule looks back to any more.

use std::time::Duration;

use store::{PgPool, person::sign_in_attempts};
use tokio_util::sync::CancellationToken;

use super::backoff::WINDOWS;
use crate::clock::Clock;

/// Time between two sweeps.
const PAUSE: Duration = Duration::from_mins(10);

/// Sweeps until `stop`. Several servers may: each forgets the same.
pub async fn keep_forgetting_attempts(pool: PgPool, clock: Clock, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(PAUSE);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        if let Err(error) = sign_in_attempts::forget_before(&pool, clock.now() - WINDOWS.total).await {
            tracing::warn!(error = %error, "old tries to sign in could not be forgotten");
        }
    }
}
