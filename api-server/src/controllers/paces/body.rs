//! A pace in the API.

use jiff::Timestamp;
use serde::Serialize;
use store::pace_list::PaceRow;
use utoipa::ToSchema;

/// Fields of an item, for `fields`.
pub(super) const FIELDS: &[&str] = &[
    "accountId",
    "region",
    "operation",
    "configuredPerSecond",
    "allowedPerSecond",
    "burst",
    "isSlowed",
    "throttledAt",
    "askedAt",
];

/// How fast one operation of one account and region may be called, by all jobs together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaceBody {
    #[schema(example = "123456789012")]
    pub(super) account_id: String,
    #[schema(example = "us-east-1")]
    pub(super) region: String,
    /// AWS's name of the operation.
    #[schema(example = "DescribeWorkspaces")]
    pub(super) operation: String,
    /// Calls a second, built in or by `spec.pace` of the WorkspaceAccount. With a burst of 1
    /// it is 15 % lower than asked for, which makes room for the way to AWS.
    #[schema(example = 1.5)]
    pub(super) configured_per_second: f64,
    /// Calls a second now: a throttle halves it, every quiet minute gives a tenth back.
    #[schema(example = 0.75)]
    pub(super) allowed_per_second: f64,
    /// Calls that may come at once.
    #[schema(example = 3)]
    pub(super) burst: i32,
    /// True where fewer calls are allowed than configured.
    pub(super) is_slowed: bool,
    /// When AWS last throttled the operation; `null` for never.
    pub(super) throttled_at: Option<Timestamp>,
    /// When a job last asked.
    pub(super) asked_at: Timestamp,
}

impl From<PaceRow> for PaceBody {
    fn from(row: PaceRow) -> Self {
        Self {
            is_slowed: row.is_slowed(),
            throttled_at: row.throttled_at(),
            asked_at: row.asked_at(),
            account_id: row.account_id,
            region: row.region,
            operation: row.operation,
            configured_per_second: row.base_rate,
            allowed_per_second: row.rate,
            burst: row.burst,
        }
    }
}
