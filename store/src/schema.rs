//! The schema this build needs: its migrations, and how programs wait until the database
//! has them. Only `deskfleet-store migrate` applies them.

use std::time::Duration;

use sqlx::{PgConnection, PgPool, migrate::Migrator};

/// Every migration of this build, embedded in the program.
pub static MIGRATOR: Migrator = sqlx::migrate!();

/// What is wrong with the schema.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The database is older than this program.
    #[error(
        "the database has schema version {found}, this program needs {needed}: wait for the migration Job, or run deskfleet-store migrate"
    )]
    Behind {
        /// Its newest migration, 0 for none.
        found: i64,
        /// The newest migration of this build.
        needed: i64,
    },
    /// The version could not be read.
    #[error("the schema version could not be read")]
    Read(#[source] sqlx::Error),
    /// A migration failed.
    #[error("the migrations could not be applied")]
    Apply(#[source] sqlx::migrate::MigrateError),
}

/// The newest migration of this build.
pub fn needed_version() -> i64 {
    MIGRATOR.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The newest migration of the database; 0 when none was ever applied.
pub async fn found_version(connection: &mut PgConnection) -> Result<i64, SchemaError> {
    // Not a checked macro: the table belongs to sqlx and is missing on an empty database.
    let exists: bool = sqlx::query_scalar("select to_regclass('_sqlx_migrations') is not null")
        .fetch_one(&mut *connection)
        .await
        .map_err(SchemaError::Read)?;
    if !exists {
        return Ok(0);
    }
    let version: Option<i64> = sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
        .fetch_one(&mut *connection)
        .await
        .map_err(SchemaError::Read)?;
    Ok(version.unwrap_or(0))
}

/// Fails unless the database has at least this build's migrations. A newer schema is taken
/// for fine: from the first release on migrations only expand while older programs still run.
/// Before it some contract; statements of an older build then fail, and write nothing wrong.
pub async fn require(pool: &PgPool) -> Result<(), SchemaError> {
    let mut connection = pool.acquire().await.map_err(SchemaError::Read)?;
    let (found, needed) = (found_version(&mut connection).await?, needed_version());
    if found < needed { Err(SchemaError::Behind { found, needed }) } else { Ok(()) }
}

/// [`require`], asked again until `deadline` has passed.
pub async fn wait(pool: &PgPool, deadline: Duration) -> Result<(), SchemaError> {
    let end = tokio::time::Instant::now() + deadline;
    let mut pause = Duration::from_secs(1);
    loop {
        match require(pool).await {
            Err(error) if tokio::time::Instant::now() < end => {
                tracing::info!(error = %error, "waiting for the database schema");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(8));
            }
            verdict => return verdict,
        }
    }
}

/// Applies the migrations that are missing. sqlx takes an advisory lock, so that two
/// migration Jobs at once are harmless.
pub async fn migrate(connection: &mut PgConnection) -> Result<(), SchemaError> {
    MIGRATOR.run(connection).await.map_err(SchemaError::Apply)
}
