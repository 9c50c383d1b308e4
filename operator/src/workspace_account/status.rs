//! The status of an account: conditions from its validity and its last probe. Pure.

use crds::{
    Reason, WorkspaceAccount,
    conditions::{Condition, ConditionType},
    status::WorkspaceAccountStatus,
};
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

use super::{
    ApplyError, InvalidAccount, Taken, ValidAccount,
    apply::AppliedProbe,
    dereference::Seen,
    findings::{Saying, credentials, failed_reason, is_proven, passes, permissions, reachable},
    probe::{History, Need},
};
use crate::conditions::{ConditionsBuilder, Verdict, paused as paused_conditions};

/// What a status is made from.
pub(super) struct View<'a> {
    pub(super) seen: &'a Seen,
    pub(super) history: &'a History,
    pub(super) need: &'a Need,
    pub(super) valid: Result<&'a ValidAccount, &'a InvalidAccount>,
    pub(super) now: Timestamp,
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

/// The status after this reconciliation.
pub(super) fn status(
    view: &View<'_>,
    applied: Option<&AppliedProbe>,
    failure: Option<&ApplyError>,
) -> WorkspaceAccountStatus {
    let old = view.seen.account.status.clone().unwrap_or_default();
    let handled = applied.and_then(|applied| applied.request.clone()).or(old.last_handled_run_at);
    WorkspaceAccountStatus {
        observed_generation: generation(&view.seen.account),
        conditions: conditions(view, &old.conditions, failure),
        last_probe: view.history.last.clone(),
        proven_since: view.history.proven_since.map(Time),
        last_proven_time: view.history.last_proven.map(Time),
        consecutive_failures: view.history.consecutive_failures,
        last_handled_run_at: handled,
    }
}

/// The status of a paused account: as it was, and `Paused`.
pub(super) fn paused(account: &WorkspaceAccount, now: Timestamp) -> WorkspaceAccountStatus {
    let old = account.status.clone().unwrap_or_default();
    WorkspaceAccountStatus { conditions: paused_conditions(&old.conditions, generation(account), now), ..old }
}

pub(super) fn generation(account: &WorkspaceAccount) -> i64 {
    account.metadata.generation.unwrap_or_default()
}

fn conditions(view: &View<'_>, old: &[Condition], failure: Option<&ApplyError>) -> Vec<Condition> {
    let (ready, way) = ready(view, failure);
    let last = view.history.last.as_ref();
    let mut builder = ConditionsBuilder::new(old, generation(&view.seen.account), view.now)
        .set(ConditionType::Ready, ready.verdict, ready.reason, ready.message.clone())
        .set_while(way == Way::Reconciling, ConditionType::Reconciling, ready.reason, ready.message.clone())
        .set_while(way == Way::Stalled, ConditionType::Stalled, ready.reason, ready.message);
    for (type_, saying) in [
        (ConditionType::CredentialsResolved, credentials(last)),
        (ConditionType::Reachable, reachable(last)),
        (ConditionType::PermissionsComplete, permissions(last)),
        (ConditionType::AccountConflict, conflict(view)),
    ] {
        builder = builder.set(type_, saying.verdict, saying.reason, saying.message);
    }
    builder.build()
}

/// An ordered chain: the first that has something to say decides.
fn ready(view: &View<'_>, failure: Option<&ApplyError>) -> (Saying, Way) {
    if let Err(invalid) = view.valid {
        return (Saying::new(Verdict::False, invalid.reason(), invalid.to_string()), Way::Stalled);
    }
    if let Some((reason, message)) = failure.and_then(ApplyError::refusal) {
        return (Saying::new(Verdict::False, reason, message), Way::Stalled);
    }
    let last = view.history.last.as_ref();
    if let Some(taken) = &view.seen.taken {
        let way = if may_pass(taken, view) { Way::Reconciling } else { Way::Stalled };
        return (Saying::new(Verdict::False, Reason::AccountIdTaken, taken.to_string()), way);
    }
    if view.seen.account.spec.suspend {
        let proven = last.is_some_and(is_proven);
        let message = "nothing is read while spec.suspend is true";
        return (Saying::new(Verdict::of(proven), Reason::Suspended, message), Way::Arrived);
    }
    match last.filter(|last| last.generation == generation(&view.seen.account)) {
        None => (Saying::new(Verdict::Unknown, Reason::Probing, probing(view)), Way::Reconciling),
        Some(last) if is_proven(last) => {
            let message =
                format!("the credentials belong to account {} and AWS answers", view.seen.account.spec.account_id);
            (Saying::new(Verdict::True, Reason::Proven, message), Way::Arrived)
        }
        Some(last) => {
            let reason = failed_reason(last);
            let way = if passes(reason) { Way::Reconciling } else { Way::Stalled };
            (Saying::new(Verdict::False, reason, last.message.clone()), way)
        }
    }
}

fn probing(view: &View<'_>) -> String {
    let running = view.history.running.as_ref();
    match (running.map(|running| &running.job), running.and_then(|running| running.waiting_for.as_ref())) {
        (Some(job), Some(waiting)) => format!("the probe {job} waits: {waiting}"),
        (Some(job), None) => format!("the probe {job} is at work"),
        (None, _) => match view.need {
            Need::Soon => "the probe has ended, its answer is awaited".to_owned(),
            Need::Probe(_) | Need::Wait { .. } | Need::Nothing { .. } => "a probe is about to start".to_owned(),
        },
    }
}

/// Whether an account may yet become this object's without anybody touching either: a purge
/// ends, and a proof beats an older object that has none.
fn may_pass(taken: &Taken, view: &View<'_>) -> bool {
    let last = view.history.last.as_ref();
    match taken {
        Taken::Purging { .. } => true,
        Taken::Older { .. } => {
            let asked = last.filter(|last| last.generation == generation(&view.seen.account));
            !view.seen.account.spec.suspend && asked.is_none_or(|last| is_proven(last) || passes(failed_reason(last)))
        }
        Taken::Proven { .. } => false,
    }
}

fn conflict(view: &View<'_>) -> Saying {
    match &view.seen.taken {
        Some(taken) => Saying::new(Verdict::True, Reason::AccountIdTaken, taken.to_string()),
        None => Saying::new(Verdict::False, Reason::AccountIdUnique, "no other WorkspaceAccount holds this account id"),
    }
}
