//! How what was tried ended.
//!
//! Flows in: `CloudTrail`'s `errorCode` and `errorMessage`, and the failed requests inside
//! the answers of bulk operations, which `CloudTrail` itself calls a success.

use serde::{Deserialize, Serialize};

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Outcome {
    /// Everything that was asked for was done.
    Succeeded,
    /// AWS refused it.
    Failed {
        /// AWS's word, such as `AccessDenied`.
        code: String,
        /// AWS's sentence.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// What AWS wrote down cannot be read.
    Unknown,
    /// AWS accepted it, and refused some of its parts.
    Partly {
        /// The parts that were refused.
        failed: Vec<FailedRequest>,
    },
}

impl Outcome {
    /// Its word in SQL and JSON.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed { .. } => "failed",
            Self::Partly { .. } => "partly",
            Self::Unknown => "unknown",
        }
    }
}

/// One part of a bulk operation that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedRequest {
    /// What it was about, such as a desktop's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// AWS's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// AWS's sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
