//! `SyncSchedule`: what to read from an account, where, and when.

use std::collections::BTreeMap;

use identifiers::Source;
use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Resources, Scheduling, status::SyncScheduleStatus};

/// What to read from one account, where, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, CustomResource, KubeSchema)]
#[kube(
    group = "deskfleet.dev",
    version = "v1alpha1",
    kind = "SyncSchedule",
    namespaced,
    status = "SyncScheduleStatus",
    derive = "PartialEq",
    shortname = "ss",
    category = "deskfleet",
    selectable = ".spec.accountRef.name",
    selectable = ".spec.suspend",
    doc = "A recurring read of one account. It becomes the CronJob ss-<name>; a run now is asked for with the annotation deskfleet.dev/run-requested-at.",
    validation = Rule::new("self.metadata.name.matches('^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$')")
        .message("metadata.name must be at most 40 lower-case letters, digits and inner hyphens: choose such a name"),
    printcolumn(name = "Ready", type_ = "string", json_path = ".status.conditions[?(@.type==\"Ready\")].status"),
    printcolumn(name = "Reason", type_ = "string", json_path = ".status.conditions[?(@.type==\"Ready\")].reason"),
    printcolumn(name = "Account", type_ = "string", json_path = ".spec.accountRef.name"),
    printcolumn(name = "Schedule", type_ = "string", json_path = ".spec.schedule"),
    printcolumn(name = "Last Run", type_ = "string", json_path = ".status.lastRun.outcome"),
    printcolumn(name = "Last Success", type_ = "date", json_path = ".status.lastSuccessfulTime"),
    printcolumn(name = "Age", type_ = "date", json_path = ".metadata.creationTimestamp"),
    printcolumn(name = "Time Zone", type_ = "string", json_path = ".spec.timeZone", priority = 1),
    printcolumn(name = "Suspended", type_ = "boolean", json_path = ".spec.suspend", priority = 1),
    printcolumn(name = "Next Run", type_ = "string", json_path = ".status.nextScheduleTime", priority = 1),
    printcolumn(name = "Failures", type_ = "integer", json_path = ".status.consecutiveFailures", priority = 1),
    printcolumn(
        name = "Message",
        type_ = "string",
        json_path = ".status.conditions[?(@.type==\"Ready\")].message",
        priority = 1
    )
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("self.jitterSeconds < self.jobTimeoutSeconds")
    .message("spec.jitterSeconds must be below spec.jobTimeoutSeconds, which it counts against: lower the jitter or raise the timeout"))]
