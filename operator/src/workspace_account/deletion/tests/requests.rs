//! Exactly which requests the end of an account makes, and the Job that it renders.

use rstest::rstest;

use super::*;
use crate::{
    fixtures::{Answer, ApiServer, a_context},
    workspace_account::{let_go, reconcile},
};

const LOOK_AT_NAMESPACE: &str = "GET /api/v1/namespaces/desktops";
const CREATE_JOB: &str = "POST /apis/batch/v1/namespaces/desktops/jobs?&fieldManager=deskfleet-workspaceaccount";
const WRITE_STATUS: &str = "PATCH /apis/deskfleet.dev/v1alpha1/namespaces/desktops/workspaceaccounts/prod/status?&force=true&fieldManager=deskfleet-workspaceaccount";
const WRITE_ACCOUNT: &str = "PATCH /apis/deskfleet.dev/v1alpha1/namespaces/desktops/workspaceaccounts/prod?&fieldManager=deskfleet-workspaceaccount";
const WRITE_EVENT: &str = "POST /apis/events.k8s.io/v1/namespaces/desktops/events?";

fn a_namespace(ends: bool) -> Answer {
    let mut namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "desktops"}});
    if ends {
        namespace["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    }
    Answer::Json(namespace)
}

fn written(account: &WorkspaceAccount) -> Answer {
    Answer::Json(serde_json::to_value(account).unwrap())
}

/// Quiet for long enough, and not for too long.
fn settled() -> Value {
    let since = Timestamp::now() - jiff::SignedDuration::from_mins(1);
    let since = Timestamp::from_second(since.as_second()).unwrap().to_string();
    let purged =
        json!({"type": "Purged", "status": "False", "reason": "Purging", "message": "", "lastTransitionTime": since});
    json!({"lastProvenTime": "2025-12-31T00:00:00Z", "conditions": [purged]})
}

#[tokio::test]
async fn first_it_is_said_that_nothing_writes_any_more_then_the_job_is_made() {
    let deleted = a_deleted_account(|_| {});
    let server = ApiServer::answering(&[a_namespace(false), Answer::Stored]);
    reconcile(Arc::clone(&deleted), a_context(&server, &[deleted], &[])).await.unwrap();
    assert_eq!(server.lines(), [LOOK_AT_NAMESPACE, WRITE_STATUS]);

    let quiet = a_deleted_account(|json| json["status"] = settled());
    let server = ApiServer::answering(&[a_namespace(false), Answer::Stored, Answer::Stored]);
    reconcile(Arc::clone(&quiet), a_context(&server, &[quiet], &[])).await.unwrap();
    assert_eq!(server.lines(), [LOOK_AT_NAMESPACE, CREATE_JOB, WRITE_STATUS]);
    insta::assert_yaml_snapshot!(server.calls()[1].body);
}

#[tokio::test]
async fn a_purge_takes_nothing_from_a_spec_that_is_not_allowed() {
    let stalled = a_deleted_account(|json| {
        json["status"] = settled();
        json["spec"]["credentials"] = json!({"ambient": {"serviceAccountName": "deskfleet-operator"}});
        json["spec"]["podAnnotations"] = json!({"vault.hashicorp.com/agent-inject": "true"});
        json["spec"]["podLabels"] = json!({"team": "desktops", "inject.example.org/sidecar": "true"});
        json["spec"]["scheduling"] =
            json!({"priorityClassName": "system-node-critical", "nodeSelector": {"pool": "jobs"}});
    });
    let server = ApiServer::answering(&[a_namespace(false), Answer::Stored, Answer::Stored]);
    reconcile(Arc::clone(&stalled), a_context(&server, &[stalled], &[])).await.unwrap();
    let template = server.calls()[1].body["spec"]["template"].clone();
    assert_eq!(template["metadata"].get("annotations"), None);
    assert_eq!(template["metadata"]["labels"]["team"], "desktops");
    assert_eq!(template["metadata"]["labels"].get("inject.example.org/sidecar"), None);
    assert_eq!(template["spec"].get("serviceAccountName"), None);
    assert_eq!(template["spec"].get("priorityClassName"), None);
    assert_eq!(template["spec"]["nodeSelector"], json!({"pool": "jobs"}));
}

#[rstest]
#[case::by_a_quota(403, "exceeded quota")]
#[case::by_a_policy(422, "denied by policy")]
#[tokio::test]
async fn a_job_that_is_refused_is_said_and_tried_again(#[case] code: u16, #[case] words: &'static str) {
    let quiet = a_deleted_account(|json| json["status"] = settled());
    let server = ApiServer::answering(&[a_namespace(false), Answer::Status(code, words), Answer::Stored]);
    reconcile(Arc::clone(&quiet), a_context(&server, &[quiet], &[])).await.unwrap();
    assert_eq!(server.lines(), [LOOK_AT_NAMESPACE, CREATE_JOB, WRITE_STATUS]);
    let conditions = server.calls()[2].body["status"]["conditions"].clone();
    assert_eq!((&conditions[0]["type"], &conditions[0]["reason"]), (&json!("Ready"), &json!("PurgeFailing")));
    assert!(conditions[0]["message"].as_str().unwrap().contains(words));
}

#[tokio::test]
async fn an_object_that_is_let_go_is_told_about_first() {
    let retained = a_deleted_account(|json| json["spec"]["deletionPolicy"] = json!("Retain"));
    let server = ApiServer::answering(&[a_namespace(false), Answer::Stored, written(&retained)]);
    reconcile(Arc::clone(&retained), a_context(&server, &[retained], &[])).await.unwrap();
    assert_eq!(server.lines(), [LOOK_AT_NAMESPACE, WRITE_EVENT, WRITE_ACCOUNT]);
    assert_eq!(server.calls()[1].body["reason"], "RowsRetained");
    assert_eq!(server.calls()[2].body["metadata"]["finalizers"], json!([]));
}

#[tokio::test]
async fn an_object_that_never_proved_its_account_removes_nobodys_rows() {
    let squatter = a_deleted_account(|json| json["status"] = json!({}));
    let server = ApiServer::answering(&[a_namespace(false), Answer::Stored, written(&squatter)]);
    reconcile(Arc::clone(&squatter), a_context(&server, &[squatter], &[])).await.unwrap();
    assert_eq!(server.lines(), [LOOK_AT_NAMESPACE, WRITE_EVENT, WRITE_ACCOUNT]);
    assert!(server.calls()[1].body["note"].as_str().unwrap().contains("never proved"));
}

#[tokio::test]
async fn in_a_namespace_that_ends_even_a_paused_object_goes_though_no_event_can_be_written() {
    let paused = a_deleted_account(|json| {
        json["metadata"]["annotations"] = json!({"deskfleet.dev/reconcile": "disabled"});
        json["metadata"]["finalizers"] = json!(["example.com/other", "deskfleet.dev/purge"]);
    });
    let refused = Answer::Status(403, "the namespace is being terminated");
    let server = ApiServer::answering(&[a_namespace(true), refused, written(&paused)]);
    reconcile(Arc::clone(&paused), a_context(&server, &[paused], &[])).await.unwrap();
    assert_eq!(server.lines(), [LOOK_AT_NAMESPACE, WRITE_EVENT, WRITE_ACCOUNT]);
    let event = &server.calls()[1].body;
    assert_eq!((&event["reason"], &event["type"]), (&json!("RowsRemain"), &json!("Warning")));
    assert!(event["note"].as_str().unwrap().contains("deskfleet-store purge --account 123456789012"));
    assert_eq!(server.calls()[2].body["metadata"]["finalizers"], json!(["example.com/other"]));
}

#[tokio::test]
async fn an_object_without_our_finalizer_is_not_ours_to_hold() {
    let going = a_deleted_account(|json| json["metadata"]["finalizers"] = json!(["example.com/other"]));
    let server = ApiServer::default();
    reconcile(Arc::clone(&going), a_context(&server, &[going], &[])).await.unwrap();
    assert!(server.lines().is_empty(), "{:?}", server.lines());
}

#[tokio::test]
async fn the_last_act_of_an_installation_lets_every_account_go() {
    let held = a_deleted_account(|json| {
        json["metadata"].as_object_mut().unwrap().remove("deletionTimestamp");
    });
    let looked = "GET /api/v1/namespaces/deskfleet";
    let server = ApiServer::answering(&[a_namespace(true), written(&held)]);
    let_go(&a_context(&server, &[Arc::clone(&held)], &[])).await;
    assert_eq!(server.lines(), [looked, WRITE_ACCOUNT]);

    let server = ApiServer::answering(&[a_namespace(false)]);
    let_go(&a_context(&server, &[held], &[])).await;
    assert_eq!(server.lines(), [looked], "a restart lets nobody go");

    let server = ApiServer::default();
    let_go(&a_context(&server, &[an_account(|_| {})], &[])).await;
    assert!(server.lines().is_empty(), "{:?}", server.lines());
}
