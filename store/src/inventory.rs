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

/// Desktops to a connection status step.
pub const BLOCK: i32 = 1_000;

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
            plan_blocks(&mut transaction, step, *source).await?;
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

/// Makes the steps of a source that reads desktop by desktop, for the desktops of the
/// listing of `step`.
async fn plan_blocks(connection: &mut PgConnection, step: &Step, source: Source) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into run_step (run_id, source, region, directory_id, block, workspace_ids)
         select $1, $2, $3, $4, block, array_agg(workspace_id order by workspace_id)
         from (
             select workspace_id, (row_number() over (order by workspace_id) - 1)::integer / $7 as block
             from workspace
             where account_id = $5 and region = $3 and gone_at is null
               and ($4::text is null or directory_id = $4)
               and last_read_at >= (select listing_started_at from run_step where step_id = $6)
         ) as desktop
         group by block order by block
         on conflict on constraint run_step_is_planned_once do update set
             workspace_ids = excluded.workspace_ids, state = 'pending', error_class = null, error = null,
             finished_at = null
         where run_step.workspace_ids is null",
        step.run_id,
        source.as_str(),
        step.region.as_str(),
        step.directory_id,
        step.account.as_str(),
        step.step_id,
        BLOCK,
    )
    .execute(&mut *connection)
    .await?;
    // An empty region was read as well: without a step it would look like it was not. Where
    // an earlier attempt could not list it, its row says so no longer.
    sqlx::query!(
        "insert into run_step (run_id, source, region, directory_id, workspace_ids, state, started_at, finished_at)
         values ($1, $2, $3, $4, '{}', 'complete', clock_timestamp(), clock_timestamp())
         on conflict on constraint run_step_is_planned_once do update set
             workspace_ids = excluded.workspace_ids, state = excluded.state, error_class = null, error = null,
             started_at = excluded.started_at, finished_at = excluded.finished_at
         where run_step.workspace_ids is null",
        step.run_id,
        source.as_str(),
        step.region.as_str(),
        step.directory_id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Records that a desktop-by-desktop source could not be planned, because the listing of
/// `step` failed: a source without a step would look as if it had not been asked for. The
/// row gives way to real blocks when another attempt completes the listing.
pub async fn mark_unplanned(
    pool: &PgPool,
    step: &Step,
    source: Source,
    error: &crate::run_step::StepError,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into run_step (run_id, source, region, directory_id, state, error_class, error, finished_at)
         values ($1, $2, $3, $4, 'failed', $5, $6, clock_timestamp())
         on conflict on constraint run_step_is_planned_once do nothing",
        step.run_id,
        source.as_str(),
        step.region.as_str(),
        step.directory_id,
        error.class,
        error.message,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Plans a desktop-by-desktop source over the desktops that are known, for runs that do
/// not list them first.
pub async fn plan_known_blocks(
    pool: &PgPool,
    run: uuid::Uuid,
    account: &identifiers::AccountId,
    source: Source,
    regions: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into run_step (run_id, source, region, block, workspace_ids)
         select $1, $2, region, block, array_agg(workspace_id order by workspace_id)
         from (
             select region, workspace_id,
                 (row_number() over (partition by region order by workspace_id) - 1)::integer / $5 as block
             from workspace
             where account_id = $3 and region = any($4) and gone_at is null
         ) as desktop
         group by region, block order by region, block
         on conflict on constraint run_step_is_planned_once do nothing",
        run,
        source.as_str(),
        account.as_str(),
        regions,
        BLOCK,
    )
    .execute(pool)
    .await?;
    Ok(())
}
