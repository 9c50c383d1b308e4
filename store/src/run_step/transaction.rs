//! The transaction in which what a step read is written: its rows and its cursor move
//! together, so that a pod killed at any moment has written both or neither.

use jiff_sqlx::Timestamp;
use sqlx::{PgPool, Postgres, Transaction};

use super::{Next, Spent, Step, StepError, WriteError, advance};
use crate::workspace_history::{Place, take_turn};

/// Opens the transaction, waits for the step's account and region, and tells the time then.
pub(crate) async fn begin<'a>(
    pool: &PgPool,
    step: &'a Step,
) -> Result<(Transaction<'static, Postgres>, Place<'a>, Timestamp), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let place = Place { account: step.account.as_str(), region: step.region.as_str() };
    let at = take_turn(&mut transaction, place).await.map_err(query)?;
    Ok((transaction, place, at))
}

/// Counts `items` and what they took, moves the cursor, and commits.
pub(crate) async fn commit(
    mut transaction: Transaction<'static, Postgres>,
    step: &Step,
    items: usize,
    spent: &Spent,
    next: &Next,
) -> Result<(), WriteError> {
    advance(&mut transaction, step, i64::try_from(items).unwrap_or(i64::MAX), spent, next).await?;
    transaction.commit().await.map_err(|source| WriteError::Query { step: step.step_id, source })
}

/// Ends `step`, of which everything was written; with an `error` something could not be read.
pub async fn end(pool: &PgPool, step: &Step, spent: &Spent, error: Option<StepError>) -> Result<(), WriteError> {
    let transaction = pool.begin().await.map_err(|source| WriteError::Query { step: step.step_id, source })?;
    commit(transaction, step, 0, spent, &Next::End(error)).await
}
