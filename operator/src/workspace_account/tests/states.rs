//! The states of an account, as tools outside see them.

use contract::{Outcome, Report};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{ACCOUNT_UID, answered, seen};
use crate::{
    config::Allowed,
    fixtures::{a_pod_with_report, an_account, an_account_json, an_ended_job},
    jobs::CreateError,
    states::{ASLEEP, NOT_SEEN_YET, State, with},
    workspace_account::{
        ApplyError, Taken,
        probe::{history, need},
        status::{View, paused, status},
        validate,
    },
};

fn now() -> Timestamp {
    "2026-01-01T01:00:00Z".parse().unwrap()
}

/// What is around an account.
#[derive(Default)]
struct Around {
    probed: Option<(i32, Report)>,
    taken: Option<Taken>,
    failure: Option<ApplyError>,
}

/// The account with the status that it gets.
fn judged(account: Value, around: Around) -> Value {
    let mut seen = seen(&an_account(|json| *json = account.clone()));
    seen.taken = around.taken;
    if let Some((exit_code, report)) = around.probed {
        seen.jobs.push(an_ended_job("wsa-prod-1", ACCOUNT_UID, "2026-01-01T00:05:00Z"));
        seen.pods.push(a_pod_with_report("wsa-prod-1", exit_code, &report));
    }
    let history = history(&seen, now());
    let valid = validate(&seen.account, &Allowed::default());
    let need = need(&seen, &history, now());
    let view = View { seen: &seen, history: &history, need: &need, valid: valid.as_ref(), now: now() };
    let status = status(&view, None, around.failure.as_ref());
    with(account, "/status", serde_json::to_value(status).unwrap())
}

fn after(exit_code: i32, report: Report) -> Value {
    judged(an_account_json(), Around { probed: Some((exit_code, report)), ..Around::default() })
}

fn proven() -> Value {
    after(0, answered(Outcome::Complete, &[]))
}

fn failed(exit_code: i32, reason: &str) -> Value {
    after(exit_code, Report::new(Outcome::Failed, reason, "what went wrong and what to do"))
}

fn of_spec(field: &str, value: Value) -> Value {
    judged(with(an_account_json(), &format!("/spec/{field}"), value), Around::default())
}

fn taken(taken: Taken) -> Value {
    judged(an_account_json(), Around { taken: Some(taken), ..Around::default() })
}

fn suspended() -> Value {
    let account = with(an_account_json(), "/spec/suspend", json!(true));
    judged(account, Around { probed: Some((0, answered(Outcome::Complete, &[]))), ..Around::default() })
}

fn a_paused_one() -> Value {
    let account = proven();
    let status = paused(&an_account(|json| *json = account.clone()), now());
    with(account, "/status", serde_json::to_value(status).unwrap())
}

fn refused() -> Value {
    let source = CreateError::Refused { name: "wsa-prod-1".to_owned(), message: "exceeded quota".to_owned() };
    judged(an_account_json(), Around { failure: Some(ApplyError::from(source)), ..Around::default() })
}

/// Every state that an account can be in.
pub(crate) fn states() -> Vec<State> {
    let holder = || "others/older".to_owned();
    vec![
        State::differing("not seen yet", ("Current", "Progressing"), NOT_SEEN_YET, an_account_json()),
        State::agreed("first probe", "InProgress", judged(an_account_json(), Around::default())),
        State::agreed("proven", "Current", proven()),
        State::agreed("permissions missing", "Current", after(0, answered(Outcome::Partial, &["tag:GetResources"]))),
        State::agreed("no Secret", "Failed", failed(20, "SecretMissing")),
        State::agreed("keys refused", "Failed", failed(20, "CredentialsInvalid")),
        State::agreed("keys of another account", "Failed", failed(20, "WrongAccount")),
        State::agreed("role refused", "Failed", failed(20, "AssumeRoleDenied")),
        State::agreed("AWS out of reach", "InProgress", failed(30, "Unreachable")),
        State::agreed("throttled", "InProgress", failed(30, "Throttled")),
        State::agreed("a reason of a later release", "Failed", failed(20, "SomethingNew")),
        State::agreed("endpoint not allowed", "Failed", of_spec("endpointUrl", json!("http://10.88.0.1:5000"))),
        State::agreed(
            "runtime class not allowed",
            "Failed",
            of_spec("scheduling", json!({"runtimeClassName": "privileged"})),
        ),
        State::agreed("probe refused", "Failed", refused()),
        State::agreed("an older object has it", "InProgress", taken(Taken::Older { holder: holder() })),
        State::agreed("a proven object has it", "Failed", taken(Taken::Proven { holder: holder(), since: now() })),
        State::agreed("rows of another are being removed", "InProgress", taken(Taken::Purging { holder: holder() })),
        State::differing("suspended", ("Current", "Suspended"), ASLEEP, suspended()),
        State::differing("paused", ("Current", "Suspended"), ASLEEP, a_paused_one()),
        State::agreed("changed since", "InProgress", with(proven(), "/metadata/generation", json!(2))),
        State::agreed(
            "being deleted",
            "Terminating",
            with(proven(), "/metadata/deletionTimestamp", json!("2026-01-01T02:00:00Z")),
        ),
    ]
}
