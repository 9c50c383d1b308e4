//! The status of an account: conditions from its validity and its last probe. Pure.

use crds::{
    Reason, WorkspaceAccount,
    conditions::{Condition, ConditionType},
    status::{LastProbe, PermissionState, ProbeOutcome, WorkspaceAccountStatus},
};
use jiff::Timestamp;

use super::{
    ApplyError, InvalidAccount, ValidAccount,
    apply::AppliedProbe,
    dereference::Seen,
    probe::{History, Need},
};
use crate::{
    conditions::{ConditionsBuilder, Verdict, paused as paused_conditions},
    jobs::OUT_OF_TIME,
};

/// What a status is made from.
pub(super) struct View<'a> {
    pub(super) seen: &'a Seen,
    pub(super) history: &'a History,
    pub(super) need: &'a Need,
    pub(super) valid: Result<&'a ValidAccount, &'a InvalidAccount>,
    pub(super) now: Timestamp,
}

/// What one condition says.
struct Saying {
    verdict: Verdict,
    reason: Reason,
    message: String,
}

impl Saying {
    fn new(verdict: Verdict, reason: Reason, message: impl Into<String>) -> Self {
        Self { verdict, reason, message: message.into() }
    }
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
        consecutive_failures: view.history.consecutive_failures,
        last_handled_run_at: handled,
    }
}

/// The status of a paused account: as it was, and `Paused`.
pub(super) fn paused(account: &WorkspaceAccount, now: Timestamp) -> WorkspaceAccountStatus {
    let old = account.status.clone().unwrap_or_default();
    WorkspaceAccountStatus { conditions: paused_conditions(&old.conditions, generation(account), now), ..old }
}

fn generation(account: &WorkspaceAccount) -> i64 {
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

fn is_proven(last: &LastProbe) -> bool {
    credentials(Some(last)).verdict == Verdict::True && reachable(Some(last)).verdict == Verdict::True
}

/// The reason of a failed probe, as far as it is one of ours.
fn failed_reason(last: &LastProbe) -> Reason {
    match last.reason.as_str() {
        OUT_OF_TIME | "Stopped" => Reason::ProbeRetrying,
        word => word.parse().unwrap_or(Reason::ProbeFailed),
    }
}

/// Reasons that go away by themselves.
fn passes(reason: Reason) -> bool {
    matches!(reason, Reason::Unreachable | Reason::Throttled | Reason::ServiceFault | Reason::ProbeRetrying)
}

/// The caller's account is known only when AWS has accepted the credentials.
fn credentials(last: Option<&LastProbe>) -> Saying {
    let Some(last) = last else { return not_yet_known() };
    match (&last.caller_account, last.outcome) {
        (Some(_), ProbeOutcome::Complete | ProbeOutcome::Partial) => {
            let arn = last.caller_arn.as_deref().unwrap_or("the account");
            Saying::new(Verdict::True, Reason::Proven, format!("AWS knows the caller as {arn}"))
        }
        (_, _) if passes(failed_reason(last)) => {
            Saying::new(Verdict::Unknown, failed_reason(last), last.message.clone())
        }
        (_, _) => Saying::new(Verdict::False, failed_reason(last), last.message.clone()),
    }
}

fn reachable(last: Option<&LastProbe>) -> Saying {
    let Some(last) = last else { return not_yet_known() };
    if last.outcome != ProbeOutcome::Failed {
        return Saying::new(Verdict::True, Reason::Proven, "AWS answers");
    }
    let reason = failed_reason(last);
    match reason {
        Reason::Unreachable => Saying::new(Verdict::False, reason, last.message.clone()),
        // AWS answered, if only to refuse.
        Reason::CredentialsInvalid
        | Reason::WrongAccount
        | Reason::AssumeRoleDenied
        | Reason::PermissionDenied
        | Reason::Throttled
        | Reason::ServiceFault => Saying::new(Verdict::True, Reason::Proven, "AWS answers"),
        _ => Saying::new(Verdict::Unknown, reason, last.message.clone()),
    }
}

fn permissions(last: Option<&LastProbe>) -> Saying {
    let Some(last) = last.filter(|last| !last.permissions.is_empty()) else { return not_yet_known() };
    let of = |state| last.permissions.iter().filter(move |group| group.state == state);
    let missing: Vec<String> =
        of(PermissionState::Denied).map(|group| format!("{:?} ({})", group.source, group.missing.join(", "))).collect();
    if !missing.is_empty() {
        let message =
            format!("missing: {}; attach the policy that `deskfleet-sync policies` prints", missing.join("; "));
        return Saying::new(Verdict::False, Reason::PermissionsMissing, message);
    }
    let unknown: Vec<String> = of(PermissionState::Unknown).map(|group| format!("{:?}", group.source)).collect();
    if unknown.is_empty() {
        Saying::new(Verdict::True, Reason::PermissionsGranted, "every permission group is granted")
    } else {
        Saying::new(
            Verdict::Unknown,
            Reason::PermissionsUnknown,
            format!("no call could tell for: {}", unknown.join(", ")),
        )
    }
}

fn conflict(view: &View<'_>) -> Saying {
    match &view.seen.rival {
        Some(older) => {
            let message = format!("the older WorkspaceAccount {older} has the same spec.accountId");
            Saying::new(Verdict::True, Reason::AccountIdTaken, message)
        }
        None => Saying::new(Verdict::False, Reason::AccountIdUnique, "no other WorkspaceAccount has this account id"),
    }
}

fn not_yet_known() -> Saying {
    Saying::new(Verdict::Unknown, Reason::NotYetKnown, "no probe has ended yet")
}
