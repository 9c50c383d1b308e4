//! What every collector gets, and how its step can fail.

use std::{collections::BTreeSet, time::Duration};

use contract::{CostExport, Trigger};
use identifiers::{Region, Source};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use store::{
    PgPool,
    run_step::{Step, StepError, WriteError},
};
use url::Url;

use super::{access_events::QueueError, cost::answers::WrongFigure};
use crate::aws::{
    bucket::Bucket,
    caller::Caller,
    clients::RegionClients,
    error::{CallError, ErrorClass},
    ledger::Ledger,
    operation::Operation,
};

/// How long what was read waits for more of it before it is written.
pub(crate) const WRITE_AFTER: Duration = Duration::from_secs(10);

/// A claimed step with everything needed to work on it.
#[derive(Debug)]
pub(crate) struct Work<'a> {
    pub(crate) pool: &'a PgPool,
    pub(crate) clients: &'a RegionClients,
    pub(crate) caller: &'a Caller,
    /// Where `caller` counts.
    pub(crate) ledger: &'a Ledger,
    pub(crate) step: &'a Step,
    /// The regions of the run, for sources that are not read region by region.
    pub(crate) regions: &'a BTreeSet<Region>,
    /// Days that the account keeps its costs; `None` where it sets none.
    pub(crate) cost_days: Option<u32>,
    /// The account's queue of access events.
    pub(crate) access_events: Option<&'a Url>,
    /// Sources that read the desktops one listing finds.
    pub(crate) follow_up: &'a BTreeSet<Source>,
    /// Desktops written at once.
    pub(crate) batch: usize,
    /// The present.
    pub(crate) now: Timestamp,
    /// Why the run was started.
    pub(crate) trigger: Trigger,
    /// Who AWS takes us for: the ARN of a user, or of this run's session of a role.
    pub(crate) caller_arn: &'a str,
    /// How many days back a desktop that is new is read.
    pub(crate) metrics_history_days: Option<u32>,
    /// The account's cost export, where it has one.
    pub(crate) export: Option<Export<'a>>,
}

/// A cost export and the bucket it lies in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Export<'a> {
    pub(crate) plan: &'a CostExport,
    pub(crate) bucket: &'a Bucket,
    /// The largest file that is read, in bytes.
    pub(crate) largest_file: u64,
}

impl Work<'_> {
    /// The day, UTC.
    pub(crate) fn today(&self) -> Date {
        self.now.to_zoned(TimeZone::UTC).date()
    }

    /// How many desktops of its block are done: that is the cursor of a step over desktops.
    pub(crate) fn desktops_done(&self) -> usize {
        let done = self.step.cursor.as_deref().and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
        self.step.workspace_ids.len().min(done)
    }

    /// How old what is kept may be, `most` at most: a person who asks gets it read anew, but
    /// for what this very run has read (`None`).
    pub(crate) fn kept_for(&self, most: SignedDuration) -> Option<SignedDuration> {
        (self.trigger == Trigger::Schedule).then_some(most)
    }

    /// A query of this step failed.
    pub(crate) fn query_failed(&self, source: store::QueryError) -> StepFailure {
        StepFailure::Write(WriteError::Query { step: self.step.step_id, source })
    }
}

/// A step that could not be finished.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StepFailure {
    /// A call failed for good.
    #[error(transparent)]
    Call(#[from] CallError),
    /// What was read could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The account's queue cannot be read as it is configured.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// AWS sent the token that it had been sent, which would never end.
    #[error("{} sent the same NextToken again; {}", operation.name(), ErrorClass::Contract.remedy())]
    RepeatedToken {
        /// What was called.
        operation: Operation,
    },
    /// AWS sent figures that are none. Nothing of the page is kept.
    #[error("{} sent {problem}; {}", operation.name(), ErrorClass::Contract.remedy())]
    Figures {
        /// What was called.
        operation: Operation,
        /// What is wrong with them.
        problem: WrongFigure,
    },
    /// A source that AWS forgets in time could not be read, and is far behind.
    #[error("the audit trail is {days} days behind, and what is not read within 90 days is lost: {failure}")]
    Behind {
        /// Days since everything was read.
        days: i64,
        /// Why it could not be read.
        failure: Box<StepFailure>,
    },
    /// AWS sends empty pages without end.
    #[error("{} sends empty pages and no end; {}", operation.name(), ErrorClass::Contract.remedy())]
    EndlessPages {
        /// What was called.
        operation: Operation,
    },
}

impl StepFailure {
    /// What kind of failure it is.
    pub(crate) fn class(&self) -> ErrorClass {
        match self {
            Self::Call(error) => error.class().unwrap_or(ErrorClass::Fault),
            Self::Queue(_) => ErrorClass::Configuration,
            Self::RepeatedToken { .. } | Self::EndlessPages { .. } | Self::Figures { .. } | Self::Write(_) => {
                ErrorClass::Contract
            }
            Self::Behind { failure, .. } => failure.class(),
        }
    }
}

/// Why a step is only partly complete when `count` items of its answers had no id.
pub(crate) fn unidentified(thing: &str, count: u64) -> Option<StepError> {
    without("an id", thing, count)
}

/// As [`unidentified`], for items that had no time.
pub(crate) fn timeless(thing: &str, count: u64) -> Option<StepError> {
    without("a time", thing, count)
}

fn without(member: &str, thing: &str, count: u64) -> Option<StepError> {
    (count > 0).then(|| StepError {
        class: ErrorClass::Contract.as_str(),
        message: format!("AWS described {count} {thing}(s) without {member}; {}", ErrorClass::Contract.remedy()),
        retryable: false,
    })
}
