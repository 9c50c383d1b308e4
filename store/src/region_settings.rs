//! What holds for an account's region as a whole (dedicated tenancy, limits), and the
//! settings of single directories that come by calls of their own.

use fleet::reach::{AccountTenancy, ClientProperties, DirectoryLimits, Limit, TenancyModification};
use serde::Serialize;
use sqlx::PgPool;

use crate::{
    directory_readings::{Detail, Reading, finish},
    run_step::{Spent, Step, WriteError, begin},
    workspace_row::stored,
};

#[derive(Serialize)]
struct ModificationRow<'a> {
    state: Option<&'a str>,
    support: Option<&'a str>,
    started_at: Option<jiff::Timestamp>,
    error: Option<&'a str>,
}

impl<'a> ModificationRow<'a> {
    fn new(modification: &'a TenancyModification) -> Self {
        Self {
            state: modification.state.as_deref(),
            support: stored(modification.support.as_ref()),
            started_at: modification.started_at,
            error: modification.error.as_deref(),
        }
    }
}

fn json(modifications: &[TenancyModification]) -> String {
    let rows: Vec<_> = modifications.iter().map(ModificationRow::new).collect();
    serde_json::to_string(&rows).expect("a row is plain data")
}

/// Writes the dedicated tenancy of `step`'s region; modifications that were not told stay.
pub async fn write_tenancy(
    pool: &PgPool,
    step: &Step,
    reading: Reading<'_>,
    tenancy: &AccountTenancy,
    spent: &Spent,
) -> Result<(), WriteError> {
    let (mut transaction, place, at) = begin(pool, step).await?;
    let modifications = tenancy.modifications.as_deref().map(json);
    sqlx::query!(
        "insert into region_setting as kept (
             account_id, region, tenancy_support, tenancy_management_range, tenancy_account_type, tenancy_modifications
         ) values ($1, $2, $3, $4, $5, $6::text::jsonb)
         on conflict on constraint region_setting_pkey do update set
             tenancy_support = excluded.tenancy_support,
             tenancy_management_range = excluded.tenancy_management_range,
             tenancy_account_type = excluded.tenancy_account_type,
             tenancy_modifications = coalesce(excluded.tenancy_modifications, kept.tenancy_modifications)",
        place.account,
        place.region,
        stored(tenancy.support.as_ref()),
        tenancy.management_range.as_deref(),
        tenancy.account_type.as_deref(),
        modifications,
    )
    .execute(&mut *transaction)
    .await
    .map_err(|source| WriteError::Query { step: step.step_id, source })?;
    finish(transaction, step, at, reading, spent).await
}

/// Writes how many directories `step`'s region may have.
pub async fn write_limits(
    pool: &PgPool,
    step: &Step,
    limits: &DirectoryLimits,
    spent: &Spent,
) -> Result<(), WriteError> {
    let (mut transaction, place, at) = begin(pool, step).await?;
    sqlx::query!(
        "insert into region_setting (
             account_id, region, simple_directories_limit, simple_directories, microsoft_directories_limit,
             microsoft_directories, connected_directories_limit, connected_directories
         ) values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint region_setting_pkey do update set
             simple_directories_limit = excluded.simple_directories_limit,
             simple_directories = excluded.simple_directories,
             microsoft_directories_limit = excluded.microsoft_directories_limit,
             microsoft_directories = excluded.microsoft_directories,
             connected_directories_limit = excluded.connected_directories_limit,
             connected_directories = excluded.connected_directories",
        place.account,
        place.region,
        limits.simple.most,
        limits.simple.current,
        limits.microsoft.most,
        limits.microsoft.current,
        limits.connected.most,
        limits.connected.current,
    )
    .execute(&mut *transaction)
    .await
    .map_err(|source| WriteError::Query { step: step.step_id, source })?;
    finish(transaction, step, at, Reading::of(Detail::DirectoryLimits, None), spent).await
}

/// Writes what clients may do in the directories of `step`'s region.
pub async fn write_client_properties(
    pool: &PgPool,
    step: &Step,
    properties: &[ClientProperties],
    spent: &Spent,
) -> Result<(), WriteError> {
    let (mut transaction, place, at) = begin(pool, step).await?;
    let column = |pick: fn(&ClientProperties) -> Option<&str>| -> Vec<Option<String>> {
        properties.iter().map(|one| pick(one).map(str::to_owned)).collect()
    };
    let ids: Vec<String> = properties.iter().map(|one| one.directory_id.to_string()).collect();
    let (reconnect, log_upload) =
        (column(|one| stored(one.reconnect.as_ref())), column(|one| stored(one.log_upload.as_ref())));
    sqlx::query!(
        "update directory set client_reconnect = told.reconnect, client_log_upload = told.log_upload
         from unnest($3::text[], $4::text[], $5::text[]) as told (directory_id, reconnect, log_upload)
         where account_id = $1 and region = $2 and directory.directory_id = told.directory_id",
        place.account,
        place.region,
        &ids,
        &reconnect as _,
        &log_upload as _,
    )
    .execute(&mut *transaction)
    .await
    .map_err(|source| WriteError::Query { step: step.step_id, source })?;
    finish(transaction, step, at, Reading::of(Detail::ClientProperties, None), spent).await
}

/// Writes how many snapshots `directory` may have.
pub async fn write_snapshot_limit(
    pool: &PgPool,
    step: &Step,
    (directory, limit): (&str, Limit),
    spent: &Spent,
) -> Result<(), WriteError> {
    let (mut transaction, place, at) = begin(pool, step).await?;
    sqlx::query!(
        "update directory set manual_snapshots_limit = $4, manual_snapshots = $5
         where account_id = $1 and region = $2 and directory_id = $3",
        place.account,
        place.region,
        directory,
        limit.most,
        limit.current,
    )
    .execute(&mut *transaction)
    .await
    .map_err(|source| WriteError::Query { step: step.step_id, source })?;
    finish(transaction, step, at, Reading::of(Detail::SnapshotLimits, Some(directory)), spent).await
}
