//! When an account is probed.

use contract::{Details, Outcome, ProbeDetails, Report};
use jiff::Timestamp;
use rstest::rstest;
use serde_json::{Value, json};

use super::{ACCOUNT_UID, answered, seen};
use crate::{
    fixtures::{a_pod_with_report, an_account, an_ended_job},
    workspace_account::{
        build::Cause,
        dereference::Seen,
        probe::{Need, history, need},
    },
};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An account whose last probe ended at midnight with so many failures in a row.
fn probed(failures: i32, change: impl FnOnce(&mut Value)) -> Seen {
    let last = json!({
        "name": "wsa-prod-1", "generation": 1, "completionTime": "2026-01-01T00:00:00Z",
        "outcome": "Complete", "reason": "Complete", "message": "", "callerAccount": "123456789012"
    });
    seen(&an_account(|json| {
        json["status"] = json!({"lastProbe": last, "consecutiveFailures": failures});
        change(json);
    }))
}

fn needed(seen: &Seen, now: &str) -> Need {
    need(seen, &history(seen, at(now)), at(now))
}

#[test]
fn a_new_account_is_probed_at_once() {
    let need = needed(&seen(&an_account(|_| {})), "2026-01-01T00:00:00Z");
    assert_eq!(need, Need::Probe(Cause { after: None, request: None }));
}

#[rstest]
#[case(0, "2026-01-01T06:00:00Z")]
#[case(1, "2026-01-01T00:00:30Z")]
#[case(2, "2026-01-01T00:01:00Z")]
#[case(3, "2026-01-01T00:02:00Z")]
#[case(40, "2026-01-01T06:00:00Z")]
fn a_proven_account_waits_six_hours_and_an_unproven_one_ever_longer(#[case] failures: i32, #[case] due: &str) {
    let seen = probed(failures, |_| {});
    assert_eq!(needed(&seen, "2026-01-01T00:00:01Z"), Need::Nothing { next: Some(at(due)) });
    assert!(matches!(needed(&seen, due), Need::Probe(_)));
}

#[test]
fn a_changed_spec_and_a_request_are_probed_at_once() {
    let changed = probed(0, |json| json["metadata"]["generation"] = json!(2));
    assert!(matches!(needed(&changed, "2026-01-01T00:00:01Z"), Need::Probe(_)));
    let requested =
        probed(0, |json| json["metadata"]["annotations"] = json!({"deskfleet.dev/run-requested-at": "now"}));
    let cause = Cause { after: Some(at("2026-01-01T00:00:00Z")), request: Some("now".to_owned()) };
    assert_eq!(needed(&requested, "2026-01-01T00:00:01Z"), Need::Probe(cause));
}

#[test]
fn a_suspended_account_is_not_probed() {
    let suspended = probed(0, |json| json["spec"]["suspend"] = json!(true));
    assert_eq!(needed(&suspended, "2026-02-01T00:00:00Z"), Need::Nothing { next: None });
}

#[test]
fn one_probe_at_a_time() {
    let mut seen = seen(&an_account(|_| {}));
    let mut job = (*an_ended_job("wsa-prod-1", ACCOUNT_UID, "2026-01-01T00:00:00Z")).clone();
    job.status = None;
    seen.jobs.push(std::sync::Arc::new(job));
    assert_eq!(needed(&seen, "2026-01-01T00:00:01Z"), Need::Wait { job: "wsa-prod-1".to_owned() });
}

/// Since when an account is proven after probes that ended at minutes 5, 10, ….
fn proven_since(probes: &[(i32, Report)]) -> Option<String> {
    let mut seen = seen(&an_account(|_| {}));
    for (number, (exit_code, report)) in probes.iter().enumerate() {
        let name = format!("wsa-prod-{number}");
        seen.jobs.push(an_ended_job(&name, ACCOUNT_UID, &format!("2026-01-01T00:{:02}:00Z", 5 * (number + 1))));
        seen.pods.push(a_pod_with_report(&name, *exit_code, report));
    }
    history(&seen, at("2026-01-01T02:00:00Z")).proven_since.map(|since| since.to_string())
}

#[test]
fn an_account_is_proven_since_its_first_proof_until_one_shows_the_opposite() {
    let proof = || (0, answered(Outcome::Complete, &[]));
    let ended = |code, reason: &str| (code, Report::new(Outcome::Failed, reason, "no"));
    let first = Some("2026-01-01T00:05:00Z".to_owned());
    assert_eq!(proven_since(&[]), None);
    assert_eq!(proven_since(&[proof(), proof()]), first);
    assert_eq!(proven_since(&[proof(), (0, answered(Outcome::Partial, &["tag:GetResources"]))]), first);
    // A probe that cannot tell changes nothing, neither way.
    assert_eq!(proven_since(&[proof(), ended(30, "Unreachable"), proof()]), first);
    assert_eq!(proven_since(&[ended(30, "Unreachable")]), None);
    // One that shows the opposite ends it, and a later proof begins anew.
    assert_eq!(proven_since(&[proof(), ended(20, "CredentialsInvalid")]), None);
    let again = proven_since(&[proof(), ended(20, "WrongAccount"), proof()]);
    assert_eq!(again.as_deref(), Some("2026-01-01T00:15:00Z"));
}

#[test]
fn that_an_account_was_proven_once_is_never_forgotten() {
    let mut seen = probed(0, |json| json["status"]["lastProvenTime"] = json!("2025-12-31T00:00:00Z"));
    seen.jobs.push(an_ended_job("wsa-prod-2", ACCOUNT_UID, "2026-01-01T00:05:00Z"));
    seen.pods.push(a_pod_with_report("wsa-prod-2", 20, &Report::new(Outcome::Failed, "CredentialsInvalid", "no")));
    let history = history(&seen, at("2026-01-01T00:06:00Z"));
    assert_eq!((history.proven_since, history.last_proven), (None, Some(at("2025-12-31T00:00:00Z"))));
}

#[test]
fn credentials_of_another_account_prove_nothing() {
    let mut report = answered(Outcome::Complete, &[]);
    report.details = Some(Details::Probe(ProbeDetails {
        caller_account: Some("210987654321".to_owned()),
        ..ProbeDetails::default()
    }));
    assert_eq!(proven_since(&[(0, report)]), None);
}

#[test]
fn failures_are_counted_and_a_success_forgets_them() {
    let mut seen = probed(2, |_| {});
    seen.jobs.push(an_ended_job("wsa-prod-2", ACCOUNT_UID, "2026-01-01T00:05:00Z"));
    seen.pods.push(a_pod_with_report("wsa-prod-2", 20, &Report::new(Outcome::Failed, "SecretMissing", "no")));
    assert_eq!(history(&seen, at("2026-01-01T00:06:00Z")).consecutive_failures, 3);
    seen.jobs.push(an_ended_job("wsa-prod-3", ACCOUNT_UID, "2026-01-01T00:07:00Z"));
    seen.pods.push(a_pod_with_report("wsa-prod-3", 0, &answered(Outcome::Complete, &[])));
    assert_eq!(history(&seen, at("2026-01-01T00:08:00Z")).consecutive_failures, 0);
}
