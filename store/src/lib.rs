//! Postgres, and the only room with SQL in it (and Redis, for one thing): migrations, one module per aggregate,
//! the pace limiter that all jobs share, and notifications.
//!
//! ```text
//! database.rs           pool from a URL file, waiting for Postgres with a deadline
//! schema.rs             migrations, schema version that programs wait for
//! account.rs            accounts that proved themselves
//! run.rs run_lease.rs   runs, and the lease that keeps two of a schedule apart
//! run_step.rs           steps: plan, claim, advance, stop
//! inventory.rs          desktops: pages of a listing and its end
//! workspace_history.rs  versions, state changes, tombstones
//! connection_status.rs  who is connected; marks of use
//! directories.rs        directories
//! directory_access.rs   what directories allowed, and when
//! directory_parts.rs    domain controllers, trusts, certificates and the like, and when
//! directory_readings.rs what was asked for about directories, and what came of it
//! directory_users.rs    users of directories, and whose desktop is nobody's
//! ip_groups.rs connection_aliases.rs region_settings.rs  from where directories are reached
//! bundles.rs            bundles
//! aws_pace/             the shared pace bucket, in Postgres or Redis
//! images.rs             images, with their history
//! pools.rs              pools, and the sessions of their users
//! snapshots.rs          snapshots, and when each desktop's were last read
//! quotas.rs             quotas with their history, and how much of each is left
//! aws_call.rs           the ledger of calls
//! aws_budget.rs         what paid calls have cost, and whether more may be spent
//! access_events.rs      logins from a queue, and messages that are none
//! tags.rs               tags of desktops, with when each began and ended
//! audit_reading.rs      how far the audit trail was read, and what it lacks
//! metric_days.rs        health of desktops by day
//! cost_export.rs        the bill by desktop and day, month by month as delivered
//! usage.rs              evidence of use from metrics
//! audit.rs              the audit trail: chain, checkpoints, erasure, proof
//! cost.rs               costs by day, what AWS said before, forecasts, single resources
//! price.rs              list prices with their history
//! time_machine.rs       the fleet as of a moment, the difference of two
//! notification.rs       live progress
//! partitions.rs         partitions of the months to come
//! maintenance.rs role.rs  what deskfleet-store does: migrations, logins, rights
//! purge.rs              removing an account
//! batch.rs              how much a purge or retention removes at once
//! retention/            removing what is older than its account keeps it
//! filter/               the filter grammar: text to SQL with bound values
//! list/                 what every list has in common: order, keyset position, totals
//! workspace_list/       desktops as the API lists them
//! run_list/             runs as the API lists them
//! pace_list/            how fast AWS is called, as the API lists it
//! coverage.rs           how completely the fleet was read
//! person/ session.rs    people, roles, sessions and their rotating tokens
//! access_log.rs         who saw and changed what
//! subscription.rs       hearing what `notification` sends
//! job_totals.rs         what jobs have done, for metrics
//! pool.rs server_facts.rs  the pool of a server; what Postgres says about itself
//! ```
//!
//! Functions are named as the question they answer and return domain types of `fleet`
//! or plain rows. Queries are checked at compile time against `store/.sqlx`
//! (`make generate` renews it). Deliberately absent: AWS, HTTP, Kubernetes, and any
//! decision that needs no database (those are in `fleet`).

pub mod access_events;
pub mod access_log;
pub mod account;
pub mod audit;
pub mod audit_reading;
pub mod aws_budget;
pub mod aws_call;
pub mod aws_pace;
mod batch;
pub mod bundles;
pub mod connection_aliases;
pub mod connection_status;
pub mod cost;
pub mod cost_export;
pub mod coverage;
pub mod database;
pub mod directories;
mod directory_access;
pub mod directory_parts;
pub mod directory_readings;
pub mod directory_users;
pub mod filter;
pub mod images;
pub mod inventory;
pub mod ip_groups;
pub mod job_totals;
pub mod list;
pub mod maintenance;
pub mod metric_days;
pub mod notification;
pub mod pace_list;
pub mod partitions;
pub mod person;
pub mod pool;
pub mod pools;
pub mod price;
pub mod purge;
pub mod quotas;
pub mod region_settings;
pub mod retention;
pub mod role;
pub mod run;
pub mod run_lease;
pub mod run_list;
pub mod run_step;
pub mod schema;
pub mod server_facts;
pub mod session;
pub mod snapshots;
pub mod subscription;
pub mod tags;
pub mod time_machine;
pub mod usage;
mod workspace_history;
pub mod workspace_list;
mod workspace_row;

pub use sqlx::{Error as QueryError, PgPool};
