//! The history of desktops: versions of their configuration, changes of their state, and
//! their end. Always written by the transaction that writes the desktops themselves.

use jiff_sqlx::Timestamp;
use sqlx::PgConnection;

/// Where desktops are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    /// Their account.
    pub(crate) account: &'a str,
    /// Their region.
    pub(crate) region: &'a str,
}

/// Desktops that changed in one write.
#[derive(Debug)]
pub(crate) struct Changed {
    /// Those whose configuration changed, new ones included.
    pub(crate) configuration: Vec<String>,
    /// Those whose state changed, new ones included.
    pub(crate) state: Vec<String>,
}

/// Waits until no other transaction writes desktops of `place`, and tells the time then.
/// The time is asked for after the wait, so times of one place follow each other.
pub(crate) async fn take_turn(connection: &mut PgConnection, place: Place<'_>) -> Result<Timestamp, sqlx::Error> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('deskfleet workspace ' || $1 || ' ' || $2, 0))",
        place.account,
        place.region,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(connection).await
}

/// Records what [`Changed`] at `at`.
pub(crate) async fn record(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    changed: &Changed,
) -> Result<(), sqlx::Error> {
    if !changed.configuration.is_empty() {
        end_versions(connection, place, at, &changed.configuration).await?;
        begin_versions(connection, place, at, &changed.configuration).await?;
    }
    if !changed.state.is_empty() {
        sqlx::query_file!("src/workspace_history/begin_states.sql", place.account, place.region, &changed.state,)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Ends the open versions of `desktops`.
async fn end_versions(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    desktops: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update workspace_version set valid_to = greatest($3, valid_from), end_recorded_at = $3
         where account_id = $1 and region = $2 and workspace_id = any($4) and valid_to is null",
        place.account,
        place.region,
        at as _,
        desktops,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Opens versions of `desktops` as they are now.
async fn begin_versions(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    desktops: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into workspace_version (
            account_id, region, workspace_id, valid_from, recorded_at,
            directory_id, user_name, workspace_name, computer_name, ip_address, ipv6_address, subnet_id,
            bundle_id, running_mode, auto_stop_timeout_minutes, compute_type, operating_system, protocols,
            root_volume_gib, user_volume_gib, root_volume_encrypted, user_volume_encrypted,
            volume_encryption_key, data_replication, related_workspaces
         )
         select
            account_id, region, workspace_id, configuration_since, $3,
            directory_id, user_name, workspace_name, computer_name, ip_address, ipv6_address, subnet_id,
            bundle_id, running_mode, auto_stop_timeout_minutes, compute_type, operating_system, protocols,
            root_volume_gib, user_volume_gib, root_volume_encrypted, user_volume_encrypted,
            volume_encryption_key, data_replication, related_workspaces
         from workspace
         where account_id = $1 and region = $2 and workspace_id = any($4)",
        place.account,
        place.region,
        at as _,
        desktops,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks the desktops gone that nobody read since the listing of step `listing` began.
pub(crate) async fn mark_gone(
    connection: &mut PgConnection,
    place: Place<'_>,
    at: Timestamp,
    listing: i64,
) -> Result<(), sqlx::Error> {
    let gone = sqlx::query_scalar!(
        "update workspace set gone_at = $3
         from run_step as listing
         where listing.step_id = $4
           and account_id = $1 and workspace.region = $2 and gone_at is null
           and (listing.directory_id is null or workspace.directory_id = listing.directory_id)
           and last_read_at < listing.listing_started_at
         returning workspace_id",
        place.account,
        place.region,
        at as _,
        listing,
    )
    .fetch_all(&mut *connection)
    .await?;
    if gone.is_empty() {
        return Ok(());
    }
    end_versions(connection, place, at, &gone).await
}
