//! The condition types that statuses use, and the schema of a list of them.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

pub use k8s_openapi::apimachinery::pkg::apis::meta::v1::Condition;

/// A condition type.
///
/// `Ready` is always there. `Reconciling`, `Stalled` and `Paused` are there only while true,
/// as kstatus reads them: `Reconciling` is "in progress", `Stalled` is "failed until a person
/// acts or the cause goes away".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ConditionType {
    /// The object does what its spec asks for.
    Ready,
    /// The operator is on its way to that.
    Reconciling,
    /// The operator cannot get there with what it was given.
    Stalled,
    /// The annotation `deskfleet.dev/reconcile: disabled` keeps the operator away.
    Paused,
    /// `WorkspaceAccount`: the credentials are there and belong to the account.
    CredentialsResolved,
    /// `WorkspaceAccount`: AWS answered.
    Reachable,
    /// `WorkspaceAccount`: every permission group is granted.
    PermissionsComplete,
    /// `WorkspaceAccount`: another object holds the same account id.
    AccountConflict,
    /// `WorkspaceAccount`, only while it is deleted: how far the removal of its rows is.
    /// Unknown while something still works for the account, false while rows are removed.
    Purged,
    /// `SyncSchedule`: the last run that did something was complete.
    LastRunSucceeded,
}

impl ConditionType {
    /// The text in `status.conditions[].type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "Ready",
            Self::Reconciling => "Reconciling",
            Self::Stalled => "Stalled",
            Self::Paused => "Paused",
            Self::CredentialsResolved => "CredentialsResolved",
            Self::Reachable => "Reachable",
            Self::PermissionsComplete => "PermissionsComplete",
            Self::AccountConflict => "AccountConflict",
            Self::Purged => "Purged",
            Self::LastRunSucceeded => "LastRunSucceeded",
        }
    }
}

/// The condition of one type in a list.
pub fn find(conditions: &[Condition], type_: ConditionType) -> Option<&Condition> {
    conditions.iter().find(|condition| condition.type_ == type_.as_str())
}

/// The schema of `status.conditions`: a map by `type`, bounded.
pub(crate) fn conditions_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "description": "What is true of the object now; see docs/reference/conditions.md.",
        "type": "array",
        "maxItems": 16,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
        "items": {
            "type": "object",
            "description": "One thing that is true, false or unknown.",
            "required": ["type", "status", "lastTransitionTime", "reason", "message"],
            "properties": {
                "type": {
                    "description": "What it is about.",
                    "type": "string", "maxLength": 64, "pattern": "^[A-Z][A-Za-z]*$"
                },
                "status": {
                    "description": "True, False or Unknown.",
                    "type": "string", "maxLength": 7, "enum": ["True", "False", "Unknown"]
                },
                "observedGeneration": {
                    "description": "The generation of the spec that it was seen on.",
                    "type": "integer", "format": "int64", "minimum": 0
                },
                "lastTransitionTime": {
                    "description": "When its status changed last.",
                    "type": "string", "format": "date-time", "maxLength": 64
                },
                "reason": {
                    "description": "One word of a closed set.",
                    "type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Z][A-Za-z]*$"
                },
                "message": {
                    "description": "A sentence for people; names the field and the remedy where there is one.",
                    "type": "string", "maxLength": 4096
                }
            }
        }
    })
}
