//! Steps of the sources that read desktop by desktop: blocks of the desktops that a listing
//! found, or of those that are known.
//!
//! Such a source reads every desktop, but for snapshots, of which a call tells one desktop
//! only: there a run gets the desktops that were read longest ago, as many as it has time
//! for.

use identifiers::{AccountId, Source};
use sqlx::{PgConnection, PgPool};

use crate::{
    run_step::{Step, StepError},
    snapshots,
};

/// Desktops to a step.
pub const BLOCK: i32 = 1_000;

/// Desktops of a region that a run reads at most.
const fn most_desktops(source: Source) -> i64 {
    match source {
        Source::Snapshots => snapshots::DESKTOPS_A_RUN,
        _ => i64::MAX,
    }
}

/// Makes the steps of a source that reads desktop by desktop, for the desktops of the
/// listing of `step`.
pub(super) async fn plan_blocks(connection: &mut PgConnection, step: &Step, source: Source) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into run_step (run_id, source, region, directory_id, block, workspace_ids)
         select $1, $2, $3, $4, block, array_agg(workspace_id order by workspace_id)
         from (
             select workspace_id, (row_number() over (order by workspace_id) - 1)::integer / $7 as block
             from (
                 select workspace_id
                 from workspace left join snapshot_reading using (workspace_no)
                 where account_id = $5 and region = $3 and gone_at is null
                   and ($4::text is null or directory_id = $4)
                   and last_read_at >= (select listing_started_at from run_step where step_id = $6)
                 order by case when $2 = 'snapshots' then read_at end nulls first, workspace_id
                 limit $8
             ) as chosen
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
        most_desktops(source),
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
pub async fn mark_unplanned(pool: &PgPool, step: &Step, source: Source, error: &StepError) -> Result<(), sqlx::Error> {
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
/// not list them first: over those in `named`, or over all for `None`.
pub async fn plan_known_blocks(
    pool: &PgPool,
    (run, account): (uuid::Uuid, &AccountId),
    source: Source,
    regions: &[String],
    named: Option<&[String]>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into run_step (run_id, source, region, block, workspace_ids)
         select $1, $2, region, block, array_agg(workspace_id order by workspace_id)
         from (
             select region, workspace_id,
                 (row_number() over (partition by region order by workspace_id) - 1)::integer / $5 as block
             from (
                 select region, workspace_id, row_number() over (
                     partition by region
                     order by case when $2 = 'snapshots' then read_at end nulls first, workspace_id
                 ) as turn
                 from workspace left join snapshot_reading using (workspace_no)
                 where account_id = $3 and region = any($4) and gone_at is null
                   and ($7::text[] is null or workspace_id = any($7))
             ) as chosen
             where turn <= $6
         ) as desktop
         group by region, block order by region, block
         on conflict on constraint run_step_is_planned_once do nothing",
        run,
        source.as_str(),
        account.as_str(),
        regions,
        BLOCK,
        most_desktops(source),
        named,
    )
    .execute(pool)
    .await?;
    Ok(())
}
