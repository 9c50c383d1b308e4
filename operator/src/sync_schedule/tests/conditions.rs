//! What a schedule says of itself, as kstatus reads it.

use crds::{
    Reason,
    conditions::{ConditionType, find},
};
use jiff::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};

use super::seen;
use crate::{
    config::Allowed,
    fixtures::{a_schedule, an_account},
    sync_schedule::{
        apply::{Applied, ApplyError},
        runs::Runs,
        status::{View, status},
        validate::validate,
    },
    workspace_account::Taken,
};

/// kstatus: `Current`, `InProgress` or `Failed`.
fn kstatus(conditions: &[crds::conditions::Condition]) -> &'static str {
    let is_true = |type_| find(conditions, type_).is_some_and(|condition| condition.status == "True");
    if is_true(ConditionType::Reconciling) {
        "InProgress"
    } else if is_true(ConditionType::Stalled) {
        "Failed"
    } else if is_true(ConditionType::Ready) {
        "Current"
    } else {
        "InProgress"
    }
}

/// Status, reason of `Ready` and the verdict of kstatus.
fn says(schedule: Value, account: Option<Value>, outcome: &Result<Applied, ApplyError>) -> (String, String, String) {
    let schedule = a_schedule(|json| *json = schedule);
    let account = account.map(|changed| an_account(|json| *json = changed));
    let seen = seen(&schedule, account.as_ref());
    let valid = validate(&seen, &Allowed::default());
    let runs = Runs::default();
    let view = View { seen: &seen, runs: &runs, valid: valid.as_ref(), outcome, now: Timestamp::UNIX_EPOCH };
    let status = status(&view);
    let ready = find(&status.conditions, ConditionType::Ready).expect("Ready is always present").clone();
    assert_eq!(status.observed_generation, 1);
    (ready.reason, kstatus(&status.conditions).to_owned(), ready.message)
}

fn with(field: &str, value: Value) -> Value {
    let mut schedule = crate::fixtures::a_schedule_json();
    schedule["spec"][field] = value;
    schedule
}

fn account_with(field: &str, value: Value) -> Value {
    let mut account = crate::fixtures::an_account_json();
    account["spec"][field] = value;
    account
}

#[rstest]
#[case::applied(with("suspend", json!(false)), "Applied", "Current", "15 2 * * *")]
#[case::suspended(with("suspend", json!(true)), "Suspended", "Current", "spec.suspend")]
#[case::zone(with("timeZone", json!("Mars/Olympus")), "InvalidTimeZone", "Failed", "spec.timeZone")]
#[case::cron(with("schedule", json!("61 * * * *")), "InvalidSchedule", "Failed", "spec.schedule")]
#[case::region(with("regions", json!(["us-west-2"])), "RegionNotInAccount", "Failed", "spec.regions[0]")]
#[case::no_region(with("regions", json!(["mars-north-1"])), "InvalidSpec", "Failed", "spec.regions[0]")]
fn a_schedule_says_what_is_wrong_where(
    #[case] schedule: Value,
    #[case] reason: &str,
    #[case] verdict: &str,
    #[case] names: &str,
) {
    let account = crate::fixtures::an_account_json();
    let (said, kstatus, message) = says(schedule, Some(account), &Ok(Applied::default()));
    assert_eq!((said.as_str(), kstatus.as_str()), (reason, verdict));
    assert!(message.contains(names), "{message}");
}

#[test]
fn a_missing_account_is_waited_for() {
    let (reason, kstatus, message) = says(crate::fixtures::a_schedule_json(), None, &Ok(Applied::default()));
    assert_eq!((reason.as_str(), kstatus.as_str()), ("AccountNotFound", "InProgress"));
    assert!(message.contains("spec.accountRef") && message.contains("prod"), "{message}");
}

#[test]
fn an_account_that_cannot_be_used_is_waited_for_with_its_own_words() {
    let account = account_with("endpointUrl", json!("https://evil.example.com/"));
    let (reason, kstatus, message) = says(crate::fixtures::a_schedule_json(), Some(account), &Ok(Applied::default()));
    assert_eq!((reason.as_str(), kstatus.as_str()), ("AccountNotUsable", "InProgress"));
    assert!(message.contains("evil.example.com"), "{message}");
}

#[test]
fn an_account_that_is_being_deleted_starts_nothing_whatever_else_is_wrong() {
    let mut account = crate::fixtures::an_account_json();
    account["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    let (reason, kstatus, message) =
        says(with("schedule", json!("61 * * * *")), Some(account), &Ok(Applied::default()));
    assert_eq!((reason.as_str(), kstatus.as_str()), ("AccountBeingDeleted", "InProgress"));
    assert!(message.contains("spec.accountRef") && message.contains("delete this schedule"), "{message}");
}

#[test]
fn an_account_that_another_object_holds_starts_nothing() {
    let (schedule, account) = (a_schedule(|_| {}), an_account(|_| {}));
    let mut seen = seen(&schedule, Some(&account));
    seen.account_taken = Some(Taken::Older { holder: "others/older".to_owned() });
    let invalid = validate(&seen, &Allowed::default()).unwrap_err();
    assert!(invalid.holds_runs() && invalid.may_pass());
    assert!(invalid.reason() == Reason::AccountNotUsable && invalid.to_string().contains("others/older"), "{invalid}");
}

#[rstest]
#[case("scheduling", json!({"priorityClassName": "system-node-critical"}), "PriorityClassNotAllowed")]
#[case("podAnnotations", json!({"iam.example.com/role": "admin"}), "PodAnnotationNotAllowed")]
fn what_pods_may_not_have_stalls_the_schedule_and_holds_its_cron_job(
    #[case] field: &str,
    #[case] value: Value,
    #[case] reason: &str,
) {
    let account = crate::fixtures::an_account_json();
    let (said, kstatus, message) = says(with(field, value.clone()), Some(account), &Ok(Applied::default()));
    assert_eq!((said.as_str(), kstatus.as_str()), (reason, "Failed"));
    assert!(message.contains("--allowed-"), "{message}");
    let schedule = a_schedule(|json| json["spec"][field] = value);
    let seen = seen(&schedule, Some(&an_account(|_| {})));
    assert!(validate(&seen, &Allowed::default()).unwrap_err().holds_runs());
}

#[test]
fn a_suspended_account_suspends_its_schedules() {
    let account = account_with("suspend", json!(true));
    let (reason, kstatus, message) = says(crate::fixtures::a_schedule_json(), Some(account), &Ok(Applied::default()));
    assert_eq!((reason.as_str(), kstatus.as_str()), ("Suspended", "Current"));
    assert!(message.contains("WorkspaceAccount"), "{message}");
}

#[test]
fn a_refused_child_is_a_failure_and_a_hiccup_is_not() {
    let account = crate::fixtures::an_account_json();
    let refused = ApplyError::Refused { name: "ss-nightly".to_owned(), message: "quota".to_owned() };
    let (reason, verdict, _) = says(crate::fixtures::a_schedule_json(), Some(account.clone()), &Err(refused));
    assert_eq!((reason.as_str(), verdict.as_str()), ("ChildRefused", "Failed"));
    let source = kube::Error::Service("connection reset".into());
    let hiccup = ApplyError::CronJob { name: "ss-nightly".to_owned(), source };
    let (reason, verdict, _) = says(crate::fixtures::a_schedule_json(), Some(account), &Err(hiccup));
    assert_eq!((reason.as_str(), verdict.as_str()), ("Applying", "InProgress"));
}
