//! Costs by day, with what AWS said before, and how far they were read.
//!
//! A page is written with the place to go on from. The transaction that closes a window of
//! days also removes what AWS no longer tells there, and remembers the window: a reading that
//! broke off removes nothing. Deliberately absent: which days to read (that is
//! `fleet::cost::reading`).

use std::collections::BTreeMap;

use fleet::cost::{
    CostLine,
    reading::{Known, MonthRead, Window},
};
use identifiers::AccountId;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::run_step::{Next, Spent, Step, WriteError, commit};

mod forecast;
mod part;
mod resources;

pub use forecast::{Forecast, write_forecast};
pub use part::{Part, Reading, State, read_of};
pub use resources::{ResourcePage, write_resources};

/// A page of costs.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// What it says.
    pub lines: &'a [CostLine],
    /// The present.
    pub now: Timestamp,
    /// Where the page ends its window, the window.
    pub closes: Option<&'a Closing>,
}

/// A window that was read completely.
#[derive(Clone, Debug)]
pub struct Closing {
    /// Its days.
    pub window: Window,
    /// First days of the months in it of which AWS called something an estimate.
    pub estimated: Vec<Date>,
    /// Whether it ends with the present.
    pub is_latest: bool,
}

/// What `account` has read so far.
pub async fn known(pool: &PgPool, account: &AccountId) -> Result<Known, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select month as "month: jiff_sqlx::Date", read_at as "read_at: jiff_sqlx::Timestamp", estimated
           from cost_month where account_id = $1"#,
        account.as_str(),
    )
    .fetch_all(pool)
    .await?;
    let months: BTreeMap<Date, MonthRead> = rows
        .into_iter()
        .map(|row| {
            let on = row.read_at.to_jiff().to_zoned(TimeZone::UTC).date();
            (row.month.to_jiff(), MonthRead { on, estimated: row.estimated })
        })
        .collect();
    let through = read_of(pool, account, Part::Days).await?.and_then(|reading| reading.through);
    Ok(Known { through, months })
}

/// Writes a page of `step`. What differs from what is kept becomes the present, and what it
/// replaces a version.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    page: &Page<'_>,
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    take_turn(&mut transaction, &step.account).await.map_err(query)?;
    upsert(&mut transaction, &step.account, page).await.map_err(query)?;
    if let Some(closing) = page.closes {
        close(&mut transaction, step, closing, page.now).await.map_err(query)?;
    }
    commit(transaction, step, page.lines.len(), spent, next).await
}

/// Ends `step`, which found that nothing of the fleet was charged in the days that were due.
/// Nothing is removed for it: services that are called by another name look the same.
pub async fn end_without_charges(pool: &PgPool, step: &Step, spent: &Spent, now: Timestamp) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let note = "no service of the fleet was charged to this account in the days asked for".to_owned();
    let reading = Reading { note: Some(note), ..Reading::complete(None, now) };
    let mut transaction = pool.begin().await.map_err(query)?;
    part::record(&mut transaction, &step.account, Part::Days, &reading).await.map_err(query)?;
    commit(transaction, step, 0, spent, &Next::End(None)).await
}

/// Two schedules of one account may read its costs at once.
async fn take_turn(connection: &mut PgConnection, account: &AccountId) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('deskfleet cost ' || $1, 0))", account.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

#[derive(Serialize)]
struct Row<'a> {
    linked_account_id: &'a str,
    day: Date,
    usage_type: &'a str,
    record_type: &'a str,
    currency: &'a str,
    // Decimals travel as text.
    unblended: String,
    net_unblended: Option<String>,
    usage_quantity: Option<String>,
    usage_unit: Option<&'a str>,
    estimated: bool,
    suspect: bool,
}

async fn upsert(connection: &mut PgConnection, account: &AccountId, page: &Page<'_>) -> Result<(), sqlx::Error> {
    let rows: Vec<Row<'_>> = page
        .lines
        .iter()
        .map(|line| Row {
            linked_account_id: line.linked_account.as_str(),
            day: line.day,
            usage_type: &line.usage_type,
            record_type: line.record_type.as_str(),
            currency: line.currency.as_str(),
            unblended: line.unblended.to_string(),
            net_unblended: line.net_unblended.map(|amount| amount.to_string()),
            usage_quantity: line.quantity.map(|amount| amount.to_string()),
            usage_unit: line.unit.as_deref(),
            estimated: line.estimated,
            suspect: line.is_suspect(),
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    sqlx::query_file!("src/cost/upsert.sql", account.as_str(), json, page.now.to_sqlx() as _)
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes what the window no longer contains, and remembers that it was read.
async fn close(
    connection: &mut PgConnection,
    step: &Step,
    closing: &Closing,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let (account, Window { start, end }) = (step.account.as_str(), closing.window);
    let (start, end) = (start.to_sqlx(), end.to_sqlx());
    sqlx::query_file!("src/cost/vanish.sql", account, start as _, end as _, step.step_id, now.to_sqlx() as _)
        .execute(&mut *connection)
        .await?;
    for month in closing.window.whole_months() {
        sqlx::query!(
            "insert into cost_month (account_id, month, read_at, estimated) values ($1, $2, $3, $4)
             on conflict on constraint cost_month_pkey do update
                 set read_at = excluded.read_at, estimated = excluded.estimated",
            account,
            month.to_sqlx() as _,
            now.to_sqlx() as _,
            closing.estimated.contains(&month),
        )
        .execute(&mut *connection)
        .await?;
    }
    if closing.is_latest {
        let reading = Reading::complete(Some(closing.window.end), now);
        part::record(connection, &step.account, Part::Days, &reading).await?;
    }
    Ok(())
}
