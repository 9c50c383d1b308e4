//! The status of a schedule: conditions from what was applied, times and runs from what was
//! seen. Pure.

use crds::{
    Reason, SyncSchedule,
    conditions::{Condition, ConditionType, find},
    status::{LastRun, RunOutcome, SyncScheduleStatus},
};
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};

use super::{
    apply::{Applied, ApplyError},
    dereference::Seen,
    runs::Runs,
    validate::{Invalid, ValidSchedule},
};
use crate::conditions::{ConditionsBuilder, Verdict, paused as paused_conditions};

/// What a status is made from.
pub(super) struct View<'a> {
    pub(super) seen: &'a Seen,
    pub(super) runs: &'a Runs,
    pub(super) valid: Result<&'a ValidSchedule, &'a Invalid>,
    pub(super) outcome: &'a Result<Applied, ApplyError>,
    pub(super) now: Timestamp,
}

/// The status after this reconciliation.
pub(super) fn status(view: &View<'_>) -> SyncScheduleStatus {
    let old = view.seen.schedule.status.clone().unwrap_or_default();
    let applied = view.outcome.as_ref().ok();
    let handled = applied.and_then(|applied| applied.handled_request.clone());
    SyncScheduleStatus {
        observed_generation: generation(&view.seen.schedule),
        conditions: conditions(view, &old.conditions),
        cron_job: applied.map_or(old.cron_job, |applied| applied.cron_job.clone()),
        last_schedule_time: view.runs.last_schedule_time.map(Time),
        last_successful_time: view.runs.last_successful_time.map(Time),
        next_schedule_time: next_time(view).map(Time),
        last_run: view.runs.last_run.clone(),
        consecutive_failures: view.runs.consecutive_failures,
        last_handled_run_at: handled.or(old.last_handled_run_at),
    }
}

/// The status of a paused schedule: as it was, and `Paused`.
pub(super) fn paused(schedule: &SyncSchedule, now: Timestamp) -> SyncScheduleStatus {
    let old = schedule.status.clone().unwrap_or_default();
    SyncScheduleStatus { conditions: paused_conditions(&old.conditions, generation(schedule), now), ..old }
}

fn generation(schedule: &SyncSchedule) -> i64 {
    schedule.metadata.generation.unwrap_or_default()
}

/// When the CronJob fires next; nothing while it is suspended or not there. `@every` counts
/// from the last start, else from the creation of the CronJob, which follows that of the
/// schedule.
fn next_time(view: &View<'_>) -> Option<Timestamp> {
    let valid = view.valid.ok().filter(|valid| !valid.suspended)?;
    view.outcome.as_ref().ok()?;
    let created = |object: &ObjectMeta| object.creation_timestamp.as_ref().map(|time| time.0);
    let counted_from = view
        .runs
        .last_schedule_time
        .or_else(|| view.seen.cron_job.as_ref().and_then(|cron_job| created(&cron_job.metadata)))
        .or_else(|| created(&view.seen.schedule.metadata))?;
    valid.timing.next_start(counted_from, view.now)
}

fn conditions(view: &View<'_>, old: &[Condition]) -> Vec<Condition> {
    let ready = ready(view);
    let (last_verdict, last_reason, last_message) = last_run_succeeded(view.runs.last_run.as_ref(), old);
    ConditionsBuilder::new(old, generation(&view.seen.schedule), view.now)
        .set(ConditionType::Ready, ready.verdict, ready.reason, ready.message.clone())
        .set_while(ready.way == Way::Reconciling, ConditionType::Reconciling, ready.reason, ready.message.clone())
        .set_while(ready.way == Way::Stalled, ConditionType::Stalled, ready.reason, ready.message)
        .set(ConditionType::LastRunSucceeded, last_verdict, last_reason, last_message)
        .build()
}

/// Where the object stands as kstatus reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// There.
    Arrived,
    /// On the way.
    Reconciling,
    /// Stuck until somebody acts.
    Stalled,
}

struct Ready {
    verdict: Verdict,
    reason: Reason,
    message: String,
    way: Way,
}

/// An ordered chain: the first that has something to say decides.
fn ready(view: &View<'_>) -> Ready {
    let (verdict, reason, message, way) = match (view.valid, view.outcome) {
        (Err(invalid), _) => {
            let way = if invalid.may_pass() { Way::Reconciling } else { Way::Stalled };
            (Verdict::False, invalid.reason(), invalid.to_string(), way)
        }
        (Ok(_), Err(error)) => match error.refusal() {
            Some((reason, message)) => (Verdict::False, reason, message, Way::Stalled),
            None => (Verdict::Unknown, Reason::Applying, format!("{error}; it is tried again"), Way::Reconciling),
        },
        (Ok(valid), Ok(_)) if valid.suspended => {
            let by =
                if view.seen.schedule.spec.suspend { "spec.suspend" } else { "spec.suspend of its WorkspaceAccount" };
            (Verdict::True, Reason::Suspended, format!("no run starts by the clock while {by} is true"), Way::Arrived)
        }
        (Ok(valid), Ok(_)) => {
            let message =
                format!("the CronJob runs at \"{}\" in {}", valid.timing.expression(), valid.timing.zone_name());
            (Verdict::True, Reason::Applied, message, Way::Arrived)
        }
    };
    Ready { verdict, reason, message, way }
}

/// A skipped run says nothing about success: what was known before stays.
fn last_run_succeeded(last: Option<&LastRun>, old: &[Condition]) -> (Verdict, Reason, String) {
    let Some(last) = last else {
        return (Verdict::Unknown, Reason::NoRunYet, "no run has ended yet".to_owned());
    };
    let said = |outcome: &str| format!("{} {outcome}: {}", last.name, last.message);
    match last.outcome {
        RunOutcome::Complete => (Verdict::True, Reason::RunComplete, said("read everything")),
        RunOutcome::Partial => (Verdict::False, Reason::RunPartial, said("read a part")),
        RunOutcome::Failed => (Verdict::False, Reason::RunFailed, format!("{} ({})", said("failed"), last.reason)),
        RunOutcome::Skipped => match find(old, ConditionType::LastRunSucceeded) {
            Some(known) => {
                let verdict = match known.status.as_str() {
                    "True" => Verdict::True,
                    "False" => Verdict::False,
                    _ => Verdict::Unknown,
                };
                (verdict, known.reason.parse().unwrap_or(Reason::NoRunYet), known.message.clone())
            }
            None => (Verdict::Unknown, Reason::NoRunYet, said("was skipped")),
        },
    }
}
