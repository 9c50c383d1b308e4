//! Database roles: one login for each kind of program, with the rights it needs and no
//! more. `deskfleet-store migrate` makes them; the list of rights stands in `grants`.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use sqlx::{AssertSqlSafe, PgConnection};

mod grants;
mod scram;

use grants::{Right, rights};
pub use scram::UnsupportedPassword;

/// A kind of program with a login of its own; the migrating login owns everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// `deskfleet-sync`: writes the fleet; no DDL, nothing on people or API keys.
    Sync,
    /// `deskfleet-reports`: reads the fleet.
    Reports,
    /// `deskfleet-api`: reads the fleet, writes people, sessions and settings.
    Api,
}

impl Role {
    /// Every role that is made.
    pub const ALL: [Self; 3] = [Self::Sync, Self::Reports, Self::Api];

    /// The key of Secret `deskfleet-database` with its URL.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Reports => "reports",
            Self::Api => "api",
        }
    }
}

/// A login as its URL names it.
#[derive(Clone, Debug)]
pub struct Login {
    /// Its name.
    pub name: String,
    /// Its password.
    pub password: SecretString,
}

/// A login could not be read or made.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// The file with its URL cannot be read.
    #[error("the URL of database role {key:?} cannot be read from {}: does Secret deskfleet-database have this key?", path.display())]
    File {
        /// The key of the Secret.
        key: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file holds no URL with user and password. Its text is not repeated.
    #[error(
        "the URL of database role {key:?} lacks a user or a password: write postgres://user:password@host:5432/database"
    )]
    Url {
        /// The key of the Secret.
        key: &'static str,
    },
    /// The password cannot be used.
    #[error("the password of database role {key:?} cannot be used")]
    Password {
        /// The key of the Secret.
        key: &'static str,
        /// Why.
        #[source]
        source: UnsupportedPassword,
    },
    /// Postgres refused.
    #[error("database role {key:?} could not be made")]
    Make {
        /// The key of the Secret.
        key: &'static str,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
}

/// Reads the login of `role` from its URL file in `folder`.
pub fn read_login(folder: &Path, role: Role) -> Result<Login, RoleError> {
    let (key, path) = (role.key(), folder.join(role.key()));
    let text = std::fs::read_to_string(&path).map_err(|source| RoleError::File { key, path, source })?;
    let url = url::Url::parse(text.trim()).map_err(|_| RoleError::Url { key })?;
    let decode = |part: &str| percent_encoding::percent_decode_str(part).decode_utf8().ok().map(String::from);
    let name = decode(url.username()).filter(|name| !name.is_empty()).ok_or(RoleError::Url { key })?;
    let password = url.password().and_then(decode).ok_or(RoleError::Url { key })?;
    Ok(Login { name, password: password.into() })
}

/// Makes the login of `role`, or brings password and rights of an existing one up to
/// date. A login that is the migrating one itself is left alone: an installation may run
/// with one login, and then that one owns everything.
pub async fn make(connection: &mut PgConnection, role: Role, login: &Login) -> Result<(), RoleError> {
    let key = role.key();
    let verifier =
        scram::verifier(login.password.expose_secret()).map_err(|source| RoleError::Password { key, source })?;
    make_login(connection, role, login, &verifier).await.map_err(|source| RoleError::Make { key, source })
}

async fn make_login(
    connection: &mut PgConnection,
    role: Role,
    login: &Login,
    verifier: &str,
) -> Result<(), sqlx::Error> {
    let state = sqlx::query!(
        r#"select $1 = current_user as "is_self!",
               exists (select from pg_roles where rolname = $1) as "exists!",
               current_database() as "database!""#,
        login.name,
    )
    .fetch_one(&mut *connection)
    .await?;
    if state.is_self {
        tracing::warn!(role = role.key(), login = login.name, "this role uses the owner's login: it has every right");
        return Ok(());
    }
    let mut transaction = sqlx::Connection::begin(connection).await?;
    if !state.exists {
        run(&mut transaction, "create role %1$I", &[&login.name]).await?;
    }
    // A verifier instead of the password: the server's log may show statements.
    let alter = "alter role %1$I with login nosuperuser nocreatedb nocreaterole noreplication password %2$L";
    run(&mut transaction, alter, &[&login.name, verifier]).await?;
    run(&mut transaction, "grant connect on database %2$I to %1$I", &[&login.name, &state.database]).await?;
    run(&mut transaction, "grant usage on schema public to %1$I", &[&login.name]).await?;
    run(&mut transaction, "revoke all on all tables in schema public from %1$I", &[&login.name]).await?;
    run(&mut transaction, "revoke all on all functions in schema public from %1$I", &[&login.name]).await?;
    for Right { on, what } in rights(role) {
        run(&mut transaction, &format!("grant {what} on {on} to %1$I"), &[&login.name]).await?;
    }
    transaction.commit().await
}

/// Runs a statement that takes names where SQL takes no parameters; Postgres itself
/// quotes them.
async fn run(connection: &mut PgConnection, template: &str, arguments: &[&str]) -> Result<(), sqlx::Error> {
    let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
    let statement =
        sqlx::query_scalar!(r#"select format($1, variadic $2::text[]) as "statement!""#, template, &arguments)
            .fetch_one(&mut *connection)
            .await?;
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(connection).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_are_decoded() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("sync"), "postgres://deskfleet%5Fsync:p%40ss@db:5432/deskfleet\n").unwrap();
        let login = read_login(folder.path(), Role::Sync).unwrap();
        assert_eq!((login.name.as_str(), login.password.expose_secret()), ("deskfleet_sync", "p@ss"));
    }

    #[test]
    fn a_url_without_a_password_is_refused_and_not_repeated() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("api"), "postgres://deskfleet_api@secret-host/deskfleet").unwrap();
        let message = read_login(folder.path(), Role::Api).unwrap_err().to_string();
        assert!(message.contains("\"api\"") && !message.contains("secret-host"), "{message}");
    }
}
