//! Asking for one detail after the other: what is fresh is left out, what is not supported
//! or missing is noted, and nothing of it keeps the others from being read.

use std::collections::BTreeSet;

use store::{
    directories::Known,
    directory_readings::{self, Detail, Outcome, Reading},
    run_step::{Spent, StepError},
};

use super::{
    super::work::{StepFailure, Work},
    gaps::{Gaps, Verdict},
};
use crate::aws::operation::Operation;

/// The details of one step.
pub(in crate::collector) struct Details<'a> {
    pub(in crate::collector) work: &'a Work<'a>,
    /// Directories of the region that are there.
    pub(in crate::collector) known: &'a [Known],
    fresh: BTreeSet<(String, Option<String>)>,
    gaps: Gaps,
    told: bool,
}

impl<'a> Details<'a> {
    pub(in crate::collector) fn new(
        work: &'a Work<'a>,
        known: &'a [Known],
        fresh: BTreeSet<(String, Option<String>)>,
        gaps: Gaps,
    ) -> Self {
        let told = !fresh.is_empty();
        Self { work, known, fresh, gaps, told }
    }

    /// Whether `detail` has to be asked for.
    pub(in crate::collector) fn is_due(&self, detail: Detail, directory: Option<&str>) -> bool {
        !self.fresh.contains(&(detail.as_str().to_owned(), directory.map(str::to_owned)))
    }

    /// What was told when `detail` was asked for by `operation`; `None` when it was not,
    /// which is kept as what came of it.
    pub(in crate::collector) async fn told<T>(
        &mut self,
        (detail, directory): (Detail, Option<&str>),
        operation: Operation,
        answer: Result<T, StepFailure>,
    ) -> Result<Option<T>, StepFailure> {
        let failure = match answer {
            Ok(told) => {
                self.told = true;
                return Ok(Some(told));
            }
            Err(failure) => failure,
        };
        let message = failure.to_string();
        let (outcome, reason) = match self.gaps.add(operation_of(&failure, operation), &failure) {
            Verdict::Fatal => return Err(failure),
            // The next listing will not contain it.
            Verdict::Vanished => return Ok(None),
            Verdict::NotSupported => (Outcome::NotSupported, None),
            Verdict::Missing(_) => (Outcome::Missing, Some(message.as_str())),
        };
        let reading = Reading { detail, directory_id: directory, outcome, reason };
        directory_readings::note(self.work.pool, self.work.step, reading, &self.work.ledger.take(0)).await?;
        Ok(None)
    }

    /// The reason why a detail that was told is only part of it; `None` when it is whole.
    pub(in crate::collector) fn withheld(
        &mut self,
        operation: Operation,
        failure: Option<StepFailure>,
    ) -> Result<Option<String>, StepFailure> {
        let Some(failure) = failure else { return Ok(None) };
        match self.gaps.add(operation, &failure) {
            Verdict::Fatal => Err(failure),
            Verdict::NotSupported | Verdict::Vanished => Ok(None),
            Verdict::Missing(_) => Ok(Some(failure.to_string())),
        }
    }

    /// What was spent since the last write, on an answer in which `rejected` things had no
    /// id.
    pub(in crate::collector) fn spent(&mut self, thing: &'static str, rejected: u64) -> Spent {
        self.gaps.add_unidentified(thing, rejected);
        self.work.ledger.take(rejected)
    }

    /// Whether any detail is there.
    pub(in crate::collector) const fn has_told(&self) -> bool {
        self.told
    }

    /// Why the step is only partly complete.
    pub(in crate::collector) fn into_error(self) -> Option<StepError> {
        self.gaps.into_error()
    }
}

/// A detail may take several operations; the failure says which one it was.
fn operation_of(failure: &StepFailure, asked: Operation) -> Operation {
    match failure {
        StepFailure::Call(error) => error.operation(),
        StepFailure::RepeatedToken { operation }
        | StepFailure::EndlessPages { operation }
        | StepFailure::Figures { operation, .. } => *operation,
        StepFailure::Queue(_) | StepFailure::Behind { .. } | StepFailure::Write(_) => asked,
    }
}
