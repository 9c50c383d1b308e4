//! Rows of one account that have ended, removed in batches.

use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    Mode,
    days::Cutoff,
    rules::{Owner, Rule},
};
use crate::batch;

/// Removes the rows of `account` that ended before `cutoff`; tells how many.
pub(super) async fn remove_ended(
    connection: &mut PgConnection,
    rule: &Rule,
    account: &str,
    cutoff: Cutoff,
    mode: Mode,
) -> Result<u64, sqlx::Error> {
    let ended = ended(rule);
    if mode == Mode::Count {
        let count = format!("select count(*) from {ended}");
        let rows: i64 =
            sqlx::query_scalar(AssertSqlSafe(count)).bind(account).bind(cutoff.to_sql()).fetch_one(connection).await?;
        return Ok(u64::try_from(rows).unwrap_or(0));
    }
    let table = rule.table;
    let batch = batch::of(table);
    let statement =
        format!("delete from {table} where (tableoid, ctid) in (select t.tableoid, t.ctid from {ended} limit {batch})");
    let mut rows = 0;
    loop {
        let batch = sqlx::query(AssertSqlSafe(statement.clone()))
            .bind(account)
            .bind(cutoff.to_sql())
            .execute(&mut *connection)
            .await?
            .rows_affected();
        rows += batch;
        if batch == 0 {
            return Ok(rows);
        }
    }
}

/// The rows, as what follows `from`. Tables and conditions are this release's own words.
fn ended(rule: &Rule) -> String {
    let Rule { table, owner, ended, .. } = rule;
    match owner {
        Owner::Account => format!("{table} as t where t.account_id = $1 and {ended}"),
        Owner::Desktop => {
            format!("{table} as t join workspace using (workspace_no) where workspace.account_id = $1 and {ended}")
        }
        Owner::CostItem => {
            format!(
                "{table} as t join cost_resource_item as item using (resource_no) where item.account_id = $1 and {ended}"
            )
        }
        Owner::Nobody => format!("{table} as t where $1::text is not null and {ended}"),
    }
}
