//! Inventory: pages of desktops are written as they arrive, and the page that ends a
//! listing finds out which desktops are gone.
//!
//! All of it is set-based and one transaction a page: upsert, history, cursor, counts and
//! notification stand or fall together. Writers of one account and region take turns (an
//! advisory lock held for milliseconds), so two schedules that list the same region at
//! once keep one history.
//!
//! A desktop is gone when a listing read everything and nobody read the desktop since
//! that listing began, by the database's clock. A listing with an unidentified desktop in
//! it says nothing about the absence of others.

use std::collections::BTreeSet;

use identifiers::Source;
use jiff_sqlx::Timestamp;
use sqlx::{PgConnection, PgPool};

use crate::{
    run_step::{Next, Spent, Step, WriteError, advance},
    workspace_history::{self, Place},
    workspace_row::WorkspaceRow,
};

mod planning;

pub use planning::{BLOCK, mark_unplanned, plan_known_blocks};

/// One or more pages of a listing.
#[derive(Debug)]
pub struct Pages<'a> {
    /// What was read; a desktop may occur twice, the later one counts.
    pub desktops: &'a [fleet::Workspace],
    /// What it took.
    pub spent: &'a Spent,
    /// How the listing goes on.
    pub next: Next,
    /// Sources whose steps the end of the listing makes, one for every [`BLOCK`] desktops.
    pub follow_up: &'a BTreeSet<Source>,
}

/// Writes pages of `step`'s listing.
pub async fn write(pool: &PgPool, step: &Step, pages: &Pages<'_>) -> Result<(), WriteError> {
    write_in_transaction(pool, step, pages).await.map_err(|failure| match failure {
        Failure::Query(source) => WriteError::Query { step: step.step_id, source },
        Failure::Step(error) => error,
    })
}

enum Failure {
    Query(sqlx::Error),
    Step(WriteError),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Query(error)
    }
}

async fn write_in_transaction(pool: &PgPool, step: &Step, pages: &Pages<'_>) -> Result<(), Failure> {
    let mut transaction = pool.begin().await?;
    let place = Place { account: step.account.as_str(), region: step.region.as_str() };
    let at = workspace_history::take_turn(&mut transaction, place).await?;
    let rows = WorkspaceRow::unique(pages.desktops);
    if !rows.is_empty() {
        let changed = upsert(&mut transaction, place, at, &rows).await?;
        workspace_history::record(&mut transaction, place, at, &changed).await?;
    }
    let items = i64::try_from(pages.desktops.len()).unwrap_or(i64::MAX);
    if let Next::End(_) = pages.next {
        if listing_is_whole(&mut transaction, step, pages.spent).await? {
            workspace_history::mark_gone(&mut transaction, place, at, step.step_id).await?;
        }
        for source in pages.follow_up {
            planning::plan_blocks(&mut transaction, step, *source).await?;
        }
    }
    advance(&mut transaction, step, items, pages.spent, &pages.next).await.map_err(Failure::Step)?;
    transaction.commit().await?;
    Ok(())
}

/// Writes desktops as they are now; tells which changed.
async fn upsert(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    rows: &[WorkspaceRow<'_>],
) -> Result<workspace_history::Changed, sqlx::Error> {
    let json = serde_json::to_string(rows).expect("a row is plain data");
    sqlx::query_file_as!(
        workspace_history::Changed,
        "src/inventory/upsert.sql",
        place.account,
        place.region,
        at as _,
        json,
    )
    .fetch_one(connection)
    .await
}

/// Whether every desktop of the listing had an id, on this page and on those before.
async fn listing_is_whole(connection: &mut PgConnection, step: &Step, spent: &Spent) -> Result<bool, sqlx::Error> {
    let before = sqlx::query_scalar!("select rejected from run_step where step_id = $1", step.step_id)
        .fetch_one(connection)
        .await?;
    Ok(before == 0 && spent.rejected == 0)
}
