//! What `/metrics` shows.
//!
//! ```text
//! http.rs   deskfleet_api_http_*      requests, by route and status
//! pool.rs   deskfleet_api_pool_*      connections to Postgres
//! jobs.rs   deskfleet_sync_*          runs, steps, calls and desktops, from the database
//! ```
//!
//! Jobs serve nothing, so the API exports what they wrote. Labels are bounded by what
//! exists (routes, accounts, regions, sources, operations); no ids, no names of people.

mod http;
mod jobs;
mod pool;

pub use http::HttpMetrics;
pub use jobs::{JobMetrics, POLL as JOBS_POLL};
pub use pool::PoolMetrics;
