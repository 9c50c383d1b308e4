//! The pool of a server: made without waiting, so that the server can say what it waits
//! for, and with a time limit on every statement.

use std::{path::Path, time::Duration};

use sqlx::{PgPool, postgres::PgPoolOptions};

use crate::database::{ConnectError, read_url};

/// How a server uses the database.
#[derive(Debug, Clone, Copy)]
pub struct ServerPool {
    /// The program's name in `pg_stat_activity`.
    pub program: &'static str,
    /// Connections at most.
    pub max_connections: u32,
    /// How long a request waits for a free connection.
    pub acquire_timeout: Duration,
    /// How long a statement may run.
    pub statement_timeout: Duration,
}

/// A pool for the URL in `path`. Nothing is connected yet; a bad URL is refused.
pub fn connect_lazy(path: &Path, options: ServerPool) -> Result<PgPool, ConnectError> {
    let limit = options.statement_timeout.as_millis();
    let connect = read_url(path)?
        .application_name(options.program)
        .options([("statement_timeout", format!("{limit}")), ("idle_in_transaction_session_timeout", "30000".into())]);
    Ok(PgPoolOptions::new()
        .max_connections(options.max_connections)
        .acquire_timeout(options.acquire_timeout)
        .connect_lazy_with(connect))
}
