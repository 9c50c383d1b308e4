//! Why a trail that was read to its end is only partly known.

use fleet::audit::reading::Stretch;
use store::{audit_reading::Found, run_step::StepError};

use super::super::work::unidentified;
use crate::aws::error::ErrorClass;

/// The class of what is missing without anything having failed.
const GAP: &str = "gap";
/// Operations named in a message.
const MOST_NAMES: usize = 5;

/// What to say at the end of a step that met these; `None` where nothing is missing.
pub(super) fn error(found: &Found, malformed: u64, rejected: u64) -> Option<StepError> {
    let told = [lost(&found.losses), unlisted(&found.operations)];
    let gaps = told.into_iter().flatten().collect::<Vec<_>>().join("; ");
    if !gaps.is_empty() {
        return Some(StepError { class: GAP, message: gaps, retryable: false });
    }
    unidentified("event", rejected).or_else(|| {
        (malformed > 0).then(|| StepError {
            class: ErrorClass::Contract.as_str(),
            message: format!(
                "{malformed} record(s) of CloudTrail are no JSON: who, what and when are kept, the rest is not known"
            ),
            retryable: false,
        })
    })
}

fn lost(losses: &[Stretch]) -> Option<String> {
    let (first, last) = (losses.first()?, losses.last()?);
    Some(format!(
        "changes between {} and {} are lost: CloudTrail forgets after 90 days, and the trail was not read in time",
        first.from, last.to
    ))
}

fn unlisted(operations: &[String]) -> Option<String> {
    let first = operations.first()?;
    let named = operations.iter().skip(1).take(MOST_NAMES - 1).fold(first.clone(), |named, name| named + ", " + name);
    Some(format!(
        "{} operation(s) are in no list of this release: {named}; they are looked up by name from now on and were read back over 90 days",
        operations.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_missing_is_no_error() {
        assert_eq!(error(&Found::default(), 0, 0), None);
    }

    #[test]
    fn a_gap_is_told_before_what_was_ill_formed() {
        let operations = (0..7).map(|number| format!("workspaces.amazonaws.com New{number}")).collect();
        let told = error(&Found { operations, losses: Vec::new() }, 3, 1).unwrap();
        assert_eq!(told.class, GAP);
        assert!(
            told.message.starts_with("7 operation(s)")
                && told.message.contains("New4")
                && !told.message.contains("New5")
        );
    }

    #[test]
    fn lost_time_is_told_with_both_ends() {
        let loss =
            Stretch { from: "2026-01-01T00:00:00Z".parse().unwrap(), to: "2026-02-01T00:00:00Z".parse().unwrap() };
        let told = error(&Found { operations: Vec::new(), losses: vec![loss] }, 0, 0).unwrap();
        assert!(told.message.contains("2026-01-01T00:00:00Z") && told.message.contains("2026-02-01T00:00:00Z"));
    }
}
