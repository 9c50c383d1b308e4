//! How long what was read from an account is kept.

use kube::KubeSchema;
use serde::{Deserialize, Serialize};

/// Days that rows are kept in Postgres. What is left out follows the installation's setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, KubeSchema)]
#[serde(rename_all = "camelCase")]
pub struct Retention {
    /// Days that earlier versions of desktops, directories and bundles are kept. The current
    /// version always stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 30, max = 3660))]
    pub history_days: Option<i32>,
    /// Days that evidence of use (slots, marks, sessions) is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 30, max = 3660))]
    pub usage_days: Option<i32>,
    /// Days that cost rows are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 90, max = 3660))]
    pub cost_days: Option<i32>,
    /// Days that audit events are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 90, max = 3660))]
    pub audit_days: Option<i32>,
    /// Days that runs and their steps are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 7, max = 3660))]
    pub run_days: Option<i32>,
}
