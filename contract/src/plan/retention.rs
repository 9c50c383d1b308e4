//! How long rows of an account are kept, as its object says it.
//!
//! Flows from the operator through a sync's plan into Postgres, where `deskfleet-store retain`
//! reads it. Deliberately absent: the installation's numbers, which that command knows.

use serde::{Deserialize, Serialize};

/// Days that rows of the account are kept. `None` is the installation's number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retention {
    /// Earlier versions and states of desktops, directories, bundles; the current one stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_days: Option<u32>,
    /// Evidence of use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage_days: Option<u32>,
    /// Costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_days: Option<u32>,
    /// The audit trail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_days: Option<u32>,
    /// Runs and their steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_days: Option<u32>,
}

impl Retention {
    /// Whether the account sets nothing of its own.
    pub(super) fn is_of_the_installation(&self) -> bool {
        *self == Self::default()
    }
}
