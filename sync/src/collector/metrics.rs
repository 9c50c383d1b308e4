//! Metrics of a block of desktops by `cloudwatch:GetMetricData`: first the evidence of their
//! use, then, once a day, their health.
//!
//! ```text
//! packing ─► query ─► asking ─► usage ──► fleet::evidence ─► store::usage
//!                          └──► health ─► fleet::health ───► store::metric_days
//! ```
//!
//! Evidence comes first, since a budget may end before the block does: a slot of five minutes
//! is gone after 63 days, a day after 455.

use std::collections::BTreeSet;

use store::run_step::{Next, Spent, StepError};

use super::work::{StepFailure, Work};
use crate::aws::error::ErrorClass;

mod asking;
mod health;
mod packing;
pub(crate) mod query;
mod usage;

/// Reads the step's desktops from where the pod before stopped.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let due = health::due(work).await?;
    let rejected_in_all = u64::try_from(work.step.rejected).unwrap_or(0);
    let mut block = Block { work, rejected: 0, rejected_in_all, incomplete: BTreeSet::new() };
    usage::read(&mut block, due.is_empty()).await?;
    if due.is_empty() { Ok(()) } else { health::read(&mut block, &due).await }
}

struct Block<'a> {
    work: &'a Work<'a>,
    /// Points that are no measurement: since the last write, and in the whole block.
    rejected: u64,
    rejected_in_all: u64,
    /// Desktops of which `CloudWatch` sent only a part, in the whole block.
    incomplete: BTreeSet<String>,
}

impl Block<'_> {
    /// What was spent since the last write.
    fn spent(&mut self) -> Spent {
        self.rejected_in_all += self.rejected;
        self.work.ledger.take(std::mem::take(&mut self.rejected))
    }

    /// The end of the step, after everything was counted.
    fn end(&self) -> Next {
        Next::End(incomplete(self.incomplete.len()).or_else(|| no_measurements(self.rejected_in_all)))
    }
}

/// Why a step is only partly complete when `count` of its points prove nothing.
fn no_measurements(count: u64) -> Option<StepError> {
    (count > 0).then(|| StepError {
        class: ErrorClass::Contract.as_str(),
        message: format!("CloudWatch sent {count} point(s) that are no measurement; {}", ErrorClass::Contract.remedy()),
        retryable: false,
    })
}

/// Why a step is only partly complete when points of `desktops` are missing.
fn incomplete(desktops: usize) -> Option<StepError> {
    (desktops > 0).then(|| StepError {
        class: ErrorClass::Fault.as_str(),
        message: format!(
            "CloudWatch sent only a part of the points of {desktops} desktop(s); the next run reads them again"
        ),
        retryable: true,
    })
}
