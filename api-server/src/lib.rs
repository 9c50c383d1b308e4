//! deskfleet's front: identity, authorisation, the REST API, live events and the console.
//!
//! ```text
//! request ─► middleware/ ─► router.rs ─► controllers/<noun>/<verb>.rs ─► store
//!            id, limits,    every route    extract, authorise, call, map
//!            identity, …
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | `router` | every route, and the layers around them |
//! | `controllers` | one folder a noun, one file a verb |
//! | `identity` | who is asking and what they may do |
//! | `middleware` | what every request passes: ids, limits, headers, identity |
//! | `problem` | errors as callers see them (RFC 9457) |
//! | `list` | parameters and cursors that all lists share |
//! | `export` | whole lists as files |
//! | `live` | server-sent events, fed by Postgres notifications |
//! | `console` | the embedded console |
//! | `metrics` | what `/metrics` shows, the runs of jobs included |
//! | `serve` | configuration, listener, TLS, background tasks |
//! | `commands` | the other commands: `openapi`, `admin`, `setup` |
//! | `clock` | what time it is |
//!
//! SQL is in `store`, the domain in `fleet`. Deliberately absent: AWS, and writing to
//! Kubernetes beyond the Secrets that `setup` creates once.

pub mod clock;
pub mod commands;
pub mod console;
pub mod controllers;
pub mod export;
pub mod identity;
pub mod list;
pub mod live;
pub mod metrics;
pub mod middleware;
pub mod problem;
pub mod router;
pub mod serve;
mod state;

pub use state::AppState;
