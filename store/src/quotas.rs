//! Quotas with their history, and how much of each is left.
//!
//! A region's quotas are read whole and written in one transaction. A row ends when a quota
//! changed, or when whole listings did not contain it.

use std::collections::BTreeMap;

use fleet::Quota;
use jiff_sqlx::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::{
    run_step::{Next, Spent, Step, StepError, WriteError, begin, commit},
    workspace_history::Place,
};

mod headroom;

pub use headroom::{Headroom, Unknown, headroom};

/// Writes the quotas of `step`'s region. With an `error` a listing was not whole, and
/// nothing that it does not contain is gone.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    quotas: &[Quota],
    spent: &Spent,
    error: Option<StepError>,
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let (mut transaction, place, at) = begin(pool, step).await?;
    replace(&mut transaction, place, at, quotas, error.is_none()).await.map_err(query)?;
    commit(transaction, step, quotas.len(), spent, &Next::End(error)).await
}

async fn replace(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    quotas: &[Quota],
    is_whole: bool,
) -> Result<(), sqlx::Error> {
    let json = serde_json::to_string(&rows(quotas)).expect("a row is plain data");
    sqlx::query_file!("src/quotas/end.sql", place.account, place.region, at as _, json, is_whole)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/quotas/begin.sql", place.account, place.region, at as _, json).execute(connection).await?;
    Ok(())
}

#[derive(Serialize)]
struct Row<'a> {
    service: &'a str,
    quota_code: &'a str,
    name: Option<&'a str>,
    applied_value: Option<f64>,
    default_value: Option<f64>,
    is_adjustable: bool,
    is_global: bool,
}

/// One row a quota; of one that came twice the last counts.
fn rows(quotas: &[Quota]) -> Vec<Row<'_>> {
    let unique: BTreeMap<(&str, &str), &Quota> =
        quotas.iter().map(|quota| ((quota.service.as_str(), quota.code.as_str()), quota)).collect();
    unique.into_values().map(Row::new).collect()
}

impl<'a> Row<'a> {
    fn new(quota: &'a Quota) -> Self {
        Self {
            service: &quota.service,
            quota_code: &quota.code,
            name: quota.name.as_deref(),
            applied_value: quota.applied,
            default_value: quota.default,
            is_adjustable: quota.is_adjustable,
            is_global: quota.is_global,
        }
    }
}
