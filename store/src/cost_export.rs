//! The bill by desktop and day, as a cost and usage export tells it.
//!
//! A month is replaced as a whole. Files are staged one after the other, in transactions
//! that move the step's cursor; when the last one is staged, one transaction puts the stage
//! in the place of the month and keeps the sums that changed. Whatever happens before, the
//! earlier month is there, whole.

use std::collections::BTreeMap;

use identifiers::AccountId;
use jiff::{Timestamp, civil::Date};
use jiff_sqlx::ToSqlx;
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::run_step::{Next, Spent, Step, StepError, WriteError, advance};

/// What lines say beside their amounts.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct LineKey {
    /// The UTC day of the usage.
    pub day: Date,
    /// Whose usage it is.
    pub usage_account_id: String,
    /// Where, if told.
    pub region: Option<String>,
    /// `AmazonWorkSpaces` or `AWSDirectoryService`.
    pub product_code: String,
    /// The resource as told, an ARN for desktops.
    pub resource_id: Option<String>,
    /// The desktop in it.
    pub workspace_id: Option<String>,
    /// AWS's usage type, such as `AW-HW-2-AutoStop-Usage`.
    pub usage_type: String,
    /// AWS's word: `Usage`, `Credit`, `Refund`, `Tax`, ...
    pub line_item_type: String,
    /// What `usage_amount` counts, such as `Hour`.
    pub unit: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Cost allocation tags.
    pub tags: BTreeMap<String, String>,
}

/// What lines add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Amounts {
    /// How much was used.
    pub usage_amount: Decimal,
    /// Its cost in the line's currency.
    pub unblended: Decimal,
    /// Its cost after discounts, where every line tells one.
    pub net_unblended: Option<Decimal>,
    /// How many lines these are.
    pub lines: u64,
}

/// Lines that differ in nothing but their amounts, summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StagedLine {
    /// What they have in common.
    #[serde(flatten)]
    pub key: LineKey,
    /// What they add up to.
    #[serde(flatten)]
    pub amounts: Amounts,
}

/// A delivery of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The first day of the billing period.
    pub month: Date,
    /// The key of its manifest in the bucket.
    pub manifest_key: String,
    /// The entity tag of the manifest.
    pub manifest_etag: String,
    /// AWS's id of it, if told.
    pub execution_id: Option<String>,
    /// When the manifest was written.
    pub delivered_at: Timestamp,
}

/// What is kept of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The key of the manifest that was read; `None` where none was.
    pub manifest_key: Option<String>,
    /// Its entity tag.
    pub manifest_etag: Option<String>,
}

/// The months of `account` that are known of.
pub async fn months(pool: &PgPool, account: &AccountId) -> Result<BTreeMap<Date, Kept>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select month as "month: jiff_sqlx::Date", manifest_key, manifest_etag from cost_export where account_id = $1"#,
        account.as_str(),
    )
    .fetch_all(pool)
    .await?;
    let kept = rows
        .into_iter()
        .map(|row| (row.month.to_jiff(), Kept { manifest_key: row.manifest_key, manifest_etag: row.manifest_etag }));
    Ok(kept.collect())
}

/// Forgets what steps of runs that are over have staged and never put in place.
pub async fn forget_abandoned(pool: &PgPool, step: &Step) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from cost_export_stage as staged using run_step join run using (run_id)
         where staged.account_id = $1 and staged.step_id = run_step.step_id and run.outcome <> 'running'",
        step.account.as_str(),
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets what an earlier pod staged of the file with number `file_no` (from 0) and of
/// those after it, before the file is read from its beginning. Tells how many lines of the
/// files before it are staged.
pub async fn begin_file(
    pool: &PgPool,
    step: &Step,
    file_no: i32,
    spent: &Spent,
    next: &Next,
) -> Result<u64, WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    advance(&mut transaction, step, 0, spent, next).await?;
    sqlx::query!("delete from cost_export_stage where step_id = $1 and file_no >= $2", step.step_id, file_no)
        .execute(&mut *transaction)
        .await
        .map_err(query)?;
    let staged = staged_lines(&mut transaction, step).await.map_err(query)?;
    transaction.commit().await.map_err(query)?;
    Ok(u64::try_from(staged).unwrap_or(0))
}

async fn staged_lines(connection: &mut PgConnection, step: &Step) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select coalesce(sum(lines), 0)::bigint as "lines!" from cost_export_stage where step_id = $1"#,
        step.step_id,
    )
    .fetch_one(connection)
    .await
}

/// Stages lines of the file with number `file_no`.
pub async fn stage(
    pool: &PgPool,
    step: &Step,
    (file_no, lines): (i32, &[StagedLine]),
    spent: &Spent,
    next: &Next,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    advance(&mut transaction, step, 0, spent, next).await?;
    insert(&mut transaction, step, file_no, lines).await.map_err(query)?;
    transaction.commit().await.map_err(query)
}

