//! The controllers of deskfleet: from custom resources to Jobs and CronJobs, and from what
//! those did back to statuses.
//!
//! ```text
//!  watch/  ── caches ──►  dereference ─► validate ─► build ─► apply ─► status
//!    │                    └────────── one folder for each kind ──────────┘
//!    └─── triggers ────►  controller (kube's scheduler, bounded)
//! ```
//!
//! Only `dereference` (caches), `apply` (the API server) and the writing of a status do I/O;
//! everything between is pure. Deliberately absent: AWS, SQL, admission webhooks, and any
//! access to Secrets: pods mount them.
//!
//! | module | what is in it |
//! |---|---|
//! | `workspace_account`, `sync_schedule` | one controller each, in stages |
//! | `watch` | the watch streams, their caches and what they trigger |
//! | `controller` | running a controller: bounded, timed, with backoff for each object |
//! | `pods` | the pod templates of all jobs, restricted |
//! | `jobs` | reading what Jobs and their pods did |
//! | `conditions`, `transitions` | statuses in the shape of kstatus, and events about their changes |
//! | `lease` | one active operator at a time |
//! | `config`, `rbac`, `run` | settings, the rules that the operator needs, the program |

mod backoff;
mod conditions;
pub mod config;
mod context;
mod controller;
mod digest;
#[cfg(test)]
mod fixtures;
mod jobs;
mod lease;
mod markers;
mod metrics;
mod own_writes;
mod pods;
pub mod rbac;
pub mod run;
#[cfg(test)]
mod states;
mod status_patch;
mod sync_schedule;
mod transitions;
mod watch;
mod workspace_account;
