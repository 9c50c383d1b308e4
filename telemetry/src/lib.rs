//! What every program does the same way: logs, metrics, health, build
//! information, and a clean end on SIGTERM.
//!
//! A `main` flattens [`TelemetryArgs`] into its clap struct and calls [`init`]
//! once, before anything else. Programs that serve then give the returned
//! [`MetricsRegistry`], a [`Readiness`] and a [`Liveness`] to [`health_routes`]
//! or [`serve_health`]; jobs serve nothing and only log.
//!
//! ```text
//!            TelemetryArgs ──► init ──► Telemetry { metrics, build }
//!                                           │
//!   loops ── beat ──► Liveness ──┐          ▼
//!   starts ─ pass ──► Readiness ─┴─► /health/live  /health/ready  /metrics
//!   SIGTERM ────────► shutdown_on_signal ──► CancellationToken
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | `args` | the flags and variables that every program has |
//! | `logs` | JSON or text lines on standard error |
//! | `build_info` | version, revision, compiler |
//! | `metrics` | the one registry of a program, as OpenMetrics text |
//! | `process` | memory, CPU time, file descriptors, start time from `/proc` |
//! | `liveness`, `readiness` | the two verdicts, pure |
//! | `health_server` | the three routes and the listener for port 9090 |
//! | `shutdown` | SIGTERM and SIGINT as a cancellation token |
//!
//! Deliberately absent: TLS for users (the API's own affair), traces, and any
//! type for secrets: those are [`secrecy`](https://docs.rs/secrecy) values, whose
//! `Debug` never shows what they hold.

mod args;
mod build_info;
mod health_server;
mod init;
mod liveness;
mod logs;
mod metrics;
mod process;
mod readiness;
mod shutdown;

pub use args::{LogFormat, TelemetryArgs};
pub use build_info::BuildInfo;
pub use health_server::{Health, ServeError, health_routes, serve_health};
pub use init::{InitError, Telemetry, init};
pub use liveness::{Heartbeat, Liveness};
pub use metrics::MetricsRegistry;
pub use readiness::{Check, CheckReport, CheckState, Readiness, ReadinessReport};
pub use shutdown::{SignalError, shutdown_on_signal};
