//! What the end of a probe means: whether the credentials are proven, AWS was reached, and
//! permissions are complete. Pure: a remembered probe in, what conditions say out.

use crds::{
    Reason,
    status::{LastProbe, PermissionState, ProbeOutcome},
};

use crate::{conditions::Verdict, jobs::OUT_OF_TIME};

/// What one condition says.
pub(super) struct Saying {
    pub(super) verdict: Verdict,
    pub(super) reason: Reason,
    pub(super) message: String,
}

impl Saying {
    pub(super) fn new(verdict: Verdict, reason: Reason, message: impl Into<String>) -> Self {
        Self { verdict, reason, message: message.into() }
    }
}

pub(super) fn is_proven(last: &LastProbe) -> bool {
    credentials(Some(last)).verdict == Verdict::True && reachable(Some(last)).verdict == Verdict::True
}

/// The reason of a failed probe, as far as it is one of ours.
pub(super) fn failed_reason(last: &LastProbe) -> Reason {
    match last.reason.as_str() {
        OUT_OF_TIME | "Stopped" => Reason::ProbeRetrying,
        word => word.parse().unwrap_or(Reason::ProbeFailed),
    }
}

/// Reasons that go away by themselves.
pub(super) fn passes(reason: Reason) -> bool {
    matches!(reason, Reason::Unreachable | Reason::Throttled | Reason::ServiceFault | Reason::ProbeRetrying)
}

/// The caller's account is known only when AWS has accepted the credentials.
pub(super) fn credentials(last: Option<&LastProbe>) -> Saying {
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

pub(super) fn reachable(last: Option<&LastProbe>) -> Saying {
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

pub(super) fn permissions(last: Option<&LastProbe>) -> Saying {
    let Some(last) = last else { return not_yet_known() };
    if last.permissions.is_empty() {
        let message = "the last probe failed before it could ask about permissions";
        return Saying::new(Verdict::Unknown, Reason::NotYetKnown, message);
    }
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

fn not_yet_known() -> Saying {
    Saying::new(Verdict::Unknown, Reason::NotYetKnown, "no probe has ended yet")
}
