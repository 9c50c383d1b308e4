//! The steps of a run.

use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

/// One step: one source in one region.
#[derive(Debug, Clone)]
pub struct StepRow {
    /// Its number; never changes, and is that of live events.
    pub step_id: i64,
    /// What is read.
    pub source: String,
    /// Where.
    pub region: String,
    /// In which directory; `None` is all of the region.
    pub directory_id: Option<String>,
    /// `pending`, `running`, `complete`, `partial` or `failed`.
    pub state: String,
    /// Things read so far.
    pub items: i64,
    /// Calls made, retries included.
    pub calls: i64,
    /// Calls that AWS throttled.
    pub throttles: i64,
    /// Bytes of answers.
    pub bytes: i64,
    /// When it first began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// A sentence about the last failure.
    pub error: Option<String>,
}

/// Most steps given for one run; a run of a large fleet has a few hundred.
const MOST: i64 = 5_000;

/// The steps of a run in the order in which they were planned.
pub async fn steps(pool: &PgPool, run: Uuid) -> Result<Vec<StepRow>, sqlx::Error> {
    let rows = sqlx::query!(
        "select step_id, source, region, directory_id, state, items, calls, throttles, bytes, started_at, finished_at,
                error
         from run_step where run_id = $1 order by step_id limit $2",
        run,
        MOST
    )
    .fetch_all(pool)
    .await?;
    let steps = rows.into_iter().map(|row| StepRow {
        step_id: row.step_id,
        source: row.source,
        region: row.region,
        directory_id: row.directory_id,
        state: row.state,
        items: row.items,
        calls: row.calls,
        throttles: row.throttles,
        bytes: row.bytes,
        started_at: row.started_at.map(Into::into),
        finished_at: row.finished_at.map(Into::into),
        error: row.error,
    });
    Ok(steps.collect())
}
