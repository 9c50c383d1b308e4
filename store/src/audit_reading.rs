//! How far the audit trail of an account and region was read, and the one transaction that
//! moves it on: events into the chain, what was read, and the step's cursor.
//!
//! ```text
//! load ─► fleet::audit::reading plans a window ─► write, page by page ─► its end is read
//! ```
//!
//! Deliberately absent: what to read next (fleet), the chain itself (`audit`).

use std::collections::BTreeSet;

use fleet::audit::{
    Event,
    reading::{Covered, Lookup, Measure, Measures, Stretch, Window},
};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};

use crate::{
    audit::{self, AppendError},
    run_step::{Next, Spent, Step, WriteError, advance},
};

mod before;
mod gaps;

pub use gaps::{Found, Unlisted, found, lose, unlisted};

/// What is known of one account and region.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// What was completely read.
    pub covered: Covered,
    /// What that took.
    pub measures: Measures,
    /// When an hour was last swept for unknown operations.
    pub swept_at: Option<Timestamp>,
}

/// One page, and what it ends.
#[derive(Debug)]
pub struct Page<'a> {
    /// Its events that are worth keeping.
    pub events: Vec<Event>,
    /// Operations in it that no list names: service and name.
    pub unlisted: &'a BTreeSet<(String, String)>,
    /// What came to its end with this page.
    pub ended: Option<Ended>,
    /// The present.
    pub now: Timestamp,
}

/// What was read to its end.
#[derive(Clone, Debug, PartialEq)]
pub enum Ended {
    /// A window, in so many pages; for names only those beyond the first of each.
    Window(Window, u64),
    /// A window that is better read otherwise, with what was measured of it.
    GivenUp(Measures),
    /// The hour of a sweep, in which so many events of deskfleet's own were left out.
    Sweep(Stretch, u64),
    /// All that CloudTrail has kept of one operation: service and name.
    Operation(String, String),
}

/// What is known of the step's account and region.
pub async fn load(pool: &PgPool, step: &Step) -> Result<Reading, sqlx::Error> {
    Ok(of(&mut *pool.acquire().await?, step).await?.unwrap_or_default())
}

/// Writes one page of `step` and moves it on, in one transaction.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    mut page: Page<'_>,
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    before::fill(&mut transaction, step, &mut page.events).await.map_err(query)?;
    // Without events the chain, which is one for all regions, need not be locked.
    let mut items = 0;
    if !page.events.is_empty() {
        let appended = audit::append(&mut transaction, &step.account, &page.events).await;
        items = appended.map_err(|error| query(of_append(error)))?.new;
    }
    gaps::add_unlisted(&mut transaction, step, page.unlisted).await.map_err(query)?;
    if let Some(ended) = &page.ended {
        end(&mut transaction, step, ended, page.now).await.map_err(query)?;
    }
    let items = i64::try_from(items).unwrap_or(i64::MAX);
    advance(&mut transaction, step, items, spent, next).await?;
    transaction.commit().await.map_err(query)
}

fn of_append(error: AppendError) -> sqlx::Error {
    match error {
        AppendError::Query { source, .. } => source,
        error @ AppendError::Record { .. } => sqlx::Error::Encode(Box::new(error)),
    }
}

/// Keeps that something was read to its end.
async fn end(connection: &mut PgConnection, step: &Step, ended: &Ended, now: Timestamp) -> Result<(), sqlx::Error> {
    let mut reading = lock(connection, step).await?;
    match ended {
        Ended::Window(window, pages) => {
            reading.covered.until(now);
            reading.covered.add(window.stretch);
            let measure = match window.by {
                Lookup::Changes => &mut reading.measures.changes,
                Lookup::Names => &mut reading.measures.names,
            };
            *measure = measure.and(*pages, window.stretch.length());
        }
        Ended::GivenUp(measures) => reading.measures = *measures,
        Ended::Sweep(hour, left_out) => {
            reading.swept_at = Some(now);
            if *left_out > 0 {
                let day = hour.from.to_zoned(jiff::tz::TimeZone::UTC).date();
                audit::count_left_out(connection, &step.account, day, *left_out).await?;
            }
        }
        Ended::Operation(source, name) => gaps::read_back(connection, step, (source.as_str(), name.as_str())).await?,
    }
    save(connection, step, &reading).await?;
    move_watermark(connection, step, &reading.covered, now).await
}

/// The row of the step's place, locked: another schedule may read the same place.
async fn lock(connection: &mut PgConnection, step: &Step) -> Result<Reading, sqlx::Error> {
    sqlx::query!(
        "insert into audit_reading (account_id, region) values ($1, $2)
         on conflict on constraint audit_reading_pkey do update set updated_at = clock_timestamp()",
        step.account.as_str(),
        step.region.as_str(),
    )
    .execute(&mut *connection)
    .await?;
    Ok(of(connection, step).await?.unwrap_or_default())
}

async fn of(connection: &mut PgConnection, step: &Step) -> Result<Option<Reading>, sqlx::Error> {
    let row = sqlx::query!(
        r#"select read_from as "read_from: Vec<jiff_sqlx::Timestamp>", read_to as "read_to: Vec<jiff_sqlx::Timestamp>",
                  changes_pages, changes_seconds, names_pages, names_seconds, swept_at
           from audit_reading where account_id = $1 and region = $2"#,
        step.account.as_str(),
        step.region.as_str(),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let ends = row.read_from.into_iter().zip(row.read_to);
        let stretches = ends.map(|(from, to)| Stretch { from: from.into(), to: to.into() });
        let measure = |pages: i64, seconds: i64| Measure { pages: unsigned(pages), seconds: unsigned(seconds) };
        Reading {
            covered: Covered::new(stretches),
            measures: Measures {
                changes: measure(row.changes_pages, row.changes_seconds),
                names: measure(row.names_pages, row.names_seconds),
            },
            swept_at: row.swept_at.map(Into::into),
        }
    }))
}

async fn save(connection: &mut PgConnection, step: &Step, reading: &Reading) -> Result<(), sqlx::Error> {
    let (from, to): (Vec<jiff_sqlx::Timestamp>, Vec<jiff_sqlx::Timestamp>) =
        reading.covered.stretches().iter().map(|stretch| (stretch.from.to_sqlx(), stretch.to.to_sqlx())).unzip();
    let Measures { changes, names } = reading.measures;
    sqlx::query!(
        "update audit_reading set
             read_from = $3, read_to = $4, changes_pages = $5, changes_seconds = $6,
             names_pages = $7, names_seconds = $8, swept_at = $9
         where account_id = $1 and region = $2",
        step.account.as_str(),
        step.region.as_str(),
        &from as _,
        &to as _,
        signed(changes.pages),
        signed(changes.seconds),
        signed(names.pages),
        signed(names.seconds),
        reading.swept_at.map(ToSqlx::to_sqlx) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The watermark says through when everything was read, as far back as CloudTrail tells; it
/// is not there before the first reading has come to its end.
async fn move_watermark(
    connection: &mut PgConnection,
    step: &Step,
    covered: &Covered,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let horizon = now - fleet::audit::reading::KEPT;
    let Some(oldest) = covered.stretches().first().filter(|oldest| oldest.from <= horizon) else { return Ok(()) };
    sqlx::query!(
        "insert into watermark (account_id, region, source, read_through) values ($1, $2, $3, $4)
         on conflict on constraint watermark_pkey do update
             set read_through = excluded.read_through, updated_at = clock_timestamp()",
        step.account.as_str(),
        step.region.as_str(),
        step.source.as_str(),
        oldest.to.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
