//! Bundles: a region's bundles are read whole and written in one transaction.

use fleet::Bundle;
use identifiers::Source;
use jiff::SignedDuration;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    run_step::{Next, Spent, Step, StepError, WriteError, advance},
    workspace_history::Place,
    workspace_row::stored,
};

/// Whether the bundles of `step`'s account and region were read completely by another run
/// that began within `age`.
pub async fn are_fresh(pool: &PgPool, step: &Step, age: SignedDuration) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (
               select from run_step join run using (run_id)
               where account_id = $1 and region = $2 and source = $3 and state = 'complete' and items > 0
                 and run_step.run_id <> $4 and run.started_at > clock_timestamp() - make_interval(secs => $5)
           ) as "fresh!""#,
        step.account.as_str(),
        step.region.as_str(),
        Source::Bundles.as_str(),
        step.run_id,
        age.as_secs_f64(),
    )
    .fetch_one(pool)
    .await
}

/// Ends `step` without having read anything: what is kept is fresh.
pub async fn keep(pool: &PgPool, step: &Step) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    advance(&mut transaction, step, 0, &Spent::default(), &Next::End(None)).await?;
    transaction.commit().await.map_err(query)
}

/// Writes the bundles of `step`'s region. Without an `error` the listing was whole, and
/// bundles that it does not contain are gone.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    bundles: &[Bundle],
    spent: &Spent,
    error: Option<StepError>,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let place = Place { account: step.account.as_str(), region: step.region.as_str() };
    upsert(&mut transaction, place, bundles).await.map_err(query)?;
    if error.is_none() {
        mark_gone(&mut transaction, place, step.step_id).await.map_err(query)?;
    }
    let items = i64::try_from(bundles.len()).unwrap_or(i64::MAX);
    advance(&mut transaction, step, items, spent, &Next::End(error)).await?;
    transaction.commit().await.map_err(query)
}

#[derive(Serialize)]
struct Row<'a> {
    bundle_id: &'a str,
    name: Option<&'a str>,
    owner: Option<&'a str>,
    description: Option<&'a str>,
    image_id: Option<&'a str>,
    compute_type: Option<&'a str>,
    root_volume_gib: Option<i32>,
    user_volume_gib: Option<i32>,
    bundle_type: Option<&'a str>,
    state: Option<&'a str>,
    created_at: Option<jiff::Timestamp>,
    updated_at: Option<jiff::Timestamp>,
}

async fn upsert(connection: &mut PgConnection, place: Place<'_>, bundles: &[Bundle]) -> Result<(), sqlx::Error> {
    let rows: Vec<Row<'_>> = bundles
        .iter()
        .map(|bundle| Row {
            bundle_id: bundle.id.as_str(),
            name: bundle.name.as_deref(),
            owner: bundle.owner.as_deref(),
            description: bundle.description.as_deref(),
            image_id: bundle.image_id.as_deref(),
            compute_type: stored(bundle.compute_type.as_ref()),
            root_volume_gib: bundle.root_volume_gib,
            user_volume_gib: bundle.user_volume_gib,
            bundle_type: stored(bundle.bundle_type.as_ref()),
            state: stored(bundle.state.as_ref()),
            created_at: bundle.created_at,
            updated_at: bundle.updated_at,
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    sqlx::query_file!("src/bundles/upsert.sql", place.account, place.region, json).execute(connection).await?;
    Ok(())
}

async fn mark_gone(connection: &mut PgConnection, place: Place<'_>, step: i64) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update bundle set gone_at = clock_timestamp()
         where account_id = $1 and region = $2 and gone_at is null
           and last_read_at < (select listing_started_at from run_step where step_id = $3)",
        place.account,
        place.region,
        step,
    )
    .execute(connection)
    .await?;
    Ok(())
}
