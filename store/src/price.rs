//! List prices, region by region, with their history. A region is read whole and written in
//! one transaction; prices belong to no account.

use std::collections::BTreeSet;

use fleet::price::ListPrice;
use identifiers::Region;
use jiff::{SignedDuration, Timestamp};
use jiff_sqlx::ToSqlx;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::run_step::{Next, Spent, Step, WriteError, commit};

/// Those of `regions` whose prices were read completely less than `age` before `now`.
pub async fn fresh(
    pool: &PgPool,
    regions: &BTreeSet<Region>,
    now: Timestamp,
    age: SignedDuration,
) -> Result<BTreeSet<String>, sqlx::Error> {
    let regions: Vec<String> = regions.iter().map(ToString::to_string).collect();
    let since = now.saturating_sub(age).unwrap_or(Timestamp::MIN);
    let fresh = sqlx::query_scalar!(
        "select region from price_reading where region = any($1) and read_at > $2",
        &regions,
        since.to_sqlx() as _,
    )
    .fetch_all(pool)
    .await?;
    Ok(fresh.into_iter().collect())
}

/// A region's prices as they were read.
#[derive(Clone, Copy, Debug)]
pub struct RegionPrices<'a> {
    /// Where.
    pub region: &'a Region,
    /// All of them.
    pub prices: &'a [ListPrice],
    /// Whether every entry could be read. Only then prices that are not there end.
    pub is_whole: bool,
    /// The present.
    pub now: Timestamp,
}

/// Writes the prices of a region: what changed ends and begins anew.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    read: &RegionPrices<'_>,
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    take_turn(&mut transaction, read.region).await.map_err(query)?;
    replace(&mut transaction, read).await.map_err(query)?;
    if read.is_whole {
        record(&mut transaction, read).await.map_err(query)?;
    }
    commit(transaction, step, read.prices.len(), spent, next).await
}

/// Schedules of several accounts may read one region's prices at once.
async fn take_turn(connection: &mut PgConnection, region: &Region) -> Result<(), sqlx::Error> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('deskfleet price ' || $1, 0))", region.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

#[derive(Serialize)]
struct Row<'a> {
    rate_code: &'a str,
    sku: &'a str,
    usage_type: Option<&'a str>,
    bundle: Option<&'a str>,
    root_volume_gib: Option<i32>,
    user_volume_gib: Option<i32>,
    operating_system: Option<&'a str>,
    license: Option<&'a str>,
    running_mode: Option<&'a str>,
    resource_type: Option<&'a str>,
    software_included: Option<&'a str>,
    unit: &'a str,
    currency: &'a str,
    // Decimals travel as text.
    amount: String,
    effective_from: Timestamp,
}

async fn replace(connection: &mut PgConnection, read: &RegionPrices<'_>) -> Result<(), sqlx::Error> {
    let rows: Vec<Row<'_>> = read.prices.iter().map(row).collect();
    let json = serde_json::to_string(&rows).expect("a row is plain data");
    let (region, now) = (read.region.as_str(), read.now.to_sqlx());
    sqlx::query_file!("src/price/end.sql", region, json, now as _, read.is_whole).execute(&mut *connection).await?;
    sqlx::query_file!("src/price/begin.sql", region, json, now as _).execute(connection).await?;
    Ok(())
}

fn row(price: &ListPrice) -> Row<'_> {
    Row {
        rate_code: &price.rate_code,
        sku: &price.sku,
        usage_type: price.usage_type.as_deref(),
        bundle: price.bundle.as_deref(),
        root_volume_gib: price.volumes.map(|volumes| volumes.root_gib),
        user_volume_gib: price.volumes.map(|volumes| volumes.user_gib),
        operating_system: price.operating_system.as_deref(),
        license: price.license.as_deref(),
        running_mode: price.running_mode.as_deref(),
        resource_type: price.resource_type.as_deref(),
        software_included: price.software_included.as_deref(),
        unit: &price.unit,
        currency: price.price.currency.as_str(),
        amount: price.price.amount.to_string(),
        effective_from: price.effective_from,
    }
}

async fn record(connection: &mut PgConnection, read: &RegionPrices<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into price_reading as kept (region, read_at) values ($1, $2)
         on conflict on constraint price_reading_pkey do update
             set read_at = greatest(kept.read_at, excluded.read_at)",
        read.region.as_str(),
        read.now.to_sqlx() as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
