//! Retention of the audit trail: its beginning goes, up to a checkpoint.
//!
//! What remains is provable from that checkpoint on, so the cut is at the last one before
//! the time asked for; without a checkpoint nothing goes. First the chain says where it
//! begins now, then rows go: interrupted, the next prune goes on. A month in which no
//! account has anything left is dropped whole.
//!
//! Deliberately absent: how long to keep; that is the caller's. Events younger than
//! 100 days stay, whatever the caller asks for: AWS would hand them in again.

use identifiers::AccountId;
use jiff::{Timestamp, ToSpan};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::append::lock;

/// `LookupEvents` reaches back 90 days; ten more are for readings that were late.
const YOUNGEST_DAYS: i64 = 100;
/// Rows of one transaction.
const BATCH: i64 = 5_000;

/// What went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The chain begins after this sequence; `None` where it begins at its beginning.
    pub through: Option<i64>,
    /// Rows that were deleted; those of dropped months are not counted.
    pub events: u64,
    /// Months that were dropped, as their tables' names.
    pub months: Vec<String>,
    /// People of whom nothing was left.
    pub people: u64,
}

/// Pruning failed; what went is gone, and doing it again goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum PruneError {
    /// A query failed.
    #[error("the audit trail of account {account} could not be pruned")]
    Query {
        /// The account.
        account: AccountId,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
}

/// Removes the events of `account` recorded before `before`, as far as a checkpoint allows.
/// Needs the owner's login, outside a transaction.
pub async fn prune(
    connection: &mut PgConnection,
    account: &AccountId,
    before: Timestamp,
) -> Result<Pruned, PruneError> {
    let query = |source| PruneError::Query { account: account.clone(), source };
    let now = sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#);
    let now = now.fetch_one(&mut *connection).await.map_err(query)?.to_jiff();
    let youngest = now - (YOUNGEST_DAYS * 24).hours();
    prune_before(connection, account, before.min(youngest)).await.map_err(query)
}

async fn prune_before(
    connection: &mut PgConnection,
    account: &AccountId,
    before: Timestamp,
) -> Result<Pruned, sqlx::Error> {
    let Some(through) = cut(connection, account, before).await? else { return Ok(Pruned::default()) };
    let months = drop_months(connection).await?;
    let events = delete_events(connection, account, through).await?;
    let people = forget_absent(connection, account).await?;
    sqlx::query!("delete from audit_checkpoint where account_id = $1 and sequence < $2", account.as_str(), through)
        .execute(&mut *connection)
        .await?;
    let day = before.to_zoned(jiff::tz::TimeZone::UTC).date();
    sqlx::query!(
        "delete from audit_left_out where account_id = $1 and day < $2",
        account.as_str(),
        jiff_sqlx::Date::from(day) as _,
    )
    .execute(connection)
    .await?;
    Ok(Pruned { through: Some(through), events, months, people })
}

/// Says where the chain begins from now on.
async fn cut(
    connection: &mut PgConnection,
    account: &AccountId,
    before: Timestamp,
) -> Result<Option<i64>, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    lock(&mut transaction, account).await?;
    let through = sqlx::query_scalar!(
        "update audit_chain as chain set pruned_through = greatest(pruned_through, (
             select max(point.sequence) from audit_checkpoint as point
             where point.account_id = chain.account_id and point.sequence <= (
                 select max(event.sequence) from audit_event as event
                 where event.account_id = chain.account_id and event.recorded_at < $2
             )
         ))
         where account_id = $1
         returning pruned_through",
        account.as_str(),
        jiff_sqlx::Timestamp::from(before) as _,
    )
    .fetch_one(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(through)
}

/// Drops the months, before this one, in which every event is before its account's cut.
async fn drop_months(connection: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    let months = sqlx::query_scalar!(
        r#"select relname::text as "month!"
           from pg_inherits join pg_class on pg_class.oid = inhrelid
           where inhparent = 'audit_event'::regclass and relname ~ '^audit_event_[0-9]{6}$'
             and relname < to_char(now() at time zone 'utc', '"audit_event_"YYYYMM')
           order by relname"#,
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut dropped = Vec::new();
    for month in months {
        // The name comes from the catalogue and has been matched.
        let kept = format!(
            "select exists (select from {month} as event left join audit_chain as chain using (account_id)
                            where event.sequence > coalesce(chain.pruned_through, 0))"
        );
        let is_kept: bool = sqlx::query_scalar(AssertSqlSafe(kept)).fetch_one(&mut *connection).await?;
        if !is_kept {
            let mut transaction = connection.begin().await?;
            // Who reads or appends should not wait long; the next prune tries again.
            sqlx::query!("set local lock_timeout = '10s'").execute(&mut *transaction).await?;
            sqlx::raw_sql(AssertSqlSafe(format!("drop table {month}"))).execute(&mut *transaction).await?;
            transaction.commit().await?;
            dropped.push(month);
        }
    }
    Ok(dropped)
}

async fn delete_events(connection: &mut PgConnection, account: &AccountId, through: i64) -> Result<u64, sqlx::Error> {
    let mut deleted = 0;
    loop {
        let batch = sqlx::query!(
            "delete from audit_event
             where account_id = $1 and sequence in (
                 select sequence from audit_event where account_id = $1 and sequence <= $2 order by sequence limit $3
             )",
            account.as_str(),
            through,
            BATCH,
        )
        .execute(&mut *connection)
        .await?
        .rows_affected();
        deleted += batch;
        if batch == 0 {
            return Ok(deleted);
        }
    }
}

/// Removes the keys, and so the names, of people in no event any more.
async fn forget_absent(connection: &mut PgConnection, account: &AccountId) -> Result<u64, sqlx::Error> {
    let mut transaction = connection.begin().await?;
    lock(&mut transaction, account).await?;
    let forgotten = sqlx::query!(
        "delete from subject_key
         where account_id = $1 and not exists (
             select from audit_event
             where audit_event.account_id = $1 and person_ids @> array[subject_key.subject_id]
         )",
        account.as_str(),
    )
    .execute(&mut *transaction)
    .await?
    .rows_affected();
    transaction.commit().await?;
    Ok(forgotten)
}
