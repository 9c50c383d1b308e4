//! Connecting: a URL from a mounted Secret file, a small pool, and waiting for Postgres
//! with a deadline; and what a failed query means for the program.
//!
//! The URL holds a password: it goes into the driver's options and nowhere else, and no
//! error here repeats it.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// How a program uses the database.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The program's name in `pg_stat_activity`.
    pub program: &'static str,
    /// Connections at most.
    pub max_connections: u32,
    /// How long to try before giving up on a server that does not answer.
    pub deadline: Duration,
}

/// Connecting failed.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The file with the URL cannot be read.
    #[error("the database URL file {} cannot be read: is the Secret there and does it have the key?", path.display())]
    UrlFile {
        /// Its path.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file holds no Postgres URL. The text is not repeated, it may hold a password.
    #[error("the database URL in {} is not valid: write postgres://user:password@host:5432/database", path.display())]
    Url {
        /// Its path.
        path: PathBuf,
    },
    /// Postgres did not let us in before the deadline.
    #[error("Postgres at {host}:{port} could not be used within {} s", deadline.as_secs())]
    Unreachable {
        /// Its host.
        host: String,
        /// Its port.
        port: u16,
        /// How long was tried.
        deadline: Duration,
        /// The last failure.
        #[source]
        source: sqlx::Error,
    },
}

/// What a failed query means for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Postgres is down, restarting or refuses more connections: try again later.
    Unreachable,
    /// Postgres has no disk space left: a person must make room, then try again.
    DiskFull,
    /// The role lacks a right or the schema differs: installation and program do not fit.
    Schema,
    /// Anything else is a fault of ours.
    Fault,
}

/// Reads a URL file into connection options.
pub fn read_url(path: &Path) -> Result<PgConnectOptions, ConnectError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ConnectError::UrlFile { path: path.to_owned(), source })?;
    PgConnectOptions::from_str(text.trim()).map_err(|_| ConnectError::Url { path: path.to_owned() })
}

/// A pool for the URL in `path`. Waits for the server until the deadline, with a log line
/// for each try.
pub async fn connect(path: &Path, options: Options) -> Result<PgPool, ConnectError> {
    let connect = read_url(path)?.application_name(options.program);
    let (host, port) = (connect.get_host().to_owned(), connect.get_port());
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(Duration::from_secs(10))
        // A dead connection shows itself on use; asking first would double the round trips.
        .test_before_acquire(false)
        .connect_lazy_with(connect);
    let end = tokio::time::Instant::now() + options.deadline;
    loop {
        match pool.acquire().await {
            Ok(_) => return Ok(pool),
            Err(source) if tokio::time::Instant::now() < end && is_worth_waiting(&source) => {
                tracing::info!(postgres.host = %host, postgres.port = port, error = %source, "waiting for Postgres");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            Err(source) => return Err(ConnectError::Unreachable { host, port, deadline: options.deadline, source }),
        }
    }
}

/// What `error` means, by the kind of failure and its SQLSTATE.
pub fn trouble(error: &sqlx::Error) -> Trouble {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => Trouble::Unreachable,
        sqlx::Error::Database(database) => trouble_of_sqlstate(database.code().as_deref().unwrap_or_default()),
        _ => Trouble::Fault,
    }
}

/// Classes of Appendix A of the Postgres manual.
fn trouble_of_sqlstate(code: &str) -> Trouble {
    match code {
        "53100" => Trouble::DiskFull,
        // Insufficient privilege; undefined column, function, table.
        "42501" | "42703" | "42883" | "42P01" => Trouble::Schema,
        // Connection, resources, operator intervention, system errors, and a login refused.
        _ if ["08", "53", "57", "58", "28"].iter().any(|class| code.starts_with(class)) => Trouble::Unreachable,
        // Serialization failure and deadlock: the next attempt is likely to pass.
        "40001" | "40P01" | "55P03" => Trouble::Unreachable,
        _ => Trouble::Fault,
    }
}

/// A wrong password may be right in a moment: the migration Job sets it.
fn is_worth_waiting(error: &sqlx::Error) -> bool {
    trouble(error) == Trouble::Unreachable
        || matches!(error, sqlx::Error::Database(db) if db.code().as_deref() == Some("3D000"))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("53100", Trouble::DiskFull)]
    #[case("53300", Trouble::Unreachable)]
    #[case("57P03", Trouble::Unreachable)]
    #[case("28P01", Trouble::Unreachable)]
    #[case("40P01", Trouble::Unreachable)]
    #[case("42P01", Trouble::Schema)]
    #[case("23505", Trouble::Fault)]
    #[case("", Trouble::Fault)]
    fn a_sqlstate_tells_what_to_do(#[case] code: &str, #[case] trouble: Trouble) {
        assert_eq!(trouble_of_sqlstate(code), trouble);
    }

    #[test]
    fn a_bad_url_is_not_repeated() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "postgres://someone:hunter2@[").unwrap();
        let message = read_url(file.path()).unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
        assert!(message.contains("postgres://user:password@host"), "{message}");
    }
}
