//! What the pods of a Job add up to.

use identifiers::Source;
use serde_json::json;

use super::*;

fn a_pod(name: &str, index: Option<u32>, finished: &str, exit_code: i32, message: &str) -> Pod {
    let labels = index.map(|index| json!({INDEX: index.to_string()})).unwrap_or_default();
    let state = json!({"terminated": {"exitCode": exit_code, "message": message, "finishedAt": finished}});
    let status = json!({"containerStatuses": [{"name": CONTAINER, "image": "", "imageID": "", "ready": false, "restartCount": 0, "state": state}]});
    serde_json::from_value(json!({"metadata": {"name": name, "labels": labels}, "status": status})).unwrap()
}

fn a_report(outcome: Outcome, desktops: u64) -> String {
    let mut report = Report::new(outcome, "Done", "read");
    report.counts.insert(Source::Inventory, desktops);
    report.calls = 4;
    report.to_message()
}

fn complete() -> Ending {
    Ending { started: None, ended: Timestamp::UNIX_EPOCH, end: End::Complete }
}

fn failed(reason: &str) -> Ending {
    let end = End::Failed { reason: reason.to_owned(), message: "the Job's own words".to_owned() };
    Ending { end, ..complete() }
}

fn sum(ending: &Ending, pods: &[Pod]) -> JobReport {
    report(ending, &pods.iter().collect::<Vec<_>>())
}

#[test]
fn of_one_pod_after_the_other_the_last_speaks() {
    let pods = [
        a_pod("b", None, "2026-01-01T00:02:00Z", 0, &a_report(Outcome::Complete, 7)),
        a_pod("a", None, "2026-01-01T00:01:00Z", 30, &a_report(Outcome::Failed, 0)),
    ];
    let JobReport::Reported(report) = sum(&complete(), &pods) else { panic!("a report") };
    assert_eq!((report.outcome, report.counts[&Source::Inventory]), (Outcome::Complete, 7));
}

#[test]
fn indexes_add_up_and_the_worst_outcome_wins() {
    let pods = [
        a_pod("a", Some(0), "2026-01-01T00:01:00Z", 0, &a_report(Outcome::Complete, 3)),
        a_pod("b", Some(1), "2026-01-01T00:01:00Z", 0, &a_report(Outcome::Partial, 4)),
    ];
    let JobReport::Reported(report) = sum(&complete(), &pods) else { panic!("a report") };
    assert_eq!((report.outcome, report.counts[&Source::Inventory], report.calls), (Outcome::Partial, 7, 8));
}

#[test]
fn a_last_attempt_that_wants_a_retry_is_partial() {
    let pods = [a_pod("a", None, "2026-01-01T00:01:00Z", 10, &a_report(Outcome::Complete, 3))];
    let JobReport::Reported(report) = sum(&failed("BackoffLimitExceeded"), &pods) else { panic!("a report") };
    assert_eq!(report.outcome, Outcome::Partial);
}

#[test]
fn a_crashed_index_makes_the_whole_partial_and_loses_nothing() {
    let pods = [
        a_pod("a", Some(0), "2026-01-01T00:01:00Z", 0, &a_report(Outcome::Complete, 3)),
        a_pod("b", Some(1), "2026-01-01T00:01:00Z", 101, "thread 'main' panicked"),
    ];
    let JobReport::Reported(report) = sum(&failed("FailedIndexes"), &pods) else { panic!("a report") };
    assert_eq!((report.outcome, report.counts[&Source::Inventory]), (Outcome::Partial, 3));
}

#[test]
fn a_crash_shows_the_end_of_its_log() {
    let pods = [a_pod("a", None, "2026-01-01T00:01:00Z", 101, "thread 'main' panicked")];
    let JobReport::Silent { reason, message } = sum(&failed("BackoffLimitExceeded"), &pods) else { panic!("silent") };
    assert_eq!(reason, "Crashed");
    assert!(message.contains("101") && message.ends_with("thread 'main' panicked"), "{message}");
}

#[test]
fn without_pods_the_jobs_own_condition_speaks() {
    let JobReport::Silent { reason, message } = sum(&failed("BackoffLimitExceeded"), &[]) else { panic!("silent") };
    assert_eq!((reason.as_str(), message.as_str()), ("BackoffLimitExceeded", "the Job's own words"));
}

#[test]
fn a_deadline_is_a_failure_of_its_own() {
    let JobReport::Reported(report) = sum(&failed("DeadlineExceeded"), &[]) else { panic!("a report") };
    assert_eq!((report.outcome, report.reason.as_str()), (Outcome::Failed, "DeadlineExceeded"));
}

#[test]
fn a_job_that_never_got_a_pod_says_where_to_look() {
    let JobReport::Reported(report) = sum(&failed("DeadlineExceeded"), &[]) else { panic!("a report") };
    assert!(
        report.message.contains("kubectl describe job") && report.message.contains("ServiceAccount"),
        "{}",
        report.message
    );
    let pods = [a_pod("a", None, "2026-01-01T00:01:00Z", 101, "thread 'main' panicked")];
    let JobReport::Reported(report) = sum(&failed("DeadlineExceeded"), &pods) else { panic!("a report") };
    assert_eq!(report.message, "the Job's own words");
}

#[test]
fn a_complete_job_whose_pods_are_not_seen_yet_says_so() {
    assert_eq!(sum(&complete(), &[]), JobReport::NoPods);
}
