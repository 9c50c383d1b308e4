//! IP access control groups: a region's groups are read whole and written in one
//! transaction; rules keep when they began and ended.

use fleet::reach::IpGroup;
use jiff_sqlx::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    directory_readings::{Detail, Reading, finish},
    run_step::{Spent, Step, WriteError, begin},
    workspace_history::Place,
};

/// Writes the groups of `step`'s region. When none was without an id, the listing was
/// whole, and groups that it does not contain are gone with their rules.
pub async fn write(pool: &PgPool, step: &Step, groups: &[IpGroup], spent: &Spent) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(pool, step).await?;
    let json = json(groups);
    upsert(&mut transaction, place, at, &json).await.map_err(query)?;
    replace_rules(&mut transaction, place, at, &json).await.map_err(query)?;
    if spent.rejected == 0 {
        mark_gone(&mut transaction, place, at).await.map_err(query)?;
    }
    finish(transaction, step, at, Reading::of(Detail::IpGroups, None), spent).await
}

fn json(groups: &[IpGroup]) -> String {
    serde_json::to_string(&groups.iter().map(Row::new).collect::<Vec<_>>()).expect("a row is plain data")
}

#[derive(Serialize)]
struct Row<'a> {
    group_id: &'a str,
    name: Option<&'a str>,
    description: Option<&'a str>,
    rules: Vec<RuleRow<'a>>,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    ip_range: &'a str,
    description: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn new(group: &'a IpGroup) -> Self {
        let rule = |rule: &'a fleet::reach::IpRule| RuleRow {
            ip_range: &rule.range,
            description: rule.description.as_deref(),
        };
        Self {
            group_id: &group.id,
            name: group.name.as_deref(),
            description: group.description.as_deref(),
            rules: group.rules.iter().map(rule).collect(),
        }
    }
}

async fn upsert(connection: &mut PgConnection, place: Place<'_>, at: Timestamp, json: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into ip_group (account_id, region, group_id, name, description, first_seen_at, last_read_at)
         select distinct on (group_id) $1, $2, group_id, name, description, $3, $3
         from json_to_recordset($4::text::json) as found (group_id text, name text, description text)
         order by group_id
         on conflict on constraint ip_group_pkey do update set
             name = excluded.name, description = excluded.description,
             last_read_at = excluded.last_read_at, gone_at = null",
        place.account,
        place.region,
        at as _,
        json,
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn replace_rules(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    json: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query_file!("src/ip_groups/end_rules.sql", place.account, place.region, at as _, json)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/ip_groups/begin_rules.sql", place.account, place.region, at as _, json)
        .execute(connection)
        .await?;
    Ok(())
}

async fn mark_gone(connection: &mut PgConnection, place: Place<'_>, at: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with gone as (
             update ip_group set gone_at = $3
             where account_id = $1 and region = $2 and gone_at is null and last_read_at < $3
             returning group_id
         )
         update ip_group_rule set valid_to = $3
         where account_id = $1 and region = $2 and valid_to is null and group_id in (select group_id from gone)",
        place.account,
        place.region,
        at as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
