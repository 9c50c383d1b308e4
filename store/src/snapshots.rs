//! Snapshots of desktops, and when each desktop's were last read.
//!
//! The snapshots of some desktops, the times of their reading and the step's cursor are
//! written in one transaction. Which desktops a run reads is planned by `inventory`.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{PgConnection, PgPool};

use crate::run_step::{Next, Spent, Step, WriteError, advance};

/// Desktops of a region that a run reads at most, those read longest ago first: 11 minutes
/// at 1.5 calls a second.
pub const DESKTOPS_A_RUN: i64 = 1_000;

/// The snapshots of one desktop, all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DesktopSnapshots {
    /// Its id.
    pub workspace_id: String,
    /// Its snapshots.
    pub snapshots: Vec<Snapshot>,
}

/// One snapshot (`workspaces:DescribeWorkspaceSnapshots`); one that serves both ends is
/// told twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Whether the desktop can be rebuilt from it; else it can be restored.
    pub rebuild: bool,
}

/// Writes what was read of some desktops of `step`'s block and moves the step on. Of the
/// desktops in `asked` that are not among `found` AWS knew nothing; what is kept of them
/// stays until a listing says that they are gone.
pub async fn write(
    pool: &PgPool,
    step: &Step,
    asked: &[String],
    found: &[DesktopSnapshots],
    (spent, next): (&Spent, &Next),
) -> Result<(), WriteError> {
    let query = |source| WriteError::Query { step: step.step_id, source };
    let mut transaction = pool.begin().await.map_err(query)?;
    replace(&mut transaction, step, found).await.map_err(query)?;
    record(&mut transaction, step, asked).await.map_err(query)?;
    let items = i64::try_from(found.len()).unwrap_or(i64::MAX);
    advance(&mut transaction, step, items, spent, next).await?;
    transaction.commit().await.map_err(query)
}

async fn replace(connection: &mut PgConnection, step: &Step, found: &[DesktopSnapshots]) -> Result<(), sqlx::Error> {
    let (account, region) = (step.account.as_str(), step.region.as_str());
    let json = serde_json::to_string(found).expect("a row is plain data");
    sqlx::query_file!("src/snapshots/remove.sql", account, region, json).execute(&mut *connection).await?;
    sqlx::query_file!("src/snapshots/replace.sql", account, region, json).execute(connection).await?;
    Ok(())
}

/// Records that these desktops were read now.
async fn record(connection: &mut PgConnection, step: &Step, asked: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into snapshot_reading (workspace_no, read_at)
         select workspace_no, clock_timestamp() from workspace
         where account_id = $1 and region = $2 and workspace_id = any($3)
         on conflict on constraint snapshot_reading_pkey do update set read_at = excluded.read_at",
        step.account.as_str(),
        step.region.as_str(),
        asked,
    )
    .execute(connection)
    .await?;
    Ok(())
}
