//! Facts about the database server for health pages.

use jiff::SignedDuration;
use sqlx::PgPool;

/// What the server says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// `15.8`
    pub version: String,
    /// How far a replica is behind its primary; `None` on a primary.
    pub replica_lag: Option<SignedDuration>,
    /// Size of this database in bytes.
    pub bytes: i64,
}

/// Asks the server.
pub async fn server_facts(pool: &PgPool) -> Result<ServerFacts, sqlx::Error> {
    let row = sqlx::query!(
        r#"select current_setting('server_version') as "version!",
               pg_is_in_recovery() as "replica!",
               extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::bigint as lag_seconds,
               pg_database_size(current_database()) as "bytes!""#
    )
    .fetch_one(pool)
    .await?;
    let lag = row.lag_seconds.map(SignedDuration::from_secs).filter(|_| row.replica);
    Ok(ServerFacts { version: row.version, replica_lag: lag, bytes: row.bytes })
}
