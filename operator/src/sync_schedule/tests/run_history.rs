//! What a schedule remembers of its runs.

use std::sync::Arc;

use contract::{Outcome, Report};
use crds::status::RunOutcome;
use jiff::Timestamp;
use serde_json::json;

use super::{plain, seen};
use crate::{
    fixtures::{a_pod_with_report, a_schedule, an_ended_job},
    sync_schedule::{
        dereference::Seen,
        runs::{Runs, runs},
    },
};

const SCHEDULE_UID: &str = "00000000-0000-0000-0000-000000000002";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Runs that ended one a minute with these outcomes.
fn after(outcomes: &[Outcome]) -> Seen {
    let (schedule, account) = plain();
    let mut seen = seen(&schedule, Some(&account));
    for (minute, outcome) in outcomes.iter().enumerate() {
        let name = format!("run-{minute}");
        seen.jobs.push(an_ended_job(&name, SCHEDULE_UID, &format!("2026-01-01T00:{:02}:00Z", minute + 1)));
        seen.pods.push(a_pod_with_report(&name, 0, &Report::new(*outcome, "Reason", "message")));
    }
    seen
}

fn remembered(seen: &Seen) -> Runs {
    runs(seen, at("2026-01-02T00:00:00Z"))
}

#[test]
fn failures_in_a_row_are_counted_and_skipped_runs_are_not() {
    let runs = remembered(&after(&[Outcome::Complete, Outcome::Failed, Outcome::Skipped, Outcome::Partial]));
    assert_eq!(runs.consecutive_failures, 2);
    assert_eq!(runs.last_successful_time, Some(at("2026-01-01T00:01:00Z")));
    assert_eq!(runs.last_run.unwrap().outcome, RunOutcome::Partial);
}

#[test]
fn a_success_ends_the_row() {
    let runs = remembered(&after(&[Outcome::Failed, Outcome::Failed, Outcome::Complete]));
    assert_eq!((runs.consecutive_failures, runs.last_successful_time), (0, Some(at("2026-01-01T00:03:00Z"))));
}

#[test]
fn a_run_is_counted_once_however_often_it_is_seen_and_remembered_when_its_job_is_gone() {
    let mut seen = after(&[Outcome::Failed]);
    let first = remembered(&seen);
    let status = json!({
        "lastRun": first.last_run, "consecutiveFailures": first.consecutive_failures,
    });
    seen.schedule = a_schedule(|json| json["status"] = status);
    assert_eq!(remembered(&seen), first);
    seen.jobs.clear();
    assert_eq!(remembered(&seen), first);
}

#[test]
fn a_jobs_end_waits_a_moment_for_its_pods() {
    let mut seen = after(&[Outcome::Complete]);
    seen.pods.clear();
    let early = runs(&seen, at("2026-01-01T00:01:01Z"));
    assert!(early.unread && early.last_run.is_none());
    let late = runs(&seen, at("2026-01-01T00:02:00Z"));
    let run = late.last_run.unwrap();
    assert_eq!((run.outcome, run.aws_calls), (RunOutcome::Failed, None), "unknown is never zero");
}

#[test]
fn the_last_schedule_time_comes_from_the_cron_job_controllers_annotation() {
    let mut seen = after(&[Outcome::Complete]);
    let mut job = (*seen.jobs[0]).clone();
    let due = "2026-01-01T00:00:30Z";
    job.metadata.annotations =
        Some([("batch.kubernetes.io/cronjob-scheduled-timestamp".to_owned(), due.to_owned())].into());
    seen.jobs = vec![Arc::new(job)];
    assert_eq!(remembered(&seen).last_schedule_time, Some(at(due)));
}
