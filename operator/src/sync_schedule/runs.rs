//! The runs of a schedule: what the status remembers, brought up to date with Jobs that
//! started and ended since. Jobs may disappear; the memory stays.

use contract::{Outcome, Report};
use crds::status::{LastRun, Money, RunOutcome, RunTrigger, SourceCount};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{api::batch::v1::Job, apimachinery::pkg::apis::meta::v1::Time};
use kube::ResourceExt as _;

use super::dereference::Seen;
use crate::jobs::{Ending, JobReport, OUT_OF_TIME, belongs_to, ending, pods_of, report};

/// The time that a CronJob's Job was due; set by Kubernetes.
const SCHEDULED_AT: &str = "batch.kubernetes.io/cronjob-scheduled-timestamp";
/// How long an ended Job's pods may take to show up in the cache.
const PATIENCE: SignedDuration = SignedDuration::from_secs(15);

/// What is known about the runs of a schedule.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Runs {
    pub(super) last_schedule_time: Option<Timestamp>,
    pub(super) last_successful_time: Option<Timestamp>,
    pub(super) last_run: Option<LastRun>,
    pub(super) consecutive_failures: i32,
    /// A run has ended, but how has not been seen yet.
    pub(super) unread: bool,
}

/// Brings the status's memory up to date.
pub(super) fn runs(seen: &Seen, now: Timestamp) -> Runs {
    let status = seen.schedule.status.clone().unwrap_or_default();
    let mut runs = Runs {
        last_schedule_time: status.last_schedule_time.map(|time| time.0),
        last_successful_time: status.last_successful_time.map(|time| time.0),
        last_run: status.last_run,
        consecutive_failures: status.consecutive_failures,
        unread: false,
    };
    let mut ended = Vec::new();
    for job in &seen.jobs {
        runs.last_schedule_time = runs.last_schedule_time.max(scheduled_at(job));
        let Some(ending) = ending(job).filter(|ending| is_new(job, ending, runs.last_run.as_ref())) else { continue };
        let pods = pods_of(job, &seen.pods);
        match report(&ending, &pods) {
            JobReport::NoPods if now.duration_since(ending.ended) < PATIENCE => runs.unread = true,
            found => ended.push(last_run(job, &ending, found, seen)),
        }
    }
    ended.sort_by(|left, right| (left.completion_time.0, &left.name).cmp(&(right.completion_time.0, &right.name)));
    for run in ended {
        runs.count(&run);
        runs.last_run = Some(run);
    }
    runs
}

impl Runs {
    fn count(&mut self, run: &LastRun) {
        match run.outcome {
            RunOutcome::Complete => {
                self.consecutive_failures = 0;
                self.last_successful_time = self.last_successful_time.max(Some(run.completion_time.0));
            }
            RunOutcome::Partial | RunOutcome::Failed => {
                self.consecutive_failures = self.consecutive_failures.saturating_add(1);
            }
            RunOutcome::Skipped => {}
        }
    }
}

/// Runs are remembered in the order of their ends; equal ends are told apart by name.
fn is_new(job: &Job, ending: &Ending, last: Option<&LastRun>) -> bool {
    last.is_none_or(|last| (ending.ended, job.name_any()) > (last.completion_time.0, last.name.clone()))
}

fn scheduled_at(job: &Job) -> Option<Timestamp> {
    job.annotations().get(SCHEDULED_AT)?.parse().ok()
}

fn last_run(job: &Job, ending: &Ending, found: JobReport, seen: &Seen) -> LastRun {
    let (report, spoke) = match found {
        JobReport::Reported(report) => (report, true),
        JobReport::Silent { reason, message } => (Report::new(Outcome::Failed, reason, message), false),
        JobReport::NoPods => {
            (Report::new(Outcome::Failed, "NoReport", "the run's pods are gone without a report"), false)
        }
    };
    let report = explained(report);
    let requested = belongs_to(job.owner_references(), &[&seen.schedule.uid().unwrap_or_default()]);
    LastRun {
        name: job.name_any(),
        id: job.uid().unwrap_or_default(),
        trigger: if requested { RunTrigger::Request } else { RunTrigger::Schedule },
        outcome: outcome(report.outcome),
        reason: clipped(report.reason, 64),
        message: clipped(report.message, 1024),
        start_time: ending.started.map(Time),
        completion_time: Time(ending.ended),
        duration_seconds: ending.started.map(|started| ending.ended.duration_since(started).as_secs().max(0)),
        counts: report
            .counts
            .into_iter()
            .map(|(source, count)| SourceCount { source, count: i64::try_from(count).unwrap_or(i64::MAX) })
            .collect(),
        aws_calls: spoke.then(|| i64::try_from(report.calls).unwrap_or(i64::MAX)),
        estimated_cost: spoke.then(|| Money { amount: report.cost.to_string(), currency: "USD".to_owned() }),
    }
}

/// A run that ran out of time names the field that sets it.
fn explained(mut report: Report) -> Report {
    if report.reason == OUT_OF_TIME {
        let remedy = "the run took longer than spec.jobTimeoutSeconds and was stopped: raise it, or read less";
        report.message = format!("{remedy} ({})", report.message);
    }
    report
}

fn outcome(outcome: Outcome) -> RunOutcome {
    match outcome {
        Outcome::Skipped => RunOutcome::Skipped,
        Outcome::Complete => RunOutcome::Complete,
        Outcome::Partial => RunOutcome::Partial,
        Outcome::Failed => RunOutcome::Failed,
    }
}

/// Cuts a pod's text to the bound in our schema.
fn clipped(text: String, most: usize) -> String {
    if text.chars().count() <= most { text } else { text.chars().take(most).collect() }
}
