//! Bringing a database up to this release: migrations, roles, partitions, in that order,
//! one process at a time.

use std::path::Path;

use sqlx::PgConnection;

use crate::{
    partitions,
    role::{self, Role, RoleError},
    schema::{self, SchemaError},
};

/// What [`migrate`] found and did.
#[derive(Clone, Copy, Debug)]
pub struct Migrated {
    /// The schema version it found, 0 for an empty database.
    pub before: i64,
    /// The schema version now.
    pub after: i64,
    /// Logins made or brought up to date.
    pub roles: usize,
}

/// Bringing the database up to date failed. What was done before stays; doing it again
/// goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// Another process migrates, and waiting for it failed.
    #[error("the lock of migrations could not be had")]
    Lock(#[source] sqlx::Error),
    /// A migration failed.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A role could not be made.
    #[error(transparent)]
    Role(#[from] RoleError),
    /// Partitions could not be made.
    #[error("the partitions of the months to come could not be made")]
    Partitions(#[source] sqlx::Error),
}

/// Applies migrations, makes the logins whose URLs are in `logins`, makes partitions.
pub async fn migrate(connection: &mut PgConnection, logins: Option<&Path>) -> Result<Migrated, MigrateError> {
    // Read first: a missing key is told before anything is changed.
    let logins = match logins {
        Some(folder) => Role::ALL
            .into_iter()
            .map(|role| Ok((role, role::read_login(folder, role)?)))
            .collect::<Result<Vec<_>, RoleError>>()?,
        None => Vec::new(),
    };
    lock(connection).await?;
    let before = schema::found_version(connection).await?;
    tracing::info!(schema.found = before, schema.needed = schema::needed_version(), "applying migrations");
    schema::migrate(connection).await?;
    for (role, login) in &logins {
        tracing::info!(role = role.key(), login = login.name, "making database role");
        role::make(connection, *role, login).await?;
    }
    partitions::make(&mut *connection).await.map_err(MigrateError::Partitions)?;
    let after = schema::found_version(connection).await?;
    unlock(connection).await?;
    Ok(Migrated { before, after, roles: logins.len() })
}

/// Roles belong to the whole server, so two installations on one server take turns too.
async fn lock(connection: &mut PgConnection) -> Result<(), MigrateError> {
    sqlx::query!("select pg_advisory_lock(hashtext('deskfleet migrate'))")
        .execute(connection)
        .await
        .map(drop)
        .map_err(MigrateError::Lock)
}

async fn unlock(connection: &mut PgConnection) -> Result<(), MigrateError> {
    sqlx::query!("select pg_advisory_unlock(hashtext('deskfleet migrate'))")
        .fetch_one(connection)
        .await
        .map(drop)
        .map_err(MigrateError::Lock)
}