pub struct SyncScheduleSpec {
    /// The WorkspaceAccount to read, in the namespace of this object. It cannot change; make
    /// another schedule for another account.
    #[x_kube(validation = Rule::new("self.name == oldSelf.name")
        .message("spec.accountRef cannot change: make another SyncSchedule for the other account"))]
    pub account_ref: AccountRef,
    /// What to read.
    #[schemars(length(min = 1, max = 16))]
    #[x_kube(merge_strategy = ListMerge::Set)]
    pub sources: Vec<Source>,
    /// Where to read; all regions of the account when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 32), inner(length(min = 9, max = 32)))]
    #[x_kube(merge_strategy = ListMerge::Set)]
    #[x_kube(validation = Rule::new("self.all(r, r.matches('^((us|eu|ap|sa|ca|me|af|il|mx)|cn|us-gov)-[a-z]+-[0-9]{1,2}$'))")
        .message("spec.regions holds something that is no AWS region code: write codes such as us-east-1, eu-central-1, cn-north-1 or us-gov-west-1"))]
    pub regions: Option<Vec<String>>,
    /// When to read, as a CronJob understands it: five fields, or a word such as `@hourly`.
    #[schemars(length(min = 1, max = 128))]
    #[x_kube(validation = Rule::new("!self.contains('TZ=')")
        .message("spec.schedule must not name a time zone: put it into spec.timeZone"))]
    #[x_kube(validation = Rule::new("self.contains('TZ=') || self.matches('^\\\\s*(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every [0-9.hmsunµ]+|\\\\S+(\\\\s+\\\\S+){4})\\\\s*$')")
        .message("spec.schedule is no cron expression: write five fields (minute hour day-of-month month day-of-week) such as \"15 2 * * *\", or a word such as @hourly"))]
    pub schedule: String,
    /// The IANA name of the time zone that the schedule is read in.
    #[serde(default = "utc")]
    #[schemars(length(min = 1, max = 64))]
    #[x_kube(validation = Rule::new("self.matches('^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$') && self.lowerAscii() != 'local'")
        .message("spec.timeZone is no name of a time zone: write an IANA name such as Etc/UTC or Europe/Berlin"))]
    pub time_zone: String,
    /// Seconds within which the start is spread, so that many schedules of the same minute do
    /// not ask AWS at once. Each schedule always waits the same part of it, inside its pod.
    #[serde(default)]
    #[schemars(range(min = 0, max = 900))]
    pub jitter_seconds: i32,
    /// How many days back the metrics of a desktop are read when it is read for the first time.
    /// As far back as CloudWatch keeps them when left out: 455 days, the last 63 of them by five
    /// minutes and the others by the hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 455))]
    pub metrics_history_days: Option<i32>,
    /// Start no runs by the clock. A run that is asked for still happens.
    #[serde(default)]
    pub suspend: bool,
    /// What happens when a run is due while the one before still works.
    #[serde(default)]
    pub concurrency_policy: ConcurrencyPolicy,
    /// Seconds after its time that a missed run may still start.
    #[serde(default = "default_starting_deadline")]
    #[schemars(range(min = 10, max = 86_400))]
    pub starting_deadline_seconds: i32,
    /// Seconds after which a run is stopped, retries and jitter included. What it read stays.
    #[serde(default = "default_job_timeout")]
    #[schemars(range(min = 60, max = 86_400))]
    pub job_timeout_seconds: i32,
    /// How many pods share a run.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 32))]
    pub parallelism: i32,
    /// How often a pod that may succeed later is tried again.
    #[serde(default)]
    pub retry: Retry,
    /// How many finished runs keep their Job and pods, for their logs.
    #[serde(default)]
    pub history: History,
    /// Resources of the pods; small ones by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// Where the pods may run.
    #[serde(default)]
    pub scheduling: Scheduling,
    /// Labels added to the pods. A key with a prefix must be one that the operator was started
    /// with (`--allowed-pod-labels`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 32))]
    #[x_kube(validation = Rule::new("self.all(key, !key.matches('^([a-z0-9-]+[.])*(deskfleet[.]dev|kubernetes[.]io|k8s[.]io|helm[.]sh|istio[.]io|linkerd[.]io|cilium[.]io|kuma[.]io|azure[.]workload[.]identity|amazonaws[.]com)/|^(app|k8s-app|name|run|job-name|controller-uid)$'))")
        .message("spec.podLabels sets a label that Services, network policies or injectors act on (app, name, run, k8s-app, job-name, controller-uid, or one of deskfleet.dev, kubernetes.io, k8s.io, helm.sh, istio.io, linkerd.io, cilium.io, kuma.io, azure.workload.identity, amazonaws.com): choose another key"))]
    pub pod_labels: BTreeMap<String, String>,
    /// Annotations added to the pods. Each key must be one that the operator was started with
    /// (`--allowed-pod-annotations`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 32))]
    #[x_kube(validation = Rule::new("self.all(key, !key.matches('^([a-z0-9-]+[.])*deskfleet[.]dev/'))")
        .message("spec.podAnnotations must not set annotations of deskfleet.dev: choose another prefix"))]
    pub pod_annotations: BTreeMap<String, String>,
}

/// A WorkspaceAccount in the same namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountRef {
    /// Its name.
    #[schemars(length(min = 1, max = 40), regex(pattern = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"))]
    pub name: String,
}

/// What happens when a run is due while the one before still works (CronJob,
/// `spec.concurrencyPolicy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ConcurrencyPolicy {
    /// The new run does not start.
    #[default]
    Forbid,
    /// The running one is stopped and the new one starts.
    Replace,
}

impl ConcurrencyPolicy {
    /// The word that a CronJob uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forbid => "Forbid",
            Self::Replace => "Replace",
        }
    }
}

/// How often a pod is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Retry {
    /// Attempts after the first, with growing pauses; wrong configuration is never retried.
    #[serde(default = "default_retry_limit")]
    #[schemars(range(min = 0, max = 10))]
    pub limit: i32,
}

impl Default for Retry {
    fn default() -> Self {
        Self { limit: default_retry_limit() }
    }
}

/// How many finished runs keep their Job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// Successful ones.
    #[serde(default = "default_success_history")]
    #[schemars(range(min = 0, max = 100))]
    pub success: i32,
    /// Failed ones.
    #[serde(default = "one")]
    #[schemars(range(min = 0, max = 100))]
    pub failed: i32,
}

impl Default for History {
    fn default() -> Self {
        Self { success: default_success_history(), failed: one() }
    }
}

fn utc() -> String {
    "Etc/UTC".to_owned()
}

const fn default_starting_deadline() -> i32 {
    200
}

const fn default_job_timeout() -> i32 {
    3600
}

const fn default_retry_limit() -> i32 {
    3
}

const fn default_success_history() -> i32 {
    3
}

const fn one() -> i32 {
    1
}
