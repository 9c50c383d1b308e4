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
    sqlx::query!(
        "with answer as materialized (
             select asked.workspace_id, told.connection_state, told.connection_checked_at, told.last_connected_at
             from unnest($3::text[]) as asked (workspace_id)
             left join (
                 select distinct on (workspace_id) *
                 from json_to_recordset($4::text::json) as row (
                     workspace_id text, connection_state text,
                     connection_checked_at timestamptz, last_connected_at timestamptz
                 )
                 order by workspace_id, connection_checked_at desc nulls last
             ) as told using (workspace_id)
         ),
         marked as (
             insert into usage_mark (account_id, region, workspace_id, kind, at)
             select $1, $2, workspace_id, 'last_connection', answer.last_connected_at
             from answer join workspace using (workspace_id)
             where account_id = $1 and region = $2
               and answer.last_connected_at is distinct from workspace.last_connected_at
               and answer.last_connected_at is not null
             on conflict on constraint usage_mark_pkey do nothing
         )
         update workspace set
             connection_state = answer.connection_state,
             connection_checked_at = answer.connection_checked_at,
             connection_read_at = $5,
             last_connected_at = greatest(workspace.last_connected_at, answer.last_connected_at)
         from answer
         where account_id = $1 and region = $2 and workspace.workspace_id = answer.workspace_id",
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
