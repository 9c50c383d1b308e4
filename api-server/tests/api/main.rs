//! The API against a real Postgres, request by request, without a network.
//!
//! Each test has a database of its own with all migrations (`#[sqlx::test]`; `DATABASE_URL`
//! names a server where databases may be made, `sandbox/postgres` has one). Modules mirror
//! the routes.

#![expect(clippy::unwrap_used, reason = "a panic here is a failed test")]

mod admin;
mod bodies;
mod database_rights;
mod events;
mod exports;
mod fixtures;
mod health;
mod hostile;
mod me;
mod paces;
mod protection;
mod server;
mod session;
mod setup;
mod sync_runs;
mod tls;
mod workspaces;
