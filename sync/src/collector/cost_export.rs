//! The cost export: the bill by desktop and day, from the files that AWS Data Exports
//! (CUR 2.0) delivers into a bucket, by `s3:ListObjectsV2` and `s3:GetObject`.
//!
//! ```text
//! listing of metadata/ ─► newest manifest of each month ─► those that are new to us
//!      ─► for each: manifest ─► files, piece by piece ─► sums, staged ─► the month, at once
//! ```
//!
//! A month is told anew several times, and each delivery is whole, so it is read whole. A
//! month that was read from the newest manifest costs no call beyond the listing. One that
//! cannot be read keeps what was known of it, and says why; the others are read all the
//! same.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use store::{
    cost_export::{self, Delivery, Kept},
    run_step::StepError,
};

use super::work::{Export, StepFailure, Work};
use crate::aws::{
    bucket::Bucket,
    caller::Caller,
    error::{CallError, ErrorClass},
    operation::Operation,
};

mod amount;
mod cells;
mod columns;
mod csv_gz;
mod deliveries;
mod manifest;
mod month;
mod parquet_file;
mod position;
mod sums;
mod unreadable;

use position::Position;
use unreadable::{MonthFailure, Unreadable};

/// Reads every month of the account's export that was delivered since it was read.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let Some(export) = work.export else {
        // The plan was checked: a source without its export is not planned.
        return end(work, &BTreeMap::new(), None).await;
    };
    cost_export::forget_abandoned(work.pool, work.step).await.map_err(|source| work.query_failed(source))?;
    let delivered = match deliveries::newest(work, export).await {
        Ok(delivered) => delivered,
        Err(MonthFailure::Step(failure)) => return Err(failure),
        Err(MonthFailure::Month(unreadable)) => return not_found(work, &unreadable).await,
    };
    let kept = cost_export::months(work.pool, &work.step.account).await.map_err(|source| work.query_failed(source))?;
    let failed = read(work, export, &delivered, &kept).await?;
    let error = error(&failed);
    let mut unread = undelivered(work, &delivered, &kept);
    unread.extend(failed.into_iter().map(|(month, unreadable)| (month, unreadable.to_string())));
    end(work, &unread, error).await
}

/// Reads the newest months first: they are what people look at.
async fn read(
    work: &Work<'_>,
    export: Export<'_>,
    delivered: &BTreeMap<Date, Delivery>,
    kept: &BTreeMap<Date, Kept>,
) -> Result<BTreeMap<Date, Unreadable>, StepFailure> {
    let begun = work.step.cursor.as_deref().and_then(Position::parse);
    let mut failed = BTreeMap::new();
    for delivery in delivered.values().rev().filter(|delivery| !is_kept(delivery, kept)) {
        let begun = begun.as_ref().filter(|position| position.is_of(delivery));
        match month::read(work, export, delivery, begun).await {
            Ok(()) => {}
            Err(MonthFailure::Step(failure)) => return Err(failure),
            Err(MonthFailure::Month(unreadable)) => {
                tracing::warn!(cost.month = %delivery.month, "{unreadable}");
                failed.insert(delivery.month, unreadable);
            }
        }
    }
    Ok(failed)
}

fn is_kept(delivery: &Delivery, kept: &BTreeMap<Date, Kept>) -> bool {
    kept.get(&delivery.month).is_some_and(|kept| {
        kept.manifest_key.as_ref() == Some(&delivery.manifest_key)
            && kept.manifest_etag.as_ref() == Some(&delivery.manifest_etag)
    })
}

/// Months up to the present of which nothing was delivered, from the first one on that was.
fn undelivered(
    work: &Work<'_>,
    delivered: &BTreeMap<Date, Delivery>,
    kept: &BTreeMap<Date, Kept>,
) -> BTreeMap<Date, String> {
    let present = work.today().first_of_month();
    let Some(first) = delivered.keys().next().copied() else { return BTreeMap::new() };
    let months = std::iter::successors(Some(first), |month| month.checked_add(1.month()).ok());
    let is_known =
        |month: &Date| delivered.contains_key(month) || kept.get(month).is_some_and(|kept| kept.manifest_key.is_some());
    months
        .take_while(|month| *month <= present)
        .filter(|month| !is_known(month))
        .map(|month| (month, "AWS has not delivered this month yet".to_owned()))
        .collect()
}

/// There is nothing to read: the present month is unknown, and says why.
async fn not_found(work: &Work<'_>, unreadable: &Unreadable) -> Result<(), StepFailure> {
    let present = work.today().first_of_month();
    let error = StepError {
        class: ErrorClass::BadRequest.as_str(),
        message: unreadable.to_string(),
        retryable: unreadable.is_worth_another_pod(),
    };
    end(work, &[(present, unreadable.to_string())].into(), Some(error)).await
}

/// Why the step is only partly complete.
fn error(failed: &BTreeMap<Date, Unreadable>) -> Option<StepError> {
    let (month, unreadable) = failed.last_key_value()?;
    let others = match failed.len() - 1 {
        0 => String::new(),
        others => format!("; {others} more month(s) could not be read, see their unread_reason"),
    };
    Some(StepError {
        class: ErrorClass::Contract.as_str(),
        message: format!("the export of {} was not read: {unreadable}{others}", month.strftime("%Y-%m")),
        retryable: failed.values().any(Unreadable::is_worth_another_pod),
    })
}

async fn end(work: &Work<'_>, unread: &BTreeMap<Date, String>, error: Option<StepError>) -> Result<(), StepFailure> {
    Ok(cost_export::end(work.pool, work.step, unread, &work.ledger.take(0), error).await?)
}

/// Lists, or asks for an object that is not there: S3 says so only to whom it would give it.
pub(crate) async fn try_out(
    operation: Operation,
    bucket: &Bucket,
    prefix: &str,
    caller: &Caller,
) -> Result<(), CallError> {
    if operation == Operation::ListObjectsV2 {
        return bucket.list(caller, prefix, true, None).await.map(drop);
    }
    let key = format!("{prefix}/deskfleet-probe");
    match bucket.get(caller, key.trim_start_matches('/'), None, None).await {
        Err(CallError::Aws { code, .. }) if code.as_deref() == Some("NoSuchKey") => Ok(()),
        other => other.map(drop),
    }
}
