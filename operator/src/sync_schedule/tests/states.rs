//! The states of a schedule, as tools outside see them.

use crds::{
    conditions::ConditionType,
    status::{LastRun, RunOutcome, RunTrigger},
};
use jiff::Timestamp;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use serde_json::{Value, json};

use super::seen;
use crate::{
    config::Allowed,
    fixtures::{a_schedule, a_schedule_json, an_account, an_account_json},
    jobs::CreateError,
    states::{ASLEEP, NOT_SEEN_YET, State, with},
    sync_schedule::{
        apply::{Applied, ApplyError},
        runs::Runs,
        status::{View, paused, status},
        validate::validate,
    },
    workspace_account::Taken,
};

fn now() -> Timestamp {
    "2026-01-01T01:00:00Z".parse().unwrap()
}

/// What is around a schedule.
struct Around {
    account: Option<Value>,
    taken: Option<Taken>,
    outcome: Result<Applied, ApplyError>,
    last_run: Option<RunOutcome>,
}

impl Default for Around {
    fn default() -> Self {
        Self { account: Some(an_account_json()), taken: None, outcome: Ok(Applied::default()), last_run: None }
    }
}

/// The schedule with the status that it gets.
fn judged(schedule: Value, around: &Around) -> Value {
    let object = a_schedule(|json| *json = schedule.clone());
    let account = around.account.clone().map(|account| an_account(|json| *json = account));
    let mut seen = seen(&object, account.as_ref());
    seen.account_taken.clone_from(&around.taken);
    let valid = validate(&seen, &Allowed::default());
    let runs = Runs { last_run: around.last_run.map(ended), ..Runs::default() };
    let view = View { seen: &seen, runs: &runs, valid: valid.as_ref(), outcome: &around.outcome, now: now() };
    with(schedule, "/status", serde_json::to_value(status(&view)).unwrap())
}

fn ended(outcome: RunOutcome) -> LastRun {
    LastRun {
        name: "ss-nightly-29476935".to_owned(),
        id: "00000000-0000-0000-0000-0000000000bb".to_owned(),
        trigger: RunTrigger::Schedule,
        outcome,
        reason: "Throttled".to_owned(),
        message: "AWS throttled every call".to_owned(),
        start_time: None,
        completion_time: Time(now()),
        duration_seconds: None,
        counts: Vec::new(),
        aws_calls: None,
        estimated_cost: None,
    }
}

fn of_spec(field: &str, value: Value) -> Value {
    judged(with(a_schedule_json(), &format!("/spec/{field}"), value), &Around::default())
}

fn around(around: &Around) -> Value {
    judged(a_schedule_json(), around)
}

fn failing(error: ApplyError) -> Value {
    around(&Around { outcome: Err(error), ..Around::default() })
}

fn account_with(field: &str, value: Value) -> Value {
    with(an_account_json(), field, value)
}

/// Every state that a schedule can be in.
pub(crate) fn states() -> Vec<State> {
    let name = || "ss-nightly".to_owned();
    let hiccup = || kube::Error::Service("connection reset".into());
    let taken = Taken::Older { holder: "others/older".to_owned() };
    let annotated = |annotations: Value| with(a_schedule_json(), "/metadata/annotations", annotations);
    let applied = || around(&Around::default());
    let after = |outcome| around(&Around { last_run: Some(outcome), ..Around::default() });
    let sleeping = |object| State::differing("suspended", ("Current", "Suspended"), ASLEEP, object);
    vec![
        State::differing("not seen yet", ("Current", "Progressing"), NOT_SEEN_YET, a_schedule_json()),
        State::agreed("applied", "Current", applied()),
        State::agreed("last run complete", "Current", after(RunOutcome::Complete)),
        State::agreed("last run partial", "Current", after(RunOutcome::Partial)),
        State::agreed("last run failed", "Current", after(RunOutcome::Failed)),
        State::agreed("last run skipped", "Current", after(RunOutcome::Skipped)),
        sleeping(of_spec("suspend", json!(true))),
        State::differing(
            "account suspended",
            ("Current", "Suspended"),
            ASLEEP,
            around(&Around { account: Some(account_with("/spec/suspend", json!(true))), ..Around::default() }),
        ),
        State::differing("paused", ("Current", "Suspended"), ASLEEP, a_paused_one(applied())),
        State::agreed("changed since", "InProgress", with(applied(), "/metadata/generation", json!(2))),
        State::agreed(
            "being deleted",
            "Terminating",
            with(applied(), "/metadata/deletionTimestamp", json!("2026-01-01T02:00:00Z")),
        ),
        State::agreed("time zone unknown", "Failed", of_spec("timeZone", json!("Mars/Olympus"))),
        State::agreed("no cron expression", "Failed", of_spec("schedule", json!("61 * * * *"))),
        State::agreed("region of no account", "Failed", of_spec("regions", json!(["us-west-2"]))),
        State::agreed("no region", "Failed", of_spec("regions", json!(["mars-north-1"]))),
        State::agreed(
            "priority class not allowed",
            "Failed",
            of_spec("scheduling", json!({"priorityClassName": "system-node-critical"})),
        ),
        State::agreed(
            "a run of no desktop asked for",
            "Failed",
            judged(
                annotated(json!({"deskfleet.dev/run-requested-at": "now", "deskfleet.dev/run-desktops": "all"})),
                &Around::default(),
            ),
        ),
        State::agreed("account missing", "InProgress", around(&Around { account: None, ..Around::default() })),
        State::agreed(
            "account not usable",
            "InProgress",
            around(&Around {
                account: Some(account_with("/spec/endpointUrl", json!("https://evil.example.com/"))),
                ..Around::default()
            }),
        ),
        State::agreed(
            "account being deleted",
            "InProgress",
            around(&Around {
                account: Some(account_with("/metadata/deletionTimestamp", json!("2026-01-01T00:00:00Z"))),
                ..Around::default()
            }),
        ),
        State::agreed("account id taken", "InProgress", around(&Around { taken: Some(taken), ..Around::default() })),
        State::agreed("CronJob of somebody else", "Failed", failing(ApplyError::NameTaken { name: name() })),
        State::agreed(
            "CronJob refused",
            "Failed",
            failing(ApplyError::Refused { name: name(), message: "exceeded quota".to_owned() }),
        ),
        State::agreed("API server away", "InProgress", failing(ApplyError::CronJob { name: name(), source: hiccup() })),
        State::agreed(
            "run refused",
            "Failed",
            failing(ApplyError::Run(CreateError::Refused { name: name(), message: "exceeded quota".to_owned() })),
        ),
    ]
}

fn a_paused_one(object: Value) -> Value {
    let schedule = a_schedule(|json| *json = object.clone());
    let status = serde_json::to_value(paused(&schedule, now())).unwrap();
    assert!(status.to_string().contains(ConditionType::Paused.as_str()));
    with(object, "/status", status)
}
