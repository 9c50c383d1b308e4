//! Connection status: who is connected, and marks of last connections.

use fleet::ConnectionStatus;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    run_step::{Next, Spent, Step, WriteError, advance},
    workspace_history::{Place, take_turn},
    workspace_row::stored,
};

#[derive(Serialize)]
struct Row<'a> {
    workspace_id: &'a str,
    connection_state: Option<&'a str>,
    connection_checked_at: Option<jiff::Timestamp>,
    last_connected_at: Option<jiff::Timestamp>,
}

/// Writes the answers for the desktops `asked`. A desktop that AWS left out is written as
/// asked about and not known; what was known of its last connection stays.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    asked: &[String],
    answers: &[ConnectionStatus],
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let place = Place { account: step.account.as_str(), region: step.region.as_str() };
    update(&mut transaction, place, asked, answers).await.map_err(query)?;
    let items = i64::try_from(answers.len()).unwrap_or(i64::MAX);
    advance(&mut transaction, step, items, spent, next).await?;
    transaction.commit().await.map_err(query)
}

async fn update(
    connection: &mut PgConnection,
    place: Place<'_>,
    asked: &[String],
    answers: &[ConnectionStatus],
) -> Result<(), sqlx::Error> {
    if asked.is_empty() {
        return Ok(());
    }
    let at = take_turn(connection, place).await?;
    let rows: Vec<Row<'_>> = answers
        .iter()
        .map(|status| Row {
            workspace_id: status.id.as_str(),
            connection_state: stored(status.state.as_ref()),
            connection_checked_at: status.checked_at,
            last_connected_at: status.last_connected_at,
        })
        .collect();
    sqlx::query_file!(
        "src/connection_status/update.sql",
        place.account,
        place.region,
        asked,
        serde_json::to_string(&rows).expect("a row is plain data"),
        at as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
