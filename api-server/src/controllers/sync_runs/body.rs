//! Runs and steps in the API.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use store::run_list::{RunRow, StepRow};
use utoipa::ToSchema;
use uuid::Uuid;

/// Fields of an item, for `fields`.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "schedule",
    "accountId",
    "trigger",
    "startedAt",
    "finishedAt",
    "outcome",
    "counts",
    "stepsDone",
    "stepsTotal",
    "awsCalls",
    "estimatedCost",
    "message",
];

/// The SyncSchedule of a run.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ScheduleBody {
    #[schema(example = "deskfleet")]
    pub(super) namespace: String,
    #[schema(example = "main")]
    pub(super) name: String,
}

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MoneyBody {
    /// Decimal, as text.
    #[schema(example = "0.03")]
    pub(super) amount: String,
    #[schema(example = "USD")]
    pub(super) currency: &'static str,
}

/// One sync run.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RunBody {
    /// The UID of its Job.
    pub(super) id: Uuid,
    pub(super) schedule: ScheduleBody,
    #[schema(example = "123456789012")]
    pub(super) account_id: String,
    /// `schedule` or `request`.
    #[schema(example = "schedule")]
    pub(super) trigger: String,
    pub(super) started_at: Timestamp,
    pub(super) finished_at: Option<Timestamp>,
    /// `running`, `complete`, `partial`, `failed` or `skipped`.
    #[schema(example = "complete")]
    pub(super) outcome: String,
    /// Things read, by source.
    #[schema(example = json!({"inventory": 1204, "directories": 3}))]
    pub(super) counts: BTreeMap<String, i64>,
    /// Steps that ended, well or not.
    pub(super) steps_done: i64,
    /// Steps planned so far; listings plan more as they go.
    pub(super) steps_total: i64,
    /// Calls to AWS, retries included.
    pub(super) aws_calls: i64,
    /// What the calls cost at list price.
    pub(super) estimated_cost: MoneyBody,
    /// A sentence on how it ended.
    pub(super) message: Option<String>,
}

/// One run with its steps.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunDetailBody {
    #[serde(flatten)]
    run: RunBody,
    steps: Vec<StepBody>,
}

/// One step: one source in one region.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepBody {
    /// Never changes; live events call it `stepId`.
    #[schema(example = 4711)]
    id: i64,
    #[schema(example = "inventory")]
    source: String,
    #[schema(example = "us-east-1")]
    region: String,
    /// `null`: every directory of the region.
    directory_id: Option<String>,
    /// `pending`, `running`, `complete`, `partial` or `failed`.
    #[schema(example = "complete")]
    state: String,
    items: i64,
    calls: i64,
    throttles: i64,
    bytes: i64,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
    /// A sentence on the last failure and what to do about it.
    error: Option<String>,
}

impl From<RunRow> for RunBody {
    fn from(row: RunRow) -> Self {
        Self {
            id: row.run_id,
            started_at: row.started_at(),
            finished_at: row.finished_at(),
            counts: row.counts().clone(),
            schedule: ScheduleBody { namespace: row.schedule_namespace, name: row.schedule_name },
            account_id: row.account_id,
            trigger: row.trigger,
            outcome: row.outcome,
            steps_done: row.steps_done,
            steps_total: row.steps_total,
            aws_calls: row.calls,
            estimated_cost: MoneyBody { amount: row.cost_usd.normalize().to_string(), currency: "USD" },
            message: row.message,
        }
    }
}

impl RunDetailBody {
    /// A run and its steps.
    pub(super) fn new(run: RunRow, steps: Vec<StepRow>) -> Self {
        Self { run: run.into(), steps: steps.into_iter().map(Into::into).collect() }
    }
}

impl From<StepRow> for StepBody {
    fn from(row: StepRow) -> Self {
        Self {
            id: row.step_id,
            source: row.source,
            region: row.region,
            directory_id: row.directory_id,
            state: row.state,
            items: row.items,
            calls: row.calls,
            throttles: row.throttles,
            bytes: row.bytes,
            started_at: row.started_at,
            finished_at: row.finished_at,
            error: row.error,
        }
    }
}
