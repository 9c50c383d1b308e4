//! A run that somebody asks for by annotations, and the desktops it is about.

use std::collections::BTreeSet;

use contract::MAX_PLAN_DESKTOPS;
use crds::{SyncSchedule, markers::RUN_DESKTOPS};
use fleet::WorkspaceId;
use identifiers::Source;
use kube::ResourceExt as _;

use crate::markers::new_request;

/// A run that was asked for and has not been started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The request as the status echoes it.
    pub(super) value: String,
    /// What it is about; everything when empty.
    pub(super) desktops: BTreeSet<String>,
}

/// Why desktops cannot be read as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidDesktops {
    /// Not an id.
    #[error(
        "metadata.annotations[{RUN_DESKTOPS}]: {text:?} is not the id of a WorkSpace: write ids such as ws-0a1b2c3d4, with commas between them, or remove the annotation to read all"
    )]
    NoId {
        /// What stands there.
        text: String,
    },
    /// More than a plan may name.
    #[error(
        "metadata.annotations[{RUN_DESKTOPS}] names {count} WorkSpaces, at most {MAX_PLAN_DESKTOPS} are allowed: name fewer, or remove the annotation to read all"
    )]
    TooMany {
        /// How many.
        count: usize,
    },
    /// The schedule reads nothing by the desktop.
    #[error(
        "spec.sources: none of them reads single WorkSpaces, which {RUN_DESKTOPS} asks for: ask a schedule that has one of {sources}"
    )]
    NoSource {
        /// Those that do.
        sources: String,
    },
}

/// The longest piece of a wrong id that is shown.
const LONGEST_SHOWN: usize = 80;

impl Request {
    /// The request of `schedule`, if it was not handled yet. What an earlier request was about
    /// is not looked at.
    pub(super) fn of(schedule: &SyncSchedule) -> Result<Option<Self>, InvalidDesktops> {
        let handled = schedule.status.as_ref().and_then(|status| status.last_handled_run_at.as_deref());
        let Some(value) = new_request(schedule, handled) else { return Ok(None) };
        let desktops = schedule.annotations().get(RUN_DESKTOPS).map(|text| desktops(text)).transpose()?;
        let desktops = desktops.unwrap_or_default();
        if !desktops.is_empty() && !schedule.spec.sources.iter().any(|source| source.is_by_desktop()) {
            return Err(InvalidDesktops::NoSource { sources: by_desktop() });
        }
        Ok(Some(Self { value, desktops }))
    }
}

fn desktops(text: &str) -> Result<BTreeSet<String>, InvalidDesktops> {
    let words = text.split(|character: char| character == ',' || character.is_whitespace());
    let desktops: BTreeSet<String> = words.filter(|word| !word.is_empty()).map(id).collect::<Result<_, _>>()?;
    match desktops.len() {
        count if count > MAX_PLAN_DESKTOPS => Err(InvalidDesktops::TooMany { count }),
        _ => Ok(desktops),
    }
}

/// What a person writes has to begin as ids do, which AWS's own answers need not.
fn id(word: &str) -> Result<String, InvalidDesktops> {
    let is_id = word.strip_prefix("ws-").is_some_and(|rest| !rest.is_empty());
    match WorkspaceId::try_from(word) {
        Ok(id) if is_id => Ok(id.into()),
        _ => Err(InvalidDesktops::NoId { text: word.chars().take(LONGEST_SHOWN).collect() }),
    }
}

fn by_desktop() -> String {
    let sources = Source::ALL.into_iter().filter(|source| source.is_by_desktop());
    sources.map(|source| format!("{source:?}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;
    use crate::fixtures::a_schedule;

    fn asked(desktops: &str, sources: &[&str]) -> Result<Option<Request>, InvalidDesktops> {
        Request::of(&a_schedule(|json| {
            json["metadata"]["annotations"] =
                json!({"deskfleet.dev/run-requested-at": "now", "deskfleet.dev/run-desktops": desktops});
            json["spec"]["sources"] = json!(sources);
        }))
    }

    #[rstest]
    #[case::one("ws-0a1b2c3d4", &["ws-0a1b2c3d4"])]
    #[case::commas_spaces_and_lines(" ws-0a1b2c3d4,ws-111111111\n ws-0a1b2c3d4 ,", &["ws-0a1b2c3d4", "ws-111111111"])]
    #[case::nothing_is_everything(" , ", &[])]
    fn ids_are_read_however_they_are_separated(#[case] text: &str, #[case] ids: &[&str]) {
        let request = asked(text, &["Inventory", "Snapshots"]).unwrap().unwrap();
        assert_eq!(request.desktops, ids.iter().map(|id| (*id).to_owned()).collect());
    }

    #[test]
    fn what_is_no_id_is_named_with_the_remedy() {
        for text in ["ws-0a1b2c3d4, everything", "WS-0A1B2C3D4", "ws-", &"ws-x".repeat(100_000)] {
            let message = asked(text, &["Snapshots"]).unwrap_err().to_string();
            assert!(message.contains("run-desktops") && message.contains("write ids such as"), "{message}");
            assert!(message.len() < 400, "{message}");
        }
    }

    #[test]
    fn more_than_a_plan_may_name_are_refused_whole() {
        let ids = |count: usize| (0..count).map(|number| format!("ws-{number:09}")).collect::<Vec<_>>().join(",");
        assert_eq!(asked(&ids(500), &["Metrics"]).unwrap().unwrap().desktops.len(), 500);
        assert_eq!(asked(&ids(501), &["Metrics"]), Err(InvalidDesktops::TooMany { count: 501 }));
    }

    #[test]
    fn a_schedule_that_reads_nothing_by_the_desktop_says_who_does() {
        let message = asked("ws-0a1b2c3d4", &["Inventory", "Tags"]).unwrap_err().to_string();
        assert!(message.ends_with("one of ConnectionStatus, Snapshots, Metrics"), "{message}");
    }

    #[test]
    fn a_request_that_was_handled_is_over_whatever_the_annotation_says() {
        let schedule = a_schedule(|json| {
            json["metadata"]["annotations"] =
                json!({"deskfleet.dev/run-requested-at": "now", "deskfleet.dev/run-desktops": "everything"});
            json["status"] = json!({"lastHandledRunAt": "now"});
        });
        assert_eq!(Request::of(&schedule), Ok(None));
    }
}
