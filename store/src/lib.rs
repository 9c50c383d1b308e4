//! Postgres, and the only room with SQL in it: migrations, one module per aggregate,
//! the pace limiter that all jobs share, and notifications.
//!
//! ```text
//! database.rs      pool from a URL file, waiting for Postgres with a deadline
//! schema.rs        migrations, schema version that programs wait for
//! ```
//!
//! Functions are named as the question they answer and return domain types of `fleet`
//! or plain rows. Queries are checked at compile time against `store/.sqlx`
//! (`make generate` renews it). Deliberately absent: AWS, HTTP, Kubernetes, and any
//! decision that needs no database (those are in `fleet`).

pub mod database;
pub mod schema;

pub use sqlx::PgPool;
