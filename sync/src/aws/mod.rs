//! Everything that knows the AWS SDK: credentials, clients, and the one way a call is made.
//!
//! ```text
//! caller ──ticket──► pacer ──► Postgres (shared by all jobs)
//!    │ attempt (one; the SDK's own retries are off)
//!    ▼
//! SDK client ──► AWS
//!    │ classify ──► backoff ──► again, at most 8 times, each with its own ticket
//!    ▼
//! answer or CallError, and a line in the ledger for every attempt
//! ```
//!
//! Deliberately absent: what the answers mean (`collector`) and SQL (`store`).

pub(crate) mod answer_shape;
pub(crate) mod answer_size;
pub(crate) mod backoff;
pub(crate) mod bucket;
pub(crate) mod caller;
pub(crate) mod classify;
pub(crate) mod clients;
pub(crate) mod credentials;
pub(crate) mod error;
pub(crate) mod fips;
pub(crate) mod identity;
pub(crate) mod ledger;
pub(crate) mod operation;
pub(crate) mod pace;
pub(crate) mod pacer;
pub(crate) mod purse;
pub(crate) mod secret_file;
