//! The status for who is not signed in: asked for at most once in five seconds, however many
//! ask. The checks go through runs and ask for the size of the database, and nobody should be
//! able to make a stranger's curiosity the database's work.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use store::PgPool;
use tokio::sync::Mutex;

use super::checks::{self, HealthStatus};

/// How long an answer is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_secs(5);

/// The last status and when it was found.
#[derive(Debug, Clone, Default)]
pub struct RecentHealth(Arc<Mutex<Option<(Timestamp, HealthStatus)>>>);

impl RecentHealth {
    /// The status, at most five seconds old at `now`. One caller asks, the others wait.
    pub async fn status(&self, pool: &PgPool, now: Timestamp) -> HealthStatus {
        let mut recent = self.0.lock().await;
        if let Some((at, status)) = *recent
            && now.duration_since(at).abs() < GOOD_FOR
        {
            return status;
        }
        let status = checks::worst(&checks::all(pool).await);
        *recent = Some((now, status));
        status
    }
}
