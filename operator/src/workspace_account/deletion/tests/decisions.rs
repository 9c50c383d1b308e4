//! The chain of decisions, and what holds whatever is seen.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::{
    conditions::Verdict,
    workspace_account::deletion::{
        purges::{Active, Done, Failed},
        step::{Release, Step, step},
    },
};

const MINUTE_5: &str = "2026-01-01T00:05:00Z";
const MINUTE_10: &str = "2026-01-01T00:10:00Z";

fn active(is_running: bool) -> Active {
    Active { job: "wsa-prod-1".to_owned(), is_running, waiting_for: None }
}

fn done(ended: &str) -> Done {
    Done { ended: at(ended), words: Some("removed 12 rows".to_owned()) }
}

fn failed(ended: &str) -> Failed {
    Failed { ended: at(ended), words: "the Secret deskfleet-database has no key migrate".to_owned() }
}

fn kept() -> Rows {
    Rows::Kept { by: "others/prod".to_owned() }
}

fn changed(change: impl FnOnce(&mut Situation)) -> Situation {
    let mut situation = quiet();
    change(&mut situation);
    situation
}

fn released(situation: &Situation, now: &str) -> Release {
    match step(situation, at(now)) {
        Step::Release(release) => release,
        other => panic!("not let go: {other:?}"),
    }
}

/// The reason and message of what is waited for, and what `Purged` says.
fn waits(situation: &Situation, now: &str) -> (String, String, Verdict) {
    match step(situation, at(now)) {
        Step::Wait(wait) => (wait.reason.to_string(), wait.message, wait.purged),
        other => panic!("not waiting: {other:?}"),
    }
}

#[test]
fn when_nothing_writes_any_more_the_rows_are_removed() {
    assert_eq!(step(&quiet(), at(MINUTE_5)), Step::Purge { attempt: 0 });
}

#[test]
fn what_may_be_starting_right_now_is_given_time_to_be_seen() {
    assert_eq!(waits(&quiet(), "2026-01-01T00:00:04Z").0, "Purging");
    let (reason, _, purged) = waits(&changed(|seen| seen.quiet_since = None), MINUTE_5);
    assert_eq!((reason.as_str(), purged), ("Purging", Verdict::False));
}

#[test]
fn whatever_still_works_is_waited_for_by_name_and_for_as_long_as_it_takes() {
    let busy = changed(|seen| {
        seen.work_left = Some("the Job desktops/ss-nightly-1 is at work: wait, or delete it".to_owned());
        seen.quiet_since = None;
    });
    let (reason, message, purged) = waits(&busy, "2026-01-02T00:00:00Z");
    assert_eq!((reason.as_str(), purged), ("WaitingForJobs", Verdict::Unknown));
    assert!(message.contains("ss-nightly-1"), "{message}");
}

#[test]
fn children_that_kubernetes_removes_go_first() {
    let foreground = changed(|seen| seen.children_go = true);
    assert_eq!(waits(&foreground, MINUTE_5).0, "WaitingForJobs");
}

#[test]
fn a_completed_purge_lets_the_object_go_with_its_words() {
    let purged = changed(|seen| seen.purges.done = Some(done("2026-01-01T00:04:00Z")));
    assert_eq!(released(&purged, MINUTE_5), Release::Purged { words: Some("removed 12 rows".to_owned()) });
    let silent = changed(|seen| seen.purges.done = Some(Done { ended: at(MINUTE_5), words: None }));
    assert_eq!(waits(&silent, MINUTE_5).0, "Purging");
    assert_eq!(released(&silent, MINUTE_10), Release::Purged { words: None });
}

#[test]
fn rows_that_a_living_object_names_are_left_to_it() {
    let early = changed(|seen| seen.rows = kept());
    assert_eq!(released(&early, MINUTE_5), Release::Kept { by: "others/prod".to_owned() });
    // One that came after the purge had begun waits for its end.
    let late = changed(|seen| {
        seen.rows = kept();
        seen.purges.active = Some(active(true));
    });
    assert_eq!(waits(&late, MINUTE_5).0, "Purging");
}

#[test]
fn rows_of_an_account_that_was_never_proven_are_left_alone() {
    assert_eq!(released(&changed(|seen| seen.rows = Rows::NeverOurs), MINUTE_5), Release::NeverProven);
}

#[test]
fn a_policy_that_changed_to_retain_lets_the_object_go_at_once() {
    let retained = changed(|seen| {
        seen.policy = DeletionPolicy::Retain;
        seen.is_paused = true;
        seen.purges.active = Some(active(true));
    });
    assert_eq!(released(&retained, MINUTE_5), Release::Retained);
}

#[test]
fn a_namespace_that_ends_is_never_held() {
    let ends = changed(|seen| {
        seen.namespace_ends = true;
        seen.is_paused = true;
        seen.children_go = true;
        seen.work_left = Some("something".to_owned());
    });
    assert_eq!(released(&ends, MINUTE_5), Release::NamespaceEnds);
}

#[test]
fn a_paused_object_is_left_alone() {
    assert_eq!(step(&changed(|seen| seen.is_paused = true), at(MINUTE_10)), Step::Pause);
}

