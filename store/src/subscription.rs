//! Hearing what jobs notify: run and step changes, as they are committed.

use serde::Deserialize;
use sqlx::{PgPool, postgres::PgListener};
use uuid::Uuid;

use crate::notification::CHANNEL;

/// What was notified.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Notification {
    /// A run began or ended.
    Run {
        /// Which.
        run_id: Uuid,
        /// `running`, `complete`, `partial`, `failed` or `skipped`.
        outcome: String,
    },
    /// A step began, moved on or ended.
    RunStep {
        /// Its run.
        run_id: Uuid,
        /// Which.
        step_id: i64,
        /// What it reads.
        source: String,
        /// Where.
        region: String,
        /// `running`, `complete`, `partial` or `failed`.
        state: String,
        /// Things read so far.
        items: i64,
    },
}

/// What a subscription gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A notification.
    Notification(Notification),
    /// A message that this release does not know; newer jobs may send some.
    Unknown,
    /// The connection was lost and is back: something may have been missed.
    Gap,
}

/// A connection that listens.
#[derive(Debug)]
pub struct Subscription(PgListener);

impl Subscription {
    /// Listens from now on.
    pub async fn open(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Self(listener))
    }

    /// Waits for the next message.
    pub async fn next(&mut self) -> Result<Heard, sqlx::Error> {
        let Some(message) = self.0.try_recv().await? else {
            return Ok(Heard::Gap);
        };
        Ok(serde_json::from_str(message.payload()).map_or(Heard::Unknown, Heard::Notification))
    }
}
