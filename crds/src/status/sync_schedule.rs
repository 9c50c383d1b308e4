//! The status of a `SyncSchedule`: its CronJob and its last run.

use identifiers::Source;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use kube::KubeSchema;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::conditions::{Condition, conditions_schema};

/// What the operator knows of a schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SyncScheduleStatus {
    /// The generation of the spec that this status is about; -1 before the first.
    #[serde(default = "super::never_observed")]
    #[schemars(range(min = -1))]
    pub observed_generation: i64,
    /// What is true now.
    #[serde(default)]
    #[schemars(schema_with = "conditions_schema")]
    pub conditions: Vec<Condition>,
    /// The CronJob as it was applied last. A different generation in the cluster means that
    /// somebody else changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cron_job: Option<AppliedCronJob>,
    /// The last time that a run was due by the clock and started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_schedule_time: Option<Time>,
    /// When the last complete run ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_successful_time: Option<Time>,
    /// When the next run is due by the clock; absent while suspended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_schedule_time: Option<Time>,
    /// The last run that ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run: Option<LastRun>,
    /// Runs in a row, the last one included, that were not complete. Skipped runs do not count.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub consecutive_failures: i32,
    /// The last value of the annotation `deskfleet.dev/run-requested-at` that was acted on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub last_handled_run_at: Option<String>,
}

impl Default for SyncScheduleStatus {
    fn default() -> Self {
        Self {
            observed_generation: super::NEVER_OBSERVED,
            conditions: Vec::new(),
            cron_job: None,
            last_schedule_time: None,
            last_successful_time: None,
            next_schedule_time: None,
            last_run: None,
            consecutive_failures: 0,
            last_handled_run_at: None,
        }
    }
}

/// A CronJob as it was after it was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppliedCronJob {
    /// Its name.
    #[schemars(length(max = 52))]
    pub name: String,
    /// Its UID.
    #[schemars(length(max = 64))]
    pub uid: String,
    /// Its generation.
    #[schemars(range(min = 0))]
    pub generation: i64,
}

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct LastRun {
    /// The name of its Job.
    #[schemars(length(max = 63))]
    pub name: String,
    /// Its id: the UID of its Job.
    #[schemars(length(max = 64))]
    pub id: String,
    /// Why it ran.
    pub trigger: RunTrigger,
    /// How it ended.
    pub outcome: RunOutcome,
    /// One word for machines.
    #[schemars(length(max = 64))]
    pub reason: String,
    /// A sentence for people.
    #[schemars(length(max = 1024))]
    pub message: String,
    /// When its Job started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Time>,
    /// When its Job ended.
    pub completion_time: Time,
    /// Seconds from start to end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub duration_seconds: Option<i64>,
    /// Things read, for each source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 16))]
    #[x_kube(merge_strategy = ListMerge::Map(vec!["source".into()]))]
    pub counts: Vec<SourceCount>,
    /// Calls to AWS, retries included; absent when no pod could say.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub aws_calls: Option<i64>,
    /// What those calls cost by list price; absent when no pod could say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimated_cost: Option<Money>,
}

/// Why a run was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RunTrigger {
    /// By the clock.
    Schedule,
    /// By the annotation `deskfleet.dev/run-requested-at`.
    Request,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum RunOutcome {
    /// Everything asked for was read.
    Complete,
    /// Some of it was read.
    Partial,
    /// Nothing of use was read.
    Failed,
    /// Another run was at work; nothing was done.
    Skipped,
}

/// How many things of one source were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceCount {
    /// The source.
    pub source: Source,
    /// The number of things.
    #[schemars(range(min = 0))]
    pub count: i64,
}

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// The amount, as a decimal.
    #[schemars(length(max = 32), regex(pattern = "^-?[0-9]+([.][0-9]+)?$"))]
    pub amount: String,
    /// Its currency, such as `USD`.
    #[schemars(length(min = 3, max = 3), regex(pattern = "^[A-Z]{3}$"))]
    pub currency: String,
}
