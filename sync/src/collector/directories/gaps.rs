//! What of a step could not be read, put into one sentence that names the permissions.

use std::collections::{BTreeMap, BTreeSet};

use store::run_step::StepError;

use super::super::work::StepFailure;
use crate::aws::{
    error::{CallError, ErrorClass},
    operation::Operation,
};

/// What came of a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::collector) enum Verdict {
    /// This kind of directory has no such thing.
    NotSupported,
    /// The directory is gone since it was listed.
    Vanished,
    /// It is missing, by this class of error.
    Missing(ErrorClass),
    /// The step cannot go on.
    Fatal,
}

impl Verdict {
    pub(in crate::collector) const fn is_permission(self) -> bool {
        matches!(self, Self::Missing(ErrorClass::Permission))
    }
}

/// The gaps of one step.
#[derive(Debug, Default)]
pub(in crate::collector) struct Gaps {
    /// Actions of IAM that are not allowed.
    denied: BTreeSet<String>,
    /// The first message of every other class.
    failed: BTreeMap<ErrorClass, String>,
    /// Things without an id, by their name.
    unidentified: BTreeMap<&'static str, u64>,
}

impl Gaps {
    /// Notes a failed call of `operation`, where something is missing by it.
    pub(in crate::collector) fn add(&mut self, operation: Operation, failure: &StepFailure) -> Verdict {
        let verdict = judge(failure);
        if let Verdict::Missing(class) = verdict {
            if class == ErrorClass::Permission {
                self.denied.insert(operation.iam_action());
            } else {
                self.failed.entry(class).or_insert_with(|| failure.to_string());
            }
        }
        verdict
    }

    /// Notes that `count` things had no id.
    pub(in crate::collector) fn add_unidentified(&mut self, thing: &'static str, count: u64) {
        if count > 0 {
            *self.unidentified.entry(thing).or_default() += count;
        }
    }

    /// Why the step is only partly complete; `None` when it is whole. What another pod may
    /// still read comes first, because then there will be another pod.
    pub(in crate::collector) fn into_error(self) -> Option<StepError> {
        let mut sentences = Vec::new();
        let mut classes = BTreeSet::new();
        if !self.denied.is_empty() {
            classes.insert(ErrorClass::Permission);
            let actions = self.denied.into_iter().collect::<Vec<_>>().join(", ");
            sentences.push(format!("not allowed: {actions}; {}", ErrorClass::Permission.remedy()));
        }
        for (class, message) in self.failed {
            classes.insert(class);
            sentences.push(message);
        }
        if !self.unidentified.is_empty() {
            classes.insert(ErrorClass::Contract);
            let things = self.unidentified.iter().map(|(thing, count)| format!("{count} {thing}(s)"));
            let things = things.collect::<Vec<_>>().join(", ");
            sentences.push(format!("AWS described {things} without an id; {}", ErrorClass::Contract.remedy()));
        }
        let retried = classes.iter().find(|class| class.is_worth_another_pod());
        let class = *retried.or_else(|| classes.first())?;
        Some(StepError {
            class: class.as_str(),
            message: sentences.join(". "),
            retryable: class.is_worth_another_pod(),
        })
    }
}

/// Directory Service and `WorkSpaces` have four names for "there is no such directory".
const VANISHED: [&str; 4] = [
    "EntityDoesNotExistException",
    "DirectoryDoesNotExistException",
    "ResourceNotFoundException",
    "CertificateDoesNotExistException",
];

fn judge(failure: &StepFailure) -> Verdict {
    match failure {
        StepFailure::Call(CallError::Aws { class, code, .. }) => match code.as_deref() {
            Some("UnsupportedOperationException" | "OperationNotSupportedException") => Verdict::NotSupported,
            Some(code) if VANISHED.contains(&code) => Verdict::Vanished,
            _ => Verdict::Missing(*class),
        },
        StepFailure::RepeatedToken { .. } | StepFailure::EndlessPages { .. } | StepFailure::Figures { .. } => {
            Verdict::Missing(ErrorClass::Contract)
        }
        StepFailure::Call(CallError::Pace { .. } | CallError::Budget { .. } | CallError::Stopped { .. })
        | StepFailure::Queue(_)
        | StepFailure::Behind { .. }
        | StepFailure::Write(_) => Verdict::Fatal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(class: ErrorClass, code: &str) -> StepFailure {
        let operation = Operation::DescribeTrusts;
        let (code, message) = (Some(code.to_owned()), "AWS's words".to_owned());
        StepFailure::Call(CallError::Aws { operation, class, code, message, attempts: 1 })
    }

    #[test]
    fn what_does_not_apply_is_no_gap() {
        let mut gaps = Gaps::default();
        let unsupported = failed(ErrorClass::BadRequest, "UnsupportedOperationException");
        assert_eq!(gaps.add(Operation::DescribeTrusts, &unsupported), Verdict::NotSupported);
        let gone = failed(ErrorClass::BadRequest, "EntityDoesNotExistException");
        assert_eq!(gaps.add(Operation::DescribeTrusts, &gone), Verdict::Vanished);
        assert_eq!(gaps.into_error(), None);
    }

    #[test]
    fn every_missing_permission_is_named_once_in_one_sentence() {
        let mut gaps = Gaps::default();
        let denied = failed(ErrorClass::Permission, "AccessDeniedException");
        for operation in [Operation::DescribeTrusts, Operation::DescribeIpGroups, Operation::DescribeTrusts] {
            assert!(gaps.add(operation, &denied).is_permission());
        }
        let error = gaps.into_error().unwrap();
        assert_eq!((error.class, error.retryable), ("permission", false));
        assert!(error.message.starts_with("not allowed: ds:DescribeTrusts, workspaces:DescribeIpGroups; attach"));
    }

    #[test]
    fn what_another_pod_may_read_makes_the_step_worth_one() {
        let mut gaps = Gaps::default();
        gaps.add(Operation::DescribeIpGroups, &failed(ErrorClass::Permission, "AccessDeniedException"));
        gaps.add(Operation::DescribeTrusts, &failed(ErrorClass::Fault, "ServiceException"));
        let error = gaps.into_error().unwrap();
        assert_eq!((error.class, error.retryable), ("fault", true));
        assert!(error.message.contains("workspaces:DescribeIpGroups"), "{}", error.message);
    }

    #[test]
    fn a_stop_or_a_broken_database_ends_the_step() {
        let stopped = StepFailure::Call(CallError::Stopped { operation: Operation::DescribeTrusts });
        assert_eq!(Gaps::default().add(Operation::DescribeTrusts, &stopped), Verdict::Fatal);
    }
}
