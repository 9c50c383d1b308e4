//! How fast and how much an account may be asked.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// A rate for one AWS operation instead of the built-in one: in any window of W minutes at
/// most `requestsPerMinute` × W + `burst` calls are made, retries included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaceOverride {
    /// The name of the AWS operation, such as `DescribeWorkspaces`.
    #[schemars(length(min = 3, max = 64))]
    #[x_kube(validation = Rule::new("self.matches('^[A-Z][A-Za-z0-9]+$')")
        .message("spec.pace[].operation is no AWS operation: write its name as in the AWS API reference, such as DescribeWorkspaces"))]
    pub operation: String,
    /// Calls a minute in the long run.
    #[schemars(range(min = 1, max = 6000))]
    pub requests_per_minute: i32,
    /// Calls that may come at once after a quiet time.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 1000))]
    pub burst: i32,
}

/// Limits on what paid calls may cost. What is left out follows the built-in limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// Requests to Cost Explorer in a UTC day; each costs 0.01 US dollars.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 10_000))]
    pub cost_explorer_requests_per_day: Option<i32>,
    /// US dollars in a UTC month for CloudWatch metrics, as a decimal in quotes such as `"12.50"`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 12))]
    #[x_kube(validation = Rule::new("self.matches('^[0-9]{1,6}([.][0-9]{1,4})?$')")
        .message("spec.budget.cloudWatchUsdPerMonth is no amount: write US dollars as a decimal in quotes, such as \"12.50\""))]
    pub cloud_watch_usd_per_month: Option<String>,
}

const fn one() -> i32 {
    1
}
