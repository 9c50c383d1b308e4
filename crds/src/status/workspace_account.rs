//! The status of a `WorkspaceAccount`: what its last probe found.

use identifiers::Source;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::conditions::{Condition, conditions_schema};

/// What the operator knows of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceAccountStatus {
    /// The generation of the spec that this status is about; -1 before the first.
    #[serde(default = "super::never_observed")]
    #[schemars(range(min = -1))]
    pub observed_generation: i64,
    /// What is true now.
    #[serde(default)]
    #[schemars(schema_with = "conditions_schema")]
    pub conditions: Vec<Condition>,
    /// The last probe that ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_probe: Option<LastProbe>,
    /// Since when probes have shown that the credentials belong to the account. It stays while
    /// a probe cannot tell, and goes when one shows that they do not. Of several objects with
    /// one account id the one that has been proven longest holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proven_since: Option<Time>,
    /// When a probe last showed that the credentials belong to the account. It stays whatever
    /// comes later: rows of an account are removed only for an object that once proved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_proven_time: Option<Time>,
    /// Probes in a row, the last one included, that could not prove the account.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub consecutive_failures: i32,
    /// The last value of the annotation `deskfleet.dev/run-requested-at` that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub last_handled_run_at: Option<String>,
}

impl Default for WorkspaceAccountStatus {
    fn default() -> Self {
        Self {
            observed_generation: super::NEVER_OBSERVED,
            conditions: Vec::new(),
            last_probe: None,
            proven_since: None,
            last_proven_time: None,
            consecutive_failures: 0,
            last_handled_run_at: None,
        }
    }
}

/// A probe that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastProbe {
    /// The name of its Job.
    #[schemars(length(max = 63))]
    pub name: String,
    /// The generation of the spec that it proved.
    #[schemars(range(min = 0))]
    pub generation: i64,
    /// When its Job started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Time>,
    /// When its Job ended.
    pub completion_time: Time,
    /// How it ended.
    pub outcome: ProbeOutcome,
    /// One word for machines.
    #[schemars(length(max = 64))]
    pub reason: String,
    /// A sentence for people.
    #[schemars(length(max = 1024))]
    pub message: String,
    /// The account that the credentials belong to (`sts:GetCallerIdentity`).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 12))]
    pub caller_account: Option<String>,
    /// The ARN that AWS sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub caller_arn: Option<String>,
    /// Permission groups, one for each source that needs some.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["source".into()]))]
    pub permissions: Vec<PermissionGroup>,
}

/// How a probe ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ProbeOutcome {
    /// The account is proven and all permissions are there.
    Complete,
    /// The account is proven, some permissions are not.
    Partial,
    /// The account is not proven.
    Failed,
}

/// The permissions that one source needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct PermissionGroup {
    /// The source.
    pub source: Source,
    /// Whether they are there.
    pub state: PermissionState,
    /// IAM actions that were denied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 32), inner(length(max = 128)))]
    pub missing: Vec<String>,
}

/// Whether permissions are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum PermissionState {
    /// A call succeeded.
    Granted,
    /// A call was denied.
    Denied,
    /// No call could tell.
    Unknown,
}
