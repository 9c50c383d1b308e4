//! Events about changes of an object's state: one when it becomes stalled or its runs begin
//! to fail, one when it recovers. None for plain success, none for what stays as it is.

use crds::conditions::{Condition, ConditionType, find};
use kube::{
    Resource,
    runtime::events::{Event, EventType},
};

use crate::{context::Context, controller::chain};

/// The longest note that the events API takes, in bytes.
const LONGEST_NOTE: usize = 1024;

/// Tells about the change from `old` to `new`, if it is worth telling. An event that cannot
/// be written is logged and forgotten: the status already says it.
pub(crate) async fn tell<K>(context: &Context, object: &K, old: &[Condition], new: &[Condition])
where
    K: Resource<DynamicType = ()>,
{
    for event in [state_event(old, new), run_event(old, new)].into_iter().flatten() {
        if let Err(error) = context.recorder.publish(&event, &object.object_ref(&())).await {
            tracing::warn!(error = chain(&error), "an event could not be written");
        }
    }
}

fn state_event(old: &[Condition], new: &[Condition]) -> Option<Event> {
    let (was, is) = (find(old, ConditionType::Stalled), find(new, ConditionType::Stalled));
    match (was, is) {
        (Some(was), Some(is)) if was.reason == is.reason => None,
        (_, Some(stalled)) => Some(event(EventType::Warning, stalled)),
        (Some(_), None) => find(new, ConditionType::Ready).map(|ready| event(EventType::Normal, ready)),
        (None, None) => None,
    }
}

/// Whether runs have begun to fail, fail otherwise, or succeed again.
fn run_event(old: &[Condition], new: &[Condition]) -> Option<Event> {
    let failing = |conditions| find(conditions, ConditionType::LastRunSucceeded).filter(|last| last.status == "False");
    match (failing(old), failing(new)) {
        (Some(was), Some(is)) if was.reason == is.reason => None,
        (_, Some(is)) => Some(event(EventType::Warning, is)),
        (Some(_), None) => find(new, ConditionType::LastRunSucceeded)
            .filter(|last| last.status == "True")
            .map(|last| event(EventType::Normal, last)),
        (None, None) => None,
    }
}

fn event(type_: EventType, condition: &Condition) -> Event {
    let note = Some(fitting_note(&condition.message));
    Event { type_, reason: condition.reason.clone(), note, action: "Reconcile".to_owned(), secondary: None }
}

/// As much of a text as an event takes.
pub(crate) fn fitting_note(text: &str) -> String {
    let mut end = text.len().min(LONGEST_NOTE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use crds::Reason;
    use jiff::Timestamp;

    use super::*;
    use crate::conditions::{ConditionsBuilder, Verdict};

    fn stalled(reason: Reason) -> Vec<Condition> {
        ConditionsBuilder::new(&[], 1, Timestamp::UNIX_EPOCH)
            .set(ConditionType::Ready, Verdict::False, reason, "no")
            .set(ConditionType::Stalled, Verdict::True, reason, "no")
            .build()
    }

    fn ready() -> Vec<Condition> {
        ConditionsBuilder::new(&[], 1, Timestamp::UNIX_EPOCH)
            .set(ConditionType::Ready, Verdict::True, Reason::Applied, "yes")
            .build()
    }

    #[test]
    fn becoming_stalled_and_recovering_are_told_once_each() {
        let warning = state_event(&ready(), &stalled(Reason::InvalidSchedule)).unwrap();
        assert!(matches!(warning.type_, EventType::Warning));
        assert_eq!(warning.reason, "InvalidSchedule");
        assert!(state_event(&stalled(Reason::InvalidSchedule), &stalled(Reason::InvalidSchedule)).is_none());
        let recovery = state_event(&stalled(Reason::InvalidSchedule), &ready()).unwrap();
        assert!(matches!(recovery.type_, EventType::Normal));
    }

    #[test]
    fn another_reason_is_told_and_plain_success_is_not() {
        assert!(state_event(&stalled(Reason::InvalidSchedule), &stalled(Reason::NameConflict)).is_some());
        assert!(state_event(&[], &ready()).is_none());
        assert!(state_event(&ready(), &ready()).is_none());
    }

    #[test]
    fn runs_that_begin_to_fail_fail_otherwise_or_succeed_again_are_told_once_each() {
        let ran = |verdict, reason| {
            ConditionsBuilder::new(&[], 1, Timestamp::UNIX_EPOCH)
                .set(ConditionType::LastRunSucceeded, verdict, reason, "so many")
                .build()
        };
        let complete = ran(Verdict::True, Reason::RunComplete);
        let (partial, failed) = (ran(Verdict::False, Reason::RunPartial), ran(Verdict::False, Reason::RunFailed));
        for (old, new, told) in [
            (&complete, &failed, Some("RunFailed")),
            (&ready(), &failed, Some("RunFailed")),
            (&failed, &failed, None),
            (&failed, &partial, Some("RunPartial")),
            (&partial, &complete, Some("RunComplete")),
            (&complete, &complete, None),
            (&ready(), &complete, None),
            (&failed, &ready(), None),
        ] {
            assert_eq!(run_event(old, new).map(|event| event.reason).as_deref(), told);
        }
    }
}
