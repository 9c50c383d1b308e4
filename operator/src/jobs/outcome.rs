//! The report of a Job: the reports of its pods, added up.

use std::collections::BTreeMap;

use contract::{ExitCode, Outcome, Report, combine};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::{ContainerStateTerminated, Pod};
use kube::ResourceExt as _;

use super::{End, Ending};
use crate::pods::CONTAINER;

/// What a Job's pods said, or why they said nothing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum JobReport {
    /// The sum of the reports.
    Reported(Report),
    /// No pod left a report; the reason and message are the Job's or the last pod's.
    Silent { reason: String, message: String },
    /// The Job has ended, but its pods are not in the cache (yet).
    NoPods,
}

const INDEX: &str = "batch.kubernetes.io/job-completion-index";
const LONGEST_LOG: usize = 400;
/// The reason of a Job that took longer than its `activeDeadlineSeconds`.
pub(crate) const OUT_OF_TIME: &str = "DeadlineExceeded";

/// Nothing that the operator may read says why; the Job's events do.
const NO_POD: &str = "no pod of the Job could be made in the time it had: `kubectl describe job` says why, such as a \
                      ServiceAccount that is not there (spec.credentials), or a quota";

/// Adds up what the pods of an ended Job said: of each index only the last attempt counts.
pub(crate) fn report(ending: &Ending, pods: &[&Pod]) -> JobReport {
    let attempts = last_attempts(pods);
    let reports: Vec<Report> = attempts.values().filter_map(|attempt| reported(attempt)).collect();
    // A Job that ran out of time has failed whatever its pods had to say before.
    if let End::Failed { reason, message } = &ending.end
        && reason == OUT_OF_TIME
    {
        let read = combine(reports).map(|report| report.counts).unwrap_or_default();
        let words = if pods.is_empty() { NO_POD } else { message };
        let mut report = Report::new(Outcome::Failed, OUT_OF_TIME, words);
        if !read.is_empty() {
            report.outcome = Outcome::Partial;
            report.counts = read;
        }
        return JobReport::Reported(report);
    }
    let all_spoke = reports.len() == attempts.len();
    match (combine(reports), &ending.end) {
        (Some(report), _) if all_spoke => JobReport::Reported(report),
        // One index crashed: what the others read stays, the whole is partial.
        (Some(mut report), _) => {
            report.outcome = report.outcome.max(Outcome::Partial);
            JobReport::Reported(report)
        }
        (None, End::Failed { reason, message }) => match attempts.values().last() {
            Some(last) => silent(last),
            None if message.is_empty() => JobReport::NoPods,
            None => JobReport::Silent { reason: reason.clone(), message: message.clone() },
        },
        (None, End::Complete) => JobReport::NoPods,
    }
}

/// The container's end in the last pod of each index.
fn last_attempts<'a>(pods: &[&'a Pod]) -> BTreeMap<String, &'a ContainerStateTerminated> {
    let mut ended: Vec<(&Pod, &ContainerStateTerminated)> =
        pods.iter().filter_map(|pod| Some((*pod, terminated(pod)?))).collect();
    ended
        .sort_by_key(|(pod, state)| (state.finished_at.as_ref().map_or(Timestamp::MIN, |time| time.0), pod.name_any()));
    ended.into_iter().map(|(pod, state)| (pod.labels().get(INDEX).cloned().unwrap_or_default(), state)).collect()
}

fn terminated(pod: &Pod) -> Option<&ContainerStateTerminated> {
    let statuses = pod.status.as_ref()?.container_statuses.as_ref()?;
    statuses.iter().find(|status| status.name == CONTAINER)?.state.as_ref()?.terminated.as_ref()
}

fn reported(state: &ContainerStateTerminated) -> Option<Report> {
    let mut report = Report::parse(state.message.as_deref()?).ok()?;
    // The last attempt may end with "a retry may complete it" when no retry is left.
    if ExitCode::from_code(state.exit_code) == Some(ExitCode::PartialRetry) {
        report.outcome = report.outcome.max(Outcome::Partial);
    }
    Some(report)
}

fn silent(state: &ContainerStateTerminated) -> JobReport {
    let reason = match state.reason.as_deref() {
        Some("OOMKilled") => "OutOfMemory",
        _ => "Crashed",
    };
    let log = state.message.as_deref().unwrap_or_default().trim();
    let tail: String = log.chars().skip(log.chars().count().saturating_sub(LONGEST_LOG)).collect();
    let message = match reason {
        "OutOfMemory" => {
            "the pod was killed for using more memory than spec.resources.limits.memory: raise it".to_owned()
        }
        _ => format!("the pod ended with status {} without a report; the end of its log: {tail}", state.exit_code),
    };
    JobReport::Silent { reason: reason.to_owned(), message }
}

#[cfg(test)]
mod tests;
