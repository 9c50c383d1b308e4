//! Connection aliases: a region's aliases are read whole and written in one transaction;
//! where each led keeps when that began and ended.

use fleet::reach::ConnectionAlias;
use jiff_sqlx::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    directory_readings::{Detail, Reading, finish},
    run_step::{Spent, Step, WriteError, begin},
    workspace_history::Place,
    workspace_row::stored,
};

/// Writes the aliases of `step`'s region. When none was without an id, the listing was
/// whole, and aliases that it does not contain are gone.
pub async fn write(pool: &PgPool, step: &Step, aliases: &[ConnectionAlias], spent: &Spent) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(pool, step).await?;
    let json = json(aliases);
    upsert(&mut transaction, place, at, &json).await.map_err(query)?;
    replace_targets(&mut transaction, place, at, &json).await.map_err(query)?;
    if spent.rejected == 0 {
        mark_gone(&mut transaction, place, at).await.map_err(query)?;
    }
    finish(transaction, step, at, Reading::of(Detail::ConnectionAliases, None), spent).await
}

fn json(aliases: &[ConnectionAlias]) -> String {
    serde_json::to_string(&aliases.iter().map(Row::new).collect::<Vec<_>>()).expect("a row is plain data")
}

#[derive(Serialize)]
struct Row<'a> {
    alias_id: &'a str,
    connection_string: Option<&'a str>,
    state: Option<&'a str>,
    owner_account_id: Option<&'a str>,
    targets: Vec<TargetRow<'a>>,
}

#[derive(Serialize)]
struct TargetRow<'a> {
    directory_id: &'a str,
    status: Option<&'a str>,
    target_account_id: Option<&'a str>,
    connection_identifier: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn new(alias: &'a ConnectionAlias) -> Self {
        let targets = alias.targets.iter().map(|target| TargetRow {
            directory_id: target.directory_id.as_str(),
            status: stored(target.status.as_ref()),
            target_account_id: target.account.as_deref(),
            connection_identifier: target.connection_identifier.as_deref(),
        });
        Self {
            alias_id: &alias.id,
            connection_string: alias.connection_string.as_deref(),
            state: stored(alias.state.as_ref()),
            owner_account_id: alias.owner_account.as_deref(),
            targets: targets.collect(),
        }
    }
}

async fn upsert(connection: &mut PgConnection, place: Place<'_>, at: Timestamp, json: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into connection_alias (
             account_id, region, alias_id, connection_string, state, owner_account_id, first_seen_at, last_read_at
         )
         select distinct on (alias_id) $1, $2, alias_id, connection_string, state, owner_account_id, $3, $3
         from json_to_recordset($4::text::json)
             as found (alias_id text, connection_string text, state text, owner_account_id text)
         order by alias_id
         on conflict on constraint connection_alias_pkey do update set
             connection_string = excluded.connection_string, state = excluded.state,
             owner_account_id = excluded.owner_account_id, last_read_at = excluded.last_read_at, gone_at = null",
        place.account,
        place.region,
        at as _,
        json,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn replace_targets(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    json: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query_file!("src/connection_aliases/end_targets.sql", place.account, place.region, at as _, json)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/connection_aliases/begin_targets.sql", place.account, place.region, at as _, json)
        .execute(connection)
        .await?;
    Ok(())
}

async fn mark_gone(connection: &mut PgConnection, place: Place<'_>, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with gone as (
             update connection_alias set gone_at = $3
             where account_id = $1 and region = $2 and gone_at is null and last_read_at < $3
             returning alias_id
         )
         update connection_alias_target set valid_to = $3
         where account_id = $1 and region = $2 and valid_to is null and alias_id in (select alias_id from gone)",
        place.account,
        place.region,
        at as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