async fn insert(
    connection: &mut PgConnection,
    step: &Step,
    file_no: i32,
    lines: &[StagedLine],
) -> Result<(), sqlx::Error> {
    let json = serde_json::to_string(lines).expect("a row is plain data");
    sqlx::query_file!("src/cost_export/stage.sql", step.step_id, step.account.as_str(), file_no, json)
        .execute(connection)
        .await?;
    Ok(())
}

/// Puts what `step` has staged, which are all files of `delivery` with `lines` lines in all,
/// in the place of its month. A month that another run has read from a later delivery stays.
pub async fn replace(
    pool: &PgPool,
    step: &Step,
    delivery: &Delivery,
    lines: u64,
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    let kept = put_in_place(&mut transaction, step, delivery, lines).await.map_err(query)?;
    advance(&mut transaction, step, kept, spent, next).await?;
    transaction.commit().await.map_err(query)
}

/// How many lines are kept.
async fn put_in_place(
    connection: &mut PgConnection,
    step: &Step,
    delivery: &Delivery,
    lines: u64,
) -> Result<i64, sqlx::Error> {
    let (account, month) = (step.account.as_str(), delivery.month.to_sqlx());
    // Two runs of one account take turns on the month's row.
    sqlx::query!(
        "insert into cost_export (account_id, month, unread_reason) values ($1, $2, 'it is being read')
         on conflict on constraint cost_export_pkey do nothing",
        account,
        month as _,
    )
    .execute(&mut *connection)
    .await?;
    let before = sqlx::query!(
        r#"select execution_id, coalesce(delivered_at > $3, false) as "is_later!"
           from cost_export where account_id = $1 and month = $2 for update"#,
        account,
        month as _,
        delivery.delivered_at.to_sqlx() as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    let mut kept = 0;
    if !before.is_later {
        kept = swap(connection, step, delivery, before.execution_id.as_deref()).await?;
        record(connection, step, delivery, (i64::try_from(lines).unwrap_or(i64::MAX), kept)).await?;
    }
    sqlx::query!("delete from cost_export_stage where step_id = $1", step.step_id).execute(connection).await?;
    Ok(kept)
}

/// Keeps the sums that change, and exchanges the rows. How many lines are staged.
async fn swap(
    connection: &mut PgConnection,
    step: &Step,
    delivery: &Delivery,
    execution_before: Option<&str>,
) -> Result<i64, sqlx::Error> {
    let (account, month) = (step.account.as_str(), delivery.month.to_sqlx());
    let is_restated = sqlx::query_scalar!(
        r#"select read_at is not null as "read!" from cost_export where account_id = $1 and month = $2"#,
        account,
        month as _,
    )
    .fetch_one(&mut *connection)
    .await?;
    if is_restated {
        sqlx::query_file!(
            "src/cost_export/versions.sql",
            account,
            month as _,
            step.step_id,
            execution_before,
            delivery.execution_id,
        )
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query!("delete from cost_export_day where account_id = $1 and month = $2", account, month as _)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/cost_export/items.sql", step.step_id).execute(&mut *connection).await?;
    sqlx::query_file!("src/cost_export/days.sql", step.step_id, month as _).execute(&mut *connection).await?;
    staged_lines(connection, step).await
}

async fn record(
    connection: &mut PgConnection,
    step: &Step,
    delivery: &Delivery,
    (lines, kept): (i64, i64),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update cost_export set manifest_key = $3, manifest_etag = $4, execution_id = $5, delivered_at = $6,
             read_at = clock_timestamp(), lines = $7, lines_kept = $8, unread_reason = null
         where account_id = $1 and month = $2",
        step.account.as_str(),
        delivery.month.to_sqlx() as _,
        delivery.manifest_key,
        delivery.manifest_etag,
        delivery.execution_id,
        delivery.delivered_at.to_sqlx() as _,
        lines,
        kept,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends `step`, and says of months why they are unknown, or why what is kept of them is
/// older than what was delivered. Months that are not in `unread` and were read are as
/// delivered.
pub async fn end(
    pool: &PgPool,
    step: &Step,
    unread: &BTreeMap<Date, String>,
    spent: &Spent,
    error: Option<StepError>,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    for (month, reason) in unread {
        sqlx::query!(
            "insert into cost_export as kept (account_id, month, unread_reason) values ($1, $2, $3)
             on conflict on constraint cost_export_pkey do update set unread_reason = excluded.unread_reason",
            step.account.as_str(),
            month.to_sqlx() as _,
            reason,
        )
        .execute(&mut *transaction)
        .await
        .map_err(query)?;
    }
    let unread: Vec<jiff_sqlx::Date> = unread.keys().map(|month| month.to_sqlx()).collect();
    sqlx::query!(
        "update cost_export set unread_reason = null
         where account_id = $1 and read_at is not null and unread_reason is not null and month <> all($2::date[])",
        step.account.as_str(),
        &unread as _,
    )
    .execute(&mut *transaction)
    .await
    .map_err(query)?;
    sqlx::query!("delete from cost_export_stage where step_id = $1", step.step_id)
        .execute(&mut *transaction)
        .await
        .map_err(query)?;
    advance(&mut transaction, step, 0, spent, &Next::End(error)).await?;
    transaction.commit().await.map_err(query)
}
