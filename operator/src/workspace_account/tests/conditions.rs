//! What an account says of itself after each kind of probe.

use contract::{Outcome, Report};
use crds::conditions::{Condition, ConditionType, find};
use jiff::Timestamp;
use rstest::rstest;
use serde_json::json;

use super::{ACCOUNT_UID, answered, seen};
use crate::{
    config::Allowed,
    fixtures::{a_pod_with_report, allowed, an_account, an_ended_job},
    workspace_account::{
        Taken,
        dereference::Seen,
        probe::{Need, history, need},
        status::{View, status},
        validate,
    },
};

fn now() -> Timestamp {
    "2026-01-01T01:00:00Z".parse().unwrap()
}

fn conditions(seen: &Seen) -> Vec<Condition> {
    let history = history(seen, now());
    let valid = validate(&seen.account, &Allowed::default());
    let need = need(seen, &history, now());
    let view = View { seen, history: &history, need: &need, valid: valid.as_ref(), now: now() };
    status(&view, None, None).conditions
}

fn after_probe(exit_code: i32, report: &Report) -> Vec<Condition> {
    let mut seen = seen(&an_account(|_| {}));
    seen.jobs.push(an_ended_job("wsa-prod-1", ACCOUNT_UID, "2026-01-01T00:05:00Z"));
    seen.pods.push(a_pod_with_report("wsa-prod-1", exit_code, report));
    conditions(&seen)
}

/// `Ready`, `CredentialsResolved`, `Reachable`, `PermissionsComplete` as "status reason", and
/// which of `Reconciling` and `Stalled` is there.
fn summary(conditions: &[Condition]) -> [String; 5] {
    let of = |type_| {
        let condition = find(conditions, type_).expect("always present");
        format!("{} {}", condition.status, condition.reason)
    };
    let way = [ConditionType::Reconciling, ConditionType::Stalled]
        .into_iter()
        .filter(|type_| find(conditions, *type_).is_some())
        .map(ConditionType::as_str)
        .collect::<Vec<_>>()
        .join(" and ");
    [
        of(ConditionType::Ready),
        of(ConditionType::CredentialsResolved),
        of(ConditionType::Reachable),
        of(ConditionType::PermissionsComplete),
        way,
    ]
}

fn failed(reason: &str) -> Report {
    Report::new(Outcome::Failed, reason, "what went wrong and what to do")
}

#[rstest]
#[case::proven(0, answered(Outcome::Complete, &[]), ["True Proven", "True Proven", "True Proven", "True PermissionsGranted", ""])]
#[case::partial(0, answered(Outcome::Partial, &["tag:GetResources"]), ["True Proven", "True Proven", "True Proven", "False PermissionsMissing", ""])]
#[case::no_secret(20, failed("SecretMissing"), ["False SecretMissing", "False SecretMissing", "Unknown SecretMissing", "Unknown NotYetKnown", "Stalled"])]
#[case::bad_keys(20, failed("CredentialsInvalid"), ["False CredentialsInvalid", "False CredentialsInvalid", "True Proven", "Unknown NotYetKnown", "Stalled"])]
#[case::other_account(20, failed("WrongAccount"), ["False WrongAccount", "False WrongAccount", "True Proven", "Unknown NotYetKnown", "Stalled"])]
#[case::external_id(20, failed("AssumeRoleDenied"), ["False AssumeRoleDenied", "False AssumeRoleDenied", "True Proven", "Unknown NotYetKnown", "Stalled"])]
#[case::no_route(30, failed("Unreachable"), ["False Unreachable", "Unknown Unreachable", "False Unreachable", "Unknown NotYetKnown", "Reconciling"])]
#[case::unheard_of(20, failed("SomethingNew"), ["False ProbeFailed", "False ProbeFailed", "Unknown ProbeFailed", "Unknown NotYetKnown", "Stalled"])]
fn each_end_of_a_probe_has_its_conditions(#[case] exit_code: i32, #[case] report: Report, #[case] says: [&str; 5]) {
    assert_eq!(summary(&after_probe(exit_code, &report)), says);
}

#[test]
fn before_the_first_probe_nothing_is_known_and_it_is_in_progress() {
    let says = ["Unknown Probing", "Unknown NotYetKnown", "Unknown NotYetKnown", "Unknown NotYetKnown", "Reconciling"];
    assert_eq!(summary(&conditions(&seen(&an_account(|_| {})))), says);
}

#[test]
fn a_cost_export_goes_into_the_plan_and_its_endpoint_has_to_be_allowed() {
    let export = json!({"bucket": "billing", "prefix": "cur", "region": "us-east-1", "exportName": "desktops"});
    let account = an_account(|json| json["spec"]["costExport"] = export.clone());
    let plan = validate(&account, &allowed()).unwrap().plan.cost_export.unwrap();
    assert_eq!((plan.bucket.as_str(), plan.export_name.as_deref()), ("billing", Some("desktops")));

    let account = an_account(|json| {
        json["spec"]["costExport"] = export;
        json["spec"]["costExport"]["endpointUrl"] = json!("http://169.254.169.254");
    });
    let message = validate(&account, &allowed()).unwrap_err().to_string();
    assert!(message.contains("spec.costExport.endpointUrl") && message.contains("169.254.169.254"), "{message}");
}

