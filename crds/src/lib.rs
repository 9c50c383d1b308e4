//! The custom resources of deskfleet (group `deskfleet.dev`, version `v1alpha1`) as Rust types.
//!
//! A manifest flows in through the API server, which checks it against the schema and the
//! CEL rules that stand here beside the field they guard; the operator and the API server of
//! deskfleet read the same types. Deliberately absent: a Kubernetes client, defaults that
//! depend on the installation, and checks that need other objects (the operator makes those).
//!
//! ```text
//! workspace_account.rs   WorkspaceAccount   one AWS account and how to reach it
//!   credentials.rs         how its pods sign requests
//!   paid_calls.rs          pace and budget of calls to AWS
//!   cost_sources.rs        exports, access events, cost centres
//!   retention.rs           how long what was read is kept
//! sync_schedule.rs       SyncSchedule       what to read, where and when
//! status/                what the operator reports, a file for each kind
//! pods.rs, affinity.rs   resources and scheduling of the pods that objects make
//! conditions.rs, reason.rs   condition types and the closed set of reasons
//! markers.rs             annotations and labels
//! schema/                bounds, defaults and the manifests in crds/manifests
//! ```

#![expect(unreachable_pub, reason = "the derive `KubeSchema` repeats each `pub struct` inside a function")]
#![expect(clippy::struct_field_names, reason = "in `Retention` the unit belongs into each name")]

mod affinity;
pub mod conditions;
mod cost_sources;
mod credentials;
pub mod markers;
mod paid_calls;
mod pods;
pub mod reason;
mod retention;
pub mod schema;
pub mod status;
mod sync_schedule;
mod workspace_account;

pub use cost_sources::{AccessEvents, CostCenterRule, CostExport, DirectoryCostCenter};
pub use credentials::{Ambient, AssumeRole, Credentials, Identity, SecretRef, SessionTag};
pub use paid_calls::{Budget, PaceOverride};
pub use pods::{Amounts, Resources, Scheduling};
pub use reason::Reason;
pub use retention::Retention;
pub use sync_schedule::{AccountRef, ConcurrencyPolicy, History, Retry, SyncSchedule, SyncScheduleSpec};
pub use workspace_account::{DeletionPolicy, WorkspaceAccount, WorkspaceAccountSpec};

/// The API group of every kind.
pub const GROUP: &str = "deskfleet.dev";
/// The version of every kind.
pub const VERSION: &str = "v1alpha1";
