//! One event as browsers get it.

use serde::Serialize;
use store::subscription::Notification;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a stream carries. The event's name is `run`, `run_step` or `reset`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum LiveEvent {
    /// A run began or ended.
    #[serde(rename_all = "camelCase")]
    Run {
        /// Which.
        run_id: Uuid,
        /// `running`, `complete`, `partial`, `failed` or `skipped`.
        outcome: String,
    },
    /// A step began, moved on or ended.
    #[serde(rename_all = "camelCase")]
    RunStep {
        /// Its run.
        run_id: Uuid,
        /// Which.
        step_id: i64,
        /// What it reads.
        source: String,
        /// Where.
        region: String,
        /// `running`, `complete`, `partial` or `failed`.
        state: String,
        /// Things read so far.
        items: i64,
    },
    /// Something may have been missed: read the lists again.
    Reset {},
}

impl LiveEvent {
    /// The event's name in the stream.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Run { .. } => "run",
            Self::RunStep { .. } => "run_step",
            Self::Reset {} => "reset",
        }
    }
}

impl From<Notification> for LiveEvent {
    fn from(notification: Notification) -> Self {
        match notification {
            Notification::Run { run_id, outcome } => Self::Run { run_id, outcome },
            Notification::RunStep { run_id, step_id, source, region, state, items } => {
                Self::RunStep { run_id, step_id, source, region, state, items }
            }
        }
    }
}
