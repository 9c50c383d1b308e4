//! Live progress: small JSON messages on a channel that `deskfleet-api` listens to.
//!
//! A message is sent by the transaction that makes the change, so nobody hears of
//! something that was rolled back, and Postgres drops messages nobody listens to.

use serde::Serialize;
use sqlx::PgConnection;
use uuid::Uuid;

/// The channel.
pub const CHANNEL: &str = "deskfleet_events";

/// What happened.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event<'a> {
    /// A run began or ended.
    Run {
        /// Which.
        run_id: Uuid,
        /// `running`, `complete`, `partial`, `failed` or `skipped`.
        outcome: &'a str,
    },
    /// A step began, moved on or ended.
    RunStep {
        /// Its run.
        run_id: Uuid,
        /// Which.
        step_id: i64,
        /// What it reads.
        source: &'a str,
        /// Where.
        region: &'a str,
        /// `running`, `complete`, `partial` or `failed`.
        state: &'a str,
        /// Things read so far.
        items: i64,
    },
}

/// Sends `event` when the transaction commits.
pub(crate) async fn notify(connection: &mut PgConnection, event: &Event<'_>) -> Result<(), sqlx::Error> {
    let payload = serde_json::to_string(event).expect("an event is plain data");
    sqlx::query!("select pg_notify($1, $2)", CHANNEL, payload).execute(connection).await?;
    Ok(())
}
