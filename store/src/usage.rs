//! Evidence of use: how far each desktop's metrics were read, and what they proved.
//!
//! Evidence, watermarks and the step's cursor are written in one transaction, and
//! evidence is added by a bitwise OR, so a pod killed at any moment loses nothing and a
//! point read twice changes nothing.

use std::collections::BTreeMap;

use fleet::evidence::{DayEvidence, DayMap, HourEvidence};
use identifiers::{AccountId, Region};
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::run_step::{Next, Spent, Step, WriteError, advance};

/// What was read of one desktop.
#[derive(Clone, Debug, Default)]
pub struct DesktopUsage {
    /// Its id.
    pub workspace_id: String,
    /// Slots, by UTC day.
    pub days: BTreeMap<Date, DayEvidence>,
    /// Hours, by UTC day.
    pub hours: BTreeMap<Date, HourEvidence>,
    /// How far its metrics are read now; `None` when a part of them is missing.
    pub read_through: Option<Timestamp>,
}

/// How far the metrics of these desktops were read before, for those that were.
pub async fn read_through(
    pool: &PgPool,
    place: (&AccountId, &Region),
    workspace_ids: &[String],
) -> Result<BTreeMap<String, Timestamp>, sqlx::Error> {
    let rows = sqlx::query!(
        "select workspace_id, read_through from usage_watermark join workspace using (workspace_no)
         where account_id = $1 and region = $2 and workspace_id = any($3)",
        place.0.as_str(),
        place.1.as_str(),
        workspace_ids,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().map(|row| (row.workspace_id, row.read_through.into())).collect())
}

/// Writes what was read of some desktops of `step`'s block and moves the step on.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    desktops: &[DesktopUsage],
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    write_days(&mut transaction, step, desktops).await.map_err(query)?;
    write_hours(&mut transaction, step, desktops).await.map_err(query)?;
    write_watermarks(&mut transaction, step, desktops).await.map_err(query)?;
    let items = i64::try_from(desktops.len()).unwrap_or(i64::MAX);
    advance(&mut transaction, step, items, spent, next).await?;
    transaction.commit().await.map_err(query)
}

#[derive(Serialize)]
struct DayRow<'a> {
    workspace_id: &'a str,
    day: Date,
    observed: Option<String>,
    connected: Option<String>,
    running: Option<String>,
    maintenance: Option<String>,
    succeeded: Option<String>,
}

async fn write_days(connection: &mut PgConnection, step: &Step, desktops: &[DesktopUsage]) -> Result<(), sqlx::Error> {
    let hex = |map: &DayMap| (!map.is_empty()).then(|| map.to_string());
    let rows: Vec<DayRow<'_>> = desktops
        .iter()
        .flat_map(|desktop| {
            desktop.days.iter().filter(|(_, evidence)| !evidence.is_empty()).map(|(day, evidence)| DayRow {
                workspace_id: &desktop.workspace_id,
                day: *day,
                observed: hex(&evidence.observed),
                connected: hex(&evidence.connected),
                running: hex(&evidence.running),
                maintenance: hex(&evidence.maintenance),
                succeeded: hex(&evidence.succeeded),
            })
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    sqlx::query_file!("src/usage/upsert_days.sql", step.account.as_str(), step.region.as_str(), json)
        .execute(connection)
        .await?;
    Ok(())
}

#[derive(Serialize)]
struct HourRow<'a> {
    workspace_id: &'a str,
    day: Date,
    observed: String,
    connected: String,
    running: String,
}

async fn write_hours(connection: &mut PgConnection, step: &Step, desktops: &[DesktopUsage]) -> Result<(), sqlx::Error> {
    let rows: Vec<HourRow<'_>> = desktops
        .iter()
        .flat_map(|desktop| {
            desktop.hours.iter().map(|(day, evidence)| HourRow {
                workspace_id: &desktop.workspace_id,
                day: *day,
                observed: evidence.observed.to_string(),
                connected: evidence.connected.to_string(),
                running: evidence.running.to_string(),
            })
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    sqlx::query_file!("src/usage/upsert_hours.sql", step.account.as_str(), step.region.as_str(), json)
        .execute(connection)
        .await?;
    Ok(())
}

async fn write_watermarks(
    connection: &mut PgConnection,
    step: &Step,
    desktops: &[DesktopUsage],
) -> Result<(), sqlx::Error> {
    let (ids, times): (Vec<String>, Vec<jiff_sqlx::Timestamp>) = desktops
        .iter()
        .filter_map(|desktop| Some((desktop.workspace_id.clone(), desktop.read_through?.to_sqlx())))
        .unzip();
    sqlx::query!(
        "insert into usage_watermark as kept (workspace_no, read_through)
         select workspace_no, read
         from unnest($3::text[], $4::timestamptz[]) as done (workspace_id, read) join workspace using (workspace_id)
         where account_id = $1 and region = $2
         on conflict on constraint usage_watermark_pkey do update
             set read_through = greatest(kept.read_through, excluded.read_through)",
        step.account.as_str(),
        step.region.as_str(),
        &ids,
        &times as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
