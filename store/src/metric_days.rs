//! Health of desktops by UTC day, and how far each desktop's was read.
//!
//! Days, readings and the step's cursor are written in one transaction, and a day that is
//! read again takes the place of what was known of it.

use std::collections::BTreeMap;

use fleet::health::{HealthDay, HealthMetric, HealthQuery, Statistic};
use identifiers::{AccountId, Region};
use jiff::civil::Date;
use jiff_sqlx::ToSqlx;
use serde_json::{Map, Value, json};
use sqlx::{PgConnection, PgPool};

use crate::run_step::{Next, Spent, Step, WriteError, advance};

/// A desktop whose health is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// The first day that was not complete at the last reading; `None` before the first.
    pub read_through: Option<Date>,
    /// Whether it has a GPU to ask about.
    pub is_graphics: bool,
}

/// What was read of one desktop.
#[derive(Clone, Debug)]
pub struct DesktopHealth {
    /// Its id.
    pub workspace_id: String,
    /// By UTC day.
    pub days: BTreeMap<Date, HealthDay>,
    /// The first day that is not complete yet; `None` when a part of them is missing.
    pub read_through: Option<Date>,
}

/// Which of these desktops were not read yet on `today`.
pub async fn due(
    pool: &PgPool,
    place: (&AccountId, &Region),
    workspace_ids: &[String],
    today: Date,
) -> Result<BTreeMap<String, Due>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select workspace_id, read_through as "read_through?: jiff_sqlx::Date",
               coalesce(compute_type like 'graphics%', false) as "is_graphics!"
           from workspace left join metric_day_reading using (workspace_no)
           where account_id = $1 and region = $2 and workspace_id = any($3)
             and (read_through is null or read_through < $4)"#,
        place.0.as_str(),
        place.1.as_str(),
        workspace_ids,
        today.to_sqlx() as _,
    )
    .fetch_all(pool)
    .await?;
    let due = rows.into_iter().map(|row| {
        let read_through = row.read_through.map(jiff_sqlx::Date::to_jiff);
        (row.workspace_id, Due { read_through, is_graphics: row.is_graphics })
    });
    Ok(due.collect())
}

/// Writes what was read of some desktops of `step`'s block and moves the step on.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    desktops: &[DesktopHealth],
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    write_days(&mut transaction, step, desktops).await.map_err(query)?;
    write_readings(&mut transaction, step, desktops).await.map_err(query)?;
    // Each desktop was counted when its evidence of use was written.
    advance(&mut transaction, step, 0, spent, next).await?;
    transaction.commit().await.map_err(query)
}

async fn write_days(connection: &mut PgConnection, step: &Step, desktops: &[DesktopHealth]) -> Result<(), sqlx::Error> {
    let rows = desktops.iter().flat_map(|desktop| desktop.days.iter().map(|(day, health)| row(desktop, *day, health)));
    let json = serde_json::to_string(&rows.collect::<Vec<_>>()).expect("a row is plain data");
    sqlx::query_file!("src/metric_days/upsert.sql", step.account.as_str(), step.region.as_str(), json)
        .execute(connection)
        .await?;
    Ok(())
}

/// A row by the names of its columns; what is not in it is null.
fn row(desktop: &DesktopHealth, day: Date, health: &HealthDay) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("workspace_id".to_owned(), json!(desktop.workspace_id));
    row.insert("day".to_owned(), json!(day));
    row.extend(health.values().map(|(query, value)| (column(query), stored(query.statistic, value))));
    row
}

async fn write_readings(
    connection: &mut PgConnection,
    step: &Step,
    desktops: &[DesktopHealth],
) -> Result<(), sqlx::Error> {
    let (ids, days): (Vec<String>, Vec<jiff_sqlx::Date>) = desktops
        .iter()
        .filter_map(|desktop| Some((desktop.workspace_id.clone(), desktop.read_through?.to_sqlx())))
        .unzip();
    sqlx::query!(
        "insert into metric_day_reading as kept (workspace_no, read_through)
         select workspace_no, read
         from unnest($3::text[], $4::date[]) as done (workspace_id, read) join workspace using (workspace_id)
         where account_id = $1 and region = $2
         on conflict on constraint metric_day_reading_pkey do update
             set read_through = greatest(kept.read_through, excluded.read_through)",
        step.account.as_str(),
        step.region.as_str(),
        &ids,
        &days as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The column of a value.
fn column(query: HealthQuery) -> String {
    let gauge = match query.metric {
        HealthMetric::ConnectionAttempt => return "connection_attempts".to_owned(),
        HealthMetric::ConnectionFailure => return "connection_failures".to_owned(),
        HealthMetric::CpuUsage => "cpu",
        HealthMetric::MemoryUsage => "memory",
        HealthMetric::RootVolumeDiskUsage => "root_volume",
        HealthMetric::UserVolumeDiskUsage => "user_volume",
        HealthMetric::GpuUsage => "gpu",
        HealthMetric::InSessionLatency => "latency",
        HealthMetric::SessionLaunchTime => "launch",
        HealthMetric::UdpPacketLossRate => "packet_loss",
        HealthMetric::UpTime => "up_time",
    };
    let statistic = match query.statistic {
        Statistic::Minimum => "min",
        Statistic::Maximum => "max",
        Statistic::Average => "avg",
        Statistic::SampleCount => "samples",
        Statistic::Sum => "sum",
    };
    format!("{gauge}_{statistic}")
}

/// A value as it is stored: counts whole, others in single precision, which AWS's own
/// percentages and times do not go beyond.
#[expect(clippy::cast_possible_truncation, reason = "counts are whole and below a thousand millions")]
fn stored(statistic: Statistic, value: f64) -> Value {
    match statistic {
        Statistic::SampleCount | Statistic::Sum => json!(value as i64),
        Statistic::Minimum | Statistic::Maximum | Statistic::Average => json!(value as f32),
    }
}
