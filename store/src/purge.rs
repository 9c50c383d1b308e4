//! Removing an account: every row of every table that has an `account_id`, and with them what
//! hangs on their number.
//!
//! Which tables these are is asked of the database itself, so that a table that comes with
//! a later release cannot be forgotten. Rows go in batches of their own transactions: an
//! interrupted purge is taken up by the next one, and nobody waits for a long lock.
//!
//! Deliberately absent: the audit trail, with how long it is to be kept and how far it was
//! read: without the first another number of days would end it, without the second a hole in it
//! would not be told. It is the record of who did what, and only its retention ends it;
//! `person`, `access_log` and other rows that belong to no account stay.

use std::collections::BTreeMap;

use identifiers::AccountId;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::batch;

/// Tables with an `account_id` that a purge leaves alone.
const KEPT: [&str; 9] = [
    "account_retention",
    "audit_chain",
    "audit_checkpoint",
    "audit_event",
    "audit_left_out",
    "audit_loss",
    "audit_operation",
    "audit_reading",
    "subject_key",
];

/// A purge failed; what was removed stays removed, and doing it again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum PurgeError {
    /// The tables could not be listed.
    #[error("the tables of the database could not be listed")]
    Tables(#[source] sqlx::Error),
    /// Rows could not be removed.
    #[error("rows of {table} could not be removed")]
    Delete {
        /// The table.
        table: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
}

/// Removes every row of `account`; tells how many went from each table that had any.
pub async fn purge(connection: &mut PgConnection, account: &AccountId) -> Result<BTreeMap<String, u64>, PurgeError> {
    let mut removed = BTreeMap::new();
    for table in tables(connection).await.map_err(PurgeError::Tables)? {
        let rows = empty(connection, &table, account)
            .await
            .map_err(|source| PurgeError::Delete { table: table.clone(), source })?;
        if rows > 0 {
            tracing::info!(table, rows, "rows of the account are removed");
            removed.insert(table, rows);
        }
    }
    Ok(removed)
}

/// Tables with an `account_id`, parents of partitions rather than partitions, in order.
async fn tables(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let kept: Vec<String> = KEPT.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"select relname::text as "table!"
           from pg_class join pg_attribute on attrelid = pg_class.oid
           where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition
             and attname = 'account_id' and not attisdropped and relname::text <> all($1)
           order by relname"#,
        &kept,
    )
    .fetch_all(connection)
    .await
}

async fn empty(connection: &mut PgConnection, table: &str, account: &AccountId) -> Result<u64, sqlx::Error> {
    let batch = batch::of(table);
    // The name comes from the catalogue, not from a person; quoted all the same.
    let table = format!("\"{}\"", table.replace('"', "\"\""));
    let statement = format!(
        "delete from {table} where (tableoid, ctid) in
             (select tableoid, ctid from {table} where account_id = $1 limit {batch})"
    );
    let mut rows = 0;
    loop {
        let batch = sqlx::query(AssertSqlSafe(statement.clone()))
            .bind(account.as_str())
            .execute(&mut *connection)
            .await?
            .rows_affected();
        rows += batch;
        if batch == 0 {
            return Ok(rows);
        }
    }
}
