//! Runs whose pods died for good: nobody is left to close them, so others do.
//!
//! A Job may still send another pod after that, when its node was away for long; that pod
//! opens the run again and goes on, as it would have anyhow.

use identifiers::ObjectRef;
use sqlx::{PgConnection, PgPool, postgres::types::PgInterval};
use uuid::Uuid;

use crate::notification::{Event, notify};

/// Without a sign of life for this long a run is over: longer than the longest pause that
/// Kubernetes makes between two pods of a Job (six minutes).
const SILENCE: PgInterval = PgInterval { months: 0, days: 0, microseconds: 15 * 60 * 1_000_000 };

const MESSAGE: &str =
    "its pods ended without a word and none came after them; what was read is kept, and the next run reads the rest";

/// Closes every other run of `schedule` that is open: whoever has the schedule's lease
/// knows that none of them is at work. Closes runs of other schedules too, where nothing
/// was heard for a quarter of an hour. Tells how many.
pub async fn close_abandoned(pool: &PgPool, schedule: &ObjectRef, holder: Uuid) -> Result<usize, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    let closed = sqlx::query!(
        "update run set outcome = case when exists (select from run_step where run_step.run_id = run.run_id and items > 0)
                                  then 'partial' else 'failed' end,
             reason = 'Abandoned', message = $5, finished_at = clock_timestamp()
         where outcome = 'running' and run_id <> $3
           and ((schedule_namespace = $1 and schedule_name = $2)
                or greatest(
                     started_at,
                     (select max(greatest(claimed_until, finished_at)) from run_step where run_step.run_id = run.run_id),
                     (select held_until from run_lease where run_lease.run_id = run.run_id)
                   ) < clock_timestamp() - $4::interval)
         returning run_id, outcome",
        schedule.namespace.as_str(),
        schedule.name.as_str(),
        holder,
        SILENCE,
        MESSAGE,
    )
    .fetch_all(&mut *transaction)
    .await?;
    for run in &closed {
        stop_steps(&mut transaction, run.run_id).await?;
        notify(&mut transaction, &Event::Run { run_id: run.run_id, outcome: &run.outcome }).await?;
    }
    transaction.commit().await?;
    Ok(closed.len())
}

/// Open steps of a run that is over, worth another attempt if a pod comes after all.
async fn stop_steps(connection: &mut PgConnection, run: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update run_step set
             state = case when items > 0 then 'partial' else 'failed' end,
             error_class = 'abandoned', error = $2, retryable = true, finished_at = clock_timestamp()
         where run_id = $1 and state in ('pending', 'running')",
        run,
        MESSAGE,
    )
    .execute(connection)
    .await?;
    Ok(())
}
