//! Moving a step on: every write counts, moves the cursor, and checks that the claim still
//! holds, in the transaction of whoever writes the rows.

use sqlx::{PgConnection, PgPool};

use super::{Next, Spent, Step, StepError, WriteError, event};
use crate::{aws_call, notification::notify};

/// Moves a step on by one write of `items` things. Part of the caller's transaction.
pub(crate) async fn advance(
    connection: &mut PgConnection,
    step: &Step,
    items: i64,
    spent: &Spent,
    next: &Next,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (cursor, state, error) = match next {
        Next::From(cursor) => (Some(cursor.as_str()), "running", None),
        Next::End(None) => (None, "complete", None),
        Next::End(Some(error)) => (None, "partial", Some(error)),
    };
    let total = sqlx::query_scalar!(
        "update run_step set
             cursor = $3, state = $4,
             -- Nobody reads whom a complete step was about; see store_step_desktops.
             workspace_ids = case when $4 = 'complete' and workspace_ids is not null then '{}' else workspace_ids end,
             items = items + $5, rejected = rejected + $6,
             calls = calls + $7, throttles = throttles + $8, bytes = bytes + $9,
             cost_usd = cost_usd + $13,
             error_class = $10, error = $11, retryable = $12,
             finished_at = case when $4 <> 'running' then clock_timestamp() end
         where step_id = $1 and claimed_by = $2 and state = 'running'
         returning items",
        step.step_id,
        step.holder.text,
        cursor,
        state,
        items,
        spent.rejected,
        spent.calls,
        spent.throttles,
        spent.bytes,
        error.map(|error| error.class),
        error.map(|error| error.message.as_str()),
        error.is_some_and(|error| error.retryable),
        spent.cost_usd,
    )
    .fetch_optional(&mut *connection)
    .await
    .map_err(query)?
    .ok_or(WriteError::ClaimLost { step: step.step_id })?;
    aws_call::add(connection, step.run_id, &step.account, &spent.entries).await.map_err(query)?;
    notify(connection, &event(step, state, total)).await.map_err(query)
}

/// Ends a step that could not go on. What it read before stays, and so does its cursor,
/// so that another attempt goes on from there.
pub async fn stop(pool: &PgPool, step: &Step, spent: &Spent, error: &StepError) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let row = sqlx::query!(
        r#"update run_step set
             state = case when items > 0 then 'partial' else 'failed' end,
             calls = calls + $3, throttles = throttles + $4, bytes = bytes + $5,
             cost_usd = cost_usd + $9,
             error_class = $6, error = $7, retryable = $8, finished_at = clock_timestamp()
         where step_id = $1 and claimed_by = $2 and state = 'running'
         returning state, items"#,
        step.step_id,
        step.holder.text,
        spent.calls,
        spent.throttles,
        spent.bytes,
        error.class,
        error.message,
        error.retryable,
        spent.cost_usd,
    )
    .fetch_optional(&mut *transaction)
    .await
    .map_err(query)?
    .ok_or(WriteError::ClaimLost { step: step.step_id })?;
    aws_call::add(&mut transaction, step.run_id, &step.account, &spent.entries).await.map_err(query)?;
    notify(&mut transaction, &event(step, &row.state, row.items)).await.map_err(query)?;
    transaction.commit().await.map_err(query)
}

/// Starts the listing of a step over: its token is dead. Rows written so far stay, only
/// counting begins again, and nothing read before now saves a desktop from being gone.
pub async fn restart_listing(pool: &PgPool, step: &Step) -> Result<(), WriteError> {
    let restarted = sqlx::query!(
        "update run_step set cursor = null, items = 0, rejected = 0, listing_started_at = clock_timestamp()
         where step_id = $1 and claimed_by = $2 and state = 'running'",
        step.step_id,
        step.holder.text,
    )
    .execute(pool)
    .await
    .map_err(|source| WriteError::Query { step: step.step_id, source })?;
    if restarted.rows_affected() == 1 { Ok(()) } else { Err(WriteError::ClaimLost { step: step.step_id }) }
}