#[rstest]
#[case(1, "2026-01-01T00:02:14Z", false)]
#[case(1, "2026-01-01T00:02:15Z", true)]
#[case(2, "2026-01-01T00:02:29Z", false)]
#[case(2, "2026-01-01T00:02:30Z", true)]
#[case(40, "2026-01-01T00:03:59Z", false)]
#[case(40, "2026-01-01T00:04:00Z", true)]
fn failed_purges_are_tried_again_after_ever_longer(#[case] failures: usize, #[case] now: &str, #[case] again: bool) {
    let situation = changed(|seen| seen.purges.failed = vec![failed("2026-01-01T00:02:00Z"); failures]);
    if again {
        assert_eq!(step(&situation, at(now)), Step::Purge { attempt: failures });
    } else {
        let (reason, message, _) = waits(&situation, now);
        assert_eq!(reason, "PurgeFailing");
        assert!(message.contains("no key migrate"), "{message}");
    }
}

#[test]
fn after_ten_minutes_of_failure_the_object_goes_and_says_why() {
    let failing = changed(|seen| seen.purges.failed = vec![failed("2026-01-01T00:09:59Z")]);
    assert!(matches!(step(&failing, at("2026-01-01T00:09:59Z")), Step::Wait(_)));
    let why = "the Secret deskfleet-database has no key migrate".to_owned();
    assert_eq!(released(&failing, MINUTE_10), Release::GaveUp { why });
    // A Job that cannot even be made leaves its words in the status.
    let refused = changed(|seen| seen.last_words = Some("exceeded quota".to_owned()));
    assert_eq!(released(&refused, MINUTE_10), Release::GaveUp { why: "exceeded quota".to_owned() });
}

#[test]
fn a_purge_that_runs_may_take_long_and_one_that_does_not_start_may_not() {
    let running = changed(|seen| seen.purges.active = Some(active(true)));
    assert_eq!(waits(&running, "2026-01-01T00:50:00Z").0, "Purging");
    let pending = changed(|seen| {
        seen.purges.active = Some(Active { waiting_for: Some("0/1 nodes".to_owned()), ..active(false) });
    });
    let (reason, message, _) = waits(&pending, MINUTE_5);
    assert!(reason == "PurgeFailing" && message.contains("0/1 nodes"), "{reason}: {message}");
    assert!(matches!(released(&pending, MINUTE_10), Release::GaveUp { .. }));
}

fn any_situation() -> impl Strategy<Value = Situation> {
    let flags =
        (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let purges = (proptest::option::of(any::<bool>()), any::<bool>(), 0..4_usize);
    let since = proptest::option::of(0..1_200_i64);
    (flags, purges, since).prop_map(
        |((retain, paused, ends, kept_by_another, proven, children, busy), (at_work, complete, failures), since)| {
            changed(|seen| {
                seen.policy = if retain { DeletionPolicy::Retain } else { DeletionPolicy::Delete };
                seen.is_paused = paused;
                seen.namespace_ends = ends;
                seen.rows = if kept_by_another {
                    kept()
                } else if proven {
                    Rows::Ours
                } else {
                    Rows::NeverOurs
                };
                seen.children_go = children;
                seen.work_left = busy.then(|| "something works".to_owned());
                seen.purges.active = at_work.map(active);
                seen.purges.done = complete.then(|| done("2026-01-01T00:04:00Z"));
                seen.purges.failed = vec![failed("2026-01-01T00:02:00Z"); failures];
                seen.quiet_since = since
                    .map(|second| Timestamp::from_second(at("2026-01-01T00:00:00Z").as_second() + second).unwrap());
            })
        },
    )
}

proptest! {
    #[test]
    fn rows_are_removed_only_when_they_are_nobodys_and_nothing_writes_them(
        situation in any_situation(), second in 0..2_400_i64,
    ) {
        let now = Timestamp::from_second(at("2026-01-01T00:00:00Z").as_second() + second).unwrap();
        if let Step::Purge { .. } = step(&situation, now) {
            prop_assert_eq!(situation.policy, DeletionPolicy::Delete);
            prop_assert!(situation.rows == Rows::Ours && situation.work_left.is_none());
            prop_assert!(!situation.is_paused && !situation.namespace_ends && !situation.children_go);
            prop_assert!(situation.purges.active.is_none() && situation.purges.done.is_none());
            prop_assert!(situation.quiet_since.is_some_and(|since| since < now));
        }
    }

    #[test]
    fn nothing_holds_an_object_in_a_namespace_that_ends(situation in any_situation(), second in 0..2_400_i64) {
        let now = Timestamp::from_second(at("2026-01-01T00:00:00Z").as_second() + second).unwrap();
        let ends = Situation { namespace_ends: true, ..situation };
        prop_assert!(matches!(step(&ends, now), Step::Release(_)));
    }

    #[test]
    fn a_purge_that_does_not_run_holds_an_object_for_ten_minutes_at_most(situation in any_situation()) {
        let Some(since) = situation.quiet_since else { return Ok(()) };
        let late = Timestamp::from_second(since.as_second() + 600).unwrap();
        let running = situation.purges.active.as_ref().is_some_and(|active| active.is_running);
        if !running && !situation.is_paused {
            prop_assert!(matches!(step(&situation, late), Step::Release(_)));
        }
    }
}
