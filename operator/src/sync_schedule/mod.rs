//! The controller of `SyncSchedule`: keeps its CronJob as the spec asks, starts a Job when a
//! run is asked for, and says how runs ended.
//!
//! ```text
//! dereference  its account, CronJob, Jobs and pods                              (caches)
//! runs         the status's memory of runs, brought up to date                  (pure)
//! request      a run that is asked for, and the desktops it is about            (pure)
//! validate     object + account → ValidSchedule: cron, zone, regions, plans     (pure)
//! build        ValidSchedule → CronJob, and a Job when a run is asked for       (pure)
//! apply        server-side apply of the CronJob, creation of the Job            (API server)
//! status       conditions and times                                             (pure)
//! ```

mod apply;
mod build;
mod dereference;
mod request;
mod runs;
mod status;
mod timing;
mod validate;

use std::{sync::Arc, time::Duration};

use crds::{SyncSchedule, status::SyncScheduleStatus};
use jiff::Timestamp;
use kube::runtime::controller::Action;

use crate::{
    context::Context,
    controller::look_again,
    markers::is_paused,
    status_patch::{StatusError, write_status},
    sync_schedule::{apply::ApplyError, dereference::Seen, runs::Runs, status::View},
    transitions,
};

pub(crate) use apply::HELD;

/// The kind in logs and metrics.
pub(crate) const KIND: &str = "SyncSchedule";

/// What can go wrong; every variant is tried again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The children.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// The status.
    #[error(transparent)]
    Status(#[from] StatusError),
}

/// Brings one schedule to where its spec wants it, as far as that is possible now.
pub(crate) async fn reconcile(schedule: Arc<SyncSchedule>, context: Arc<Context>) -> Result<Action, Error> {
    let now = Timestamp::now();
    let schedule = context.written_schedules.newest(schedule);
    if is_paused(&*schedule) {
        write(&context, &schedule, status::paused(&schedule, now)).await?;
        return Ok(Action::await_change());
    }
    let seen = Seen::of(&schedule, &context.caches);
    let runs = runs::runs(&seen, now);
    let valid = validate::validate(&seen, &context.settings.allowed);
    let outcome = match &valid {
        Ok(valid) => apply::apply(&context, &seen, build::build(valid, &context.settings.pods)).await,
        Err(invalid) if invalid.holds_runs() => apply::hold(&context, &seen).await,
        Err(_) => Ok(apply::leave(&seen)),
    };
    let view = View { seen: &seen, runs: &runs, valid: valid.as_ref(), outcome: &outcome, now };
    let status = status::status(&view);
    let due = due(&runs, &status, now);
    write(&context, &schedule, status).await?;
    outcome?;
    Ok(look_again(&*schedule, due))
}

/// When to look again: in a moment for a run whose pods are not in the cache yet, else just
/// after the next run is due, so that `nextScheduleTime` moves on together with that run's Job.
fn due(runs: &Runs, status: &SyncScheduleStatus, now: Timestamp) -> Option<Duration> {
    if runs.unread {
        return Some(Duration::from_secs(1));
    }
    let next = status.next_schedule_time.as_ref()?;
    let wait = Duration::try_from(next.0.duration_since(now)).unwrap_or_default();
    Some(wait + Duration::from_secs(2))
}

/// Writes the status if it is not what the object has already, and tells about the change.
async fn write(context: &Context, schedule: &SyncSchedule, status: SyncScheduleStatus) -> Result<(), StatusError> {
    let old = schedule.status.clone().unwrap_or_default();
    if let Some(written) = write_status(context, KIND, schedule, schedule.status.as_ref(), &status).await? {
        context.written_schedules.remember(written);
        transitions::tell(context, schedule, &old.conditions, &status.conditions).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::states;
