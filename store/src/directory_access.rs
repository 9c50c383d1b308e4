//! What directories allowed, and when: their settings and the IP groups they use.
//!
//! Both follow from the rows of `directory`, in the transaction that writes those, so
//! history and present never differ. A directory that is gone allows nothing any more.

use jiff_sqlx::Timestamp;
use sqlx::PgConnection;

use crate::workspace_history::Place;

/// Records what changed at `at` in the directories of `place`.
pub(crate) async fn record(connection: &mut PgConnection, place: Place<'_>, at: Timestamp) -> Result<(), sqlx::Error> {
    let Place { account, region } = place;
    sqlx::query_file!("src/directory_access/end_versions.sql", account, region, at as _)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/directory_access/begin_versions.sql", account, region, at as _)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/directory_access/end_ip_groups.sql", account, region, at as _)
        .execute(&mut *connection)
        .await?;
    sqlx::query_file!("src/directory_access/begin_ip_groups.sql", account, region, at as _).execute(connection).await?;
    Ok(())
}
