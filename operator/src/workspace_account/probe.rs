//! When an account is probed, and what its last probe found.
//!
//! The status remembers: the last probe with its generation and end, and how many in a row
//! proved nothing. Jobs are only read, so their disappearance changes nothing.

use contract::{Details, Outcome, PermissionGroup as ReportedGroup, PermissionState as ReportedState, Report};
use crds::status::{LastProbe, PermissionGroup, PermissionState, ProbeOutcome};
use jiff::{SignedDuration, Timestamp};
use k8s_openapi::{api::batch::v1::Job, apimachinery::pkg::apis::meta::v1::Time};
use kube::ResourceExt as _;

use super::{build::Cause, dereference::Seen, findings::credentials};
use crate::{
    conditions::Verdict,
    jobs::{GENERATION, JobReport, ending, pods_of, report, waiting_for},
    markers::new_request,
};

/// How often a proven account is probed again.
const INTERVAL: SignedDuration = SignedDuration::from_hours(6);
/// How soon an unproven one is: doubled with each failure up to the interval, so that a
/// Secret that comes a little later than its account is found within a minute or two.
const FIRST_RETRY: SignedDuration = SignedDuration::from_secs(30);
/// How long an ended Job's pods may take to show up in the cache.
const PATIENCE: SignedDuration = SignedDuration::from_secs(15);

/// What is known about the probes of an account.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct History {
    pub(super) last: Option<LastProbe>,
    pub(super) consecutive_failures: i32,
    /// Since when the credentials are known to belong to the account.
    pub(super) proven_since: Option<Timestamp>,
    /// When they were last shown to.
    pub(super) last_proven: Option<Timestamp>,
    /// The Job at work, and what holds its pod up.
    pub(super) running: Option<Running>,
    /// A Job has ended, but what it found has not been seen yet.
    pub(super) unread: bool,
}

/// A probe at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Running {
    pub(super) job: String,
    pub(super) waiting_for: Option<String>,
}

/// What to do about probing now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Make a probe.
    Probe(Cause),
    /// One is at work.
    Wait { job: String },
    /// Look again in a moment: an ended Job's pods have not been seen yet.
    Soon,
    /// Nothing before this time; never by the clock while suspended.
    Nothing { next: Option<Timestamp> },
}

/// What the status remembers, brought up to date with Jobs that ended since.
pub(super) fn history(seen: &Seen, now: Timestamp) -> History {
    let status = seen.account.status.clone().unwrap_or_default();
    let mut history = History {
        last: status.last_probe,
        consecutive_failures: status.consecutive_failures,
        proven_since: status.proven_since.map(|time| time.0),
        last_proven: status.last_proven_time.map(|time| time.0),
        running: None,
        unread: false,
    };
    let mut ended = Vec::new();
    for job in &seen.jobs {
        let pods = pods_of(job, &seen.pods);
        let Some(ending) = ending(job) else {
            history.running = Some(Running { job: job.name_any(), waiting_for: waiting_for(&pods) });
            continue;
        };
        let is_new = history.last.as_ref().is_none_or(|last| ending.ended > last.completion_time.0);
        if is_new {
            let found = report(&ending, &pods);
            if found == JobReport::NoPods && now.duration_since(ending.ended) < PATIENCE {
                history.unread = true;
            } else {
                ended.push(last_probe(job, ending.started, ending.ended, found));
            }
        }
    }
    ended.sort_by_key(|probe| probe.completion_time.0);
    for probe in ended {
        history.remember_proof(&probe, &seen.account.spec.account_id);
        history.consecutive_failures =
            if probe.outcome == ProbeOutcome::Failed { history.consecutive_failures.saturating_add(1) } else { 0 };
        history.last = Some(probe);
    }
    history
}

impl History {
    /// A probe that cannot tell leaves what was known: an account must not change hands because
    /// AWS was out of reach for a moment.
    fn remember_proof(&mut self, probe: &LastProbe, account_id: &str) {
        let ended = probe.completion_time.0;
        match credentials(Some(probe)).verdict {
            Verdict::True if probe.caller_account.as_deref() == Some(account_id) => {
                self.proven_since.get_or_insert(ended);
                self.last_proven = Some(ended);
            }
            Verdict::Unknown => {}
            Verdict::True | Verdict::False => self.proven_since = None,
        }
    }
}

/// Decides about a probe.
pub(super) fn need(seen: &Seen, history: &History, now: Timestamp) -> Need {
    if let Some(running) = &history.running {
        return Need::Wait { job: running.job.clone() };
    }
    if history.unread {
        return Need::Soon;
    }
    if seen.account.spec.suspend {
        return Need::Nothing { next: None };
    }
    let handled = seen.account.status.as_ref().and_then(|status| status.last_handled_run_at.as_deref());
    let request = new_request(&*seen.account, handled);
    let after = history.last.as_ref().map(|last| last.completion_time.0);
    let next = after.map(|after| after.saturating_add(pause(history.consecutive_failures)).unwrap_or(after));
    let changed = history.last.as_ref().is_none_or(|last| Some(last.generation) != seen.account.metadata.generation);
    if changed || request.is_some() || next.is_some_and(|next| next <= now) {
        return Need::Probe(Cause { after, request });
    }
    Need::Nothing { next }
}

fn pause(failures: i32) -> SignedDuration {
    if failures <= 0 {
        return INTERVAL;
    }
    let doubled = 2_i32.saturating_pow(u32::try_from(failures - 1).unwrap_or_default());
    FIRST_RETRY.checked_mul(doubled).map_or(INTERVAL, |pause| pause.min(INTERVAL))
}

fn last_probe(job: &Job, started: Option<Timestamp>, ended: Timestamp, found: JobReport) -> LastProbe {
    let report = match found {
        JobReport::Reported(report) => report,
        JobReport::Silent { reason, message } => Report::new(Outcome::Failed, reason, message),
        JobReport::NoPods => Report::new(Outcome::Failed, "ProbeFailed", "the probe's pod is gone without a report"),
    };
    let details = match report.details {
        Some(Details::Probe(details)) => details,
        _ => contract::ProbeDetails::default(),
    };
    let permissions: Vec<PermissionGroup> = details.permissions.into_iter().map(permission_group).collect();
    let complete = permissions.iter().all(|group| group.state == PermissionState::Granted);
    LastProbe {
        name: job.name_any(),
        generation: job.annotations().get(GENERATION).and_then(|text| text.parse().ok()).unwrap_or_default(),
        start_time: started.map(Time),
        completion_time: Time(ended),
        outcome: match report.outcome {
            Outcome::Failed => ProbeOutcome::Failed,
            Outcome::Complete if complete => ProbeOutcome::Complete,
            Outcome::Complete | Outcome::Partial | Outcome::Skipped => ProbeOutcome::Partial,
        },
        reason: clipped(report.reason, 64),
        message: clipped(report.message, 1024),
        caller_account: details.caller_account.map(|text| clipped(text, 12)),
        caller_arn: details.caller_arn.map(|text| clipped(text, 2048)),
        permissions,
    }
}

fn permission_group(group: ReportedGroup) -> PermissionGroup {
    PermissionGroup {
        source: group.source,
        state: match group.state {
            ReportedState::Granted => PermissionState::Granted,
            ReportedState::Denied => PermissionState::Denied,
            ReportedState::Unknown => PermissionState::Unknown,
        },
        missing: group.missing.into_iter().take(32).map(|action| clipped(action, 128)).collect(),
    }
}

/// Cuts a pod's text to the bound in our schema.
fn clipped(text: String, most: usize) -> String {
    if text.chars().count() <= most { text } else { text.chars().take(most).collect() }
}
