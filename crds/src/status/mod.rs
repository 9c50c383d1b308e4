//! What the operator reports about each kind.
//!
//! Times here are copied from Jobs or computed from the spec; the operator never writes the
//! time of its own writing, so that a status that did not change is the same text.

mod sync_schedule;
mod workspace_account;

pub use sync_schedule::{AppliedCronJob, LastRun, Money, RunOutcome, RunTrigger, SourceCount, SyncScheduleStatus};
pub use workspace_account::{LastProbe, PermissionGroup, PermissionState, ProbeOutcome, WorkspaceAccountStatus};

/// What `status.observedGeneration` says before the operator has seen the object.
pub const NEVER_OBSERVED: i64 = -1;

const fn never_observed() -> i64 {
    NEVER_OBSERVED
}
