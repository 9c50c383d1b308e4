//! The ledger of calls to AWS: added up by run, account, region, operation and outcome.

use identifiers::AccountId;
use jiff_sqlx::ToSqlx;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

/// Calls of one operation with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub region: String,
    /// AWS's name of the operation, such as `DescribeWorkspaces`.
    pub operation: &'static str,
    /// `ok` or the class of the error.
    pub outcome: &'static str,
    /// How many.
    pub calls: i64,
    /// Bytes of the answers' bodies, where told.
    pub bytes: i64,
    /// Milliseconds spent waiting for answers.
    pub duration_ms: i64,
    /// What they cost, in US dollars.
    pub cost_usd: Decimal,
    /// When the first was made.
    pub first_at: jiff::Timestamp,
    /// When the last was made.
    pub last_at: jiff::Timestamp,
}

/// Adds `entries` to the ledger, in the order of its key: steps of one run share rows, and two
/// that took them in different orders would wait for each other for ever.
pub async fn add(
    connection: &mut PgConnection,
    run: Uuid,
    account: &AccountId,
    entries: &[Entry],
) -> Result<(), sqlx::Error> {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_unstable_by_key(|entry| (&entry.region, entry.operation, entry.outcome));
    for entry in entries {
        sqlx::query!(
            "insert into aws_call as ledger
                 (run_id, account_id, region, operation, outcome, calls, bytes, duration_ms, first_at, last_at,
                  cost_usd)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict on constraint aws_call_pkey do update set
                 calls = ledger.calls + excluded.calls,
                 bytes = ledger.bytes + excluded.bytes,
                 duration_ms = ledger.duration_ms + excluded.duration_ms,
                 first_at = least(ledger.first_at, excluded.first_at),
                 last_at = greatest(ledger.last_at, excluded.last_at),
                 cost_usd = ledger.cost_usd + excluded.cost_usd",
            run,
            account.as_str(),
            entry.region,
            entry.operation,
            entry.outcome,
            entry.calls,
            entry.bytes,
            entry.duration_ms,
            entry.first_at.to_sqlx(),
            entry.last_at.to_sqlx(),
            entry.cost_usd,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
