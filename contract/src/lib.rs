//! What the operator and its pods say to each other, and nothing else.
//!
//! ```text
//! operator ── Plan (JSON in DESKFLEET_PLAN) ──────────────► pod
//! operator ◄── ExitCode, Report (termination message) ───── pod
//! ```
//!
//! Both sides link this crate, so a field added here cannot be forgotten on the other
//! side; `version` guards pods of an older image that still run during an upgrade.
//! Deliberately absent: Kubernetes types, AWS types, and I/O.

pub mod environment;
mod exit_code;
mod names;
mod plan;
mod report;

pub use exit_code::ExitCode;
pub use names::{JobKind, child_name, job_name};
pub use plan::{
    AccessEvents, AccountPlan, Budget, CostExport, Credentials, InvalidPlan, MAX_PLAN_BYTES, MAX_PLAN_DESKTOPS,
    PLAN_VERSION, Pace, Plan, ProbePlan, Retention, Sign, SyncPlan, Task, Trigger,
};
pub use report::{
    Details, InvalidReport, MAX_REPORT_BYTES, Outcome, PermissionGroup, PermissionState, ProbeDetails, REPORT_VERSION,
    Report, SyncDetails, combine,
};
