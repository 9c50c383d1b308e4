//! What the trail does not hold, or may not: operations that no list names, until they are
//! read back, and time that CloudTrail had forgotten before it was read.

use std::collections::BTreeSet;

use fleet::audit::reading::Stretch;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::{PgConnection, PgPool};

use super::{lock, save};
use crate::run_step::{Step, WriteError};

/// An operation that no list names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// Its service, such as `workspaces.amazonaws.com`.
    pub source: String,
    /// Its name.
    pub name: String,
    /// Whether all that CloudTrail has kept of it was read.
    pub is_read_back: bool,
}

/// What a run found missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Operations: service and name, such as `workspaces.amazonaws.com QuiesceWorkspaces`.
    pub operations: Vec<String>,
    /// Time that is lost.
    pub losses: Vec<Stretch>,
}

/// Operations of the step's account and region that no list names, by service and name.
pub async fn unlisted(pool: &PgPool, step: &Step) -> Result<Vec<Unlisted>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select event_source, event_name, read_back_at is not null as "is_read_back!"
           from audit_operation where account_id = $1 and region = $2 order by event_source, event_name"#,
        step.account.as_str(),
        step.region.as_str(),
    )
    .fetch_all(pool)
    .await?;
    let unlisted = rows.into_iter().map(|row| Unlisted {
        source: row.event_source,
        name: row.event_name,
        is_read_back: row.is_read_back,
    });
    Ok(unlisted.collect())
}

/// What the step's run found missing in its account and region, earlier pods included.
pub async fn found(pool: &PgPool, step: &Step) -> Result<Found, sqlx::Error> {
    let operations = sqlx::query_scalar!(
        r#"select event_source || ' ' || event_name as "operation!" from audit_operation
           where account_id = $1 and region = $2 and found_by = $3 order by 1"#,
        step.account.as_str(),
        step.region.as_str(),
        step.run_id,
    )
    .fetch_all(pool)
    .await?;
    let losses = sqlx::query!(
        "select from_at, to_at from audit_loss where account_id = $1 and region = $2 and found_by = $3 order by from_at",
        step.account.as_str(),
        step.region.as_str(),
        step.run_id,
    )
    .fetch_all(pool)
    .await?;
    let losses = losses.into_iter().map(|loss| Stretch { from: loss.from_at.into(), to: loss.to_at.into() });
    Ok(Found { operations, losses: losses.collect() })
}

/// Keeps that what was not read before `horizon` is lost, so that it is told once and not
/// looked for again.
pub async fn lose(pool: &PgPool, step: &Step, horizon: Timestamp) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let mut reading = lock(&mut transaction, step).await.map_err(query)?;
    for loss in reading.covered.lost(horizon) {
        add_loss(&mut transaction, step, loss).await.map_err(query)?;
        reading.covered.add(loss);
    }
    save(&mut transaction, step, &reading).await.map_err(query)?;
    transaction.commit().await.map_err(query)
}

async fn add_loss(connection: &mut PgConnection, step: &Step, loss: Stretch) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into audit_loss (account_id, region, from_at, to_at, found_by) values ($1, $2, $3, $4, $5)
         on conflict on constraint audit_loss_pkey do update set to_at = greatest(audit_loss.to_at, excluded.to_at)",
        step.account.as_str(),
        step.region.as_str(),
        loss.from.to_sqlx() as _,
        loss.to.to_sqlx() as _,
        step.run_id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps operations that no list names.
pub(super) async fn add_unlisted(
    connection: &mut PgConnection,
    step: &Step,
    operations: &BTreeSet<(String, String)>,
) -> Result<(), sqlx::Error> {
    if operations.is_empty() {
        return Ok(());
    }
    let (sources, names): (Vec<String>, Vec<String>) = operations.iter().cloned().unzip();
    sqlx::query!(
        "insert into audit_operation (account_id, region, event_source, event_name, found_by)
         select $1, $2, source, name, $5 from unnest($3::text[], $4::text[]) as found (source, name)
         on conflict on constraint audit_operation_pkey do nothing",
        step.account.as_str(),
        step.region.as_str(),
        &sources,
        &names,
        step.run_id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Keeps that everything of an operation was read.
pub(super) async fn read_back(
    connection: &mut PgConnection,
    step: &Step,
    (source, name): (&str, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update audit_operation set read_back_at = clock_timestamp()
         where account_id = $1 and region = $2 and event_source = $3 and event_name = $4",
        step.account.as_str(),
        step.region.as_str(),
        source,
        name,
    )
    .execute(connection)
    .await?;
    Ok(())
}