#[test]
fn an_endpoint_that_is_not_allowed_stalls_with_the_remedy() {
    let account = an_account(|json| json["spec"]["endpointUrl"] = json!("http://10.88.0.1:5000"));
    let conditions = conditions(&seen(&account));
    let stalled = find(&conditions, ConditionType::Stalled).unwrap();
    assert_eq!(stalled.reason, "EndpointNotAllowed");
    assert!(stalled.message.contains("10.88.0.1:5000") && stalled.message.contains("--allowed-endpoints"));
}

#[rstest]
#[case::own(json!({"ambient": {"serviceAccountName": "deskfleet-operator"}}), "spec.credentials.ambient.serviceAccountName")]
#[case::other(json!({"ambient": {"serviceAccountName": "payments"}}), "spec.credentials.ambient.serviceAccountName")]
#[case::of_a_role(json!({"assumeRole": {"roleArn": "arn:aws:iam::123456789012:role/a", "from": {"ambient": {"serviceAccountName": "payments"}}}}), "spec.credentials.assumeRole.from.ambient.serviceAccountName")]
fn a_service_account_that_is_not_allowed_stalls_and_makes_no_pod(
    #[case] credentials: serde_json::Value,
    #[case] field: &str,
) {
    let account = an_account(|json| json["spec"]["credentials"] = credentials);
    assert!(validate(&account, &allowed()).is_err());
    let stalled = find(&conditions(&seen(&account)), ConditionType::Stalled).cloned().unwrap();
    assert_eq!(stalled.reason, "ServiceAccountNotAllowed");
    assert!(stalled.message.starts_with(field), "{}", stalled.message);
}

#[rstest]
#[case("scheduling", json!({"priorityClassName": "system-node-critical"}), "PriorityClassNotAllowed")]
#[case("scheduling", json!({"runtimeClassName": "privileged"}), "RuntimeClassNotAllowed")]
#[case("podAnnotations", json!({"iam.example.com/role": "admin"}), "PodAnnotationNotAllowed")]
#[case("podLabels", json!({"inject.example.org/sidecar": "true"}), "PodLabelNotAllowed")]
fn what_pods_may_not_have_stalls_the_account(
    #[case] field: &str,
    #[case] value: serde_json::Value,
    #[case] reason: &str,
) {
    let account = an_account(|json| json["spec"][field] = value);
    let stalled = find(&conditions(&seen(&account)), ConditionType::Stalled).cloned().unwrap();
    assert_eq!(stalled.reason, reason);
    assert!(stalled.message.contains("--allowed-"), "{}", stalled.message);
}

/// Conditions of an account that another one keeps from its AWS account.
fn kept_out(taken: Taken, probed: Option<(i32, Report)>) -> Vec<Condition> {
    let mut seen = seen(&an_account(|_| {}));
    seen.taken = Some(taken);
    if let Some((exit_code, report)) = probed {
        seen.jobs.push(an_ended_job("wsa-prod-1", ACCOUNT_UID, "2026-01-01T00:05:00Z"));
        seen.pods.push(a_pod_with_report("wsa-prod-1", exit_code, &report));
    }
    conditions(&seen)
}

fn older() -> Taken {
    Taken::Older { holder: "others/older".to_owned() }
}

fn proven() -> Taken {
    Taken::Proven { holder: "others/proven".to_owned(), since: now() }
}

fn purging() -> Taken {
    Taken::Purging { holder: "others/purging".to_owned() }
}

#[rstest]
#[case::while_it_may_prove_itself(older(), None, "Reconciling")]
#[case::when_it_failed_to(older(), Some((20, failed("CredentialsInvalid"))), "Stalled")]
#[case::while_aws_is_away(older(), Some((30, failed("Unreachable"))), "Reconciling")]
#[case::proven_but_later(proven(), Some((0, answered(Outcome::Complete, &[]))), "Stalled")]
#[case::unproven_beside_a_proven_one(proven(), None, "Stalled")]
#[case::while_rows_are_removed(purging(), None, "Reconciling")]
fn an_account_that_another_object_holds_says_so(
    #[case] taken: Taken,
    #[case] probed: Option<(i32, Report)>,
    #[case] way: &str,
) {
    let conditions = kept_out(taken.clone(), probed);
    assert_eq!(summary(&conditions)[0], "False AccountIdTaken");
    assert_eq!(summary(&conditions)[4], way);
    let conflict = find(&conditions, ConditionType::AccountConflict).unwrap();
    assert!(conflict.status == "True" && conflict.message == taken.to_string());
}

#[test]
fn who_does_not_hold_the_account_is_probed_all_the_same() {
    let mut seen = seen(&an_account(|_| {}));
    seen.taken = Some(older());
    assert!(matches!(need(&seen, &history(&seen, now()), now()), Need::Probe(_)));
}

#[test]
fn a_suspended_account_keeps_what_was_proven() {
    let mut seen = seen(&an_account(|json| json["spec"]["suspend"] = json!(true)));
    seen.jobs.push(an_ended_job("wsa-prod-1", ACCOUNT_UID, "2026-01-01T00:05:00Z"));
    seen.pods.push(a_pod_with_report("wsa-prod-1", 0, &answered(Outcome::Complete, &[])));
    assert_eq!(summary(&conditions(&seen))[0], "True Suspended");
}
