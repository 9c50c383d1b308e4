//! Exactly which requests a reconciliation makes, and the Job it renders.

use std::sync::Arc;

use serde_json::json;

use crate::{
    fixtures::{Answer, ApiServer, a_context, an_account},
    workspace_account::reconcile,
};

const CREATE_JOB: &str = "POST /apis/batch/v1/namespaces/desktops/jobs?&fieldManager=deskfleet-workspaceaccount";
const WRITE_STATUS: &str = "PATCH /apis/deskfleet.dev/v1alpha1/namespaces/desktops/workspaceaccounts/prod/status?&force=true&fieldManager=deskfleet-workspaceaccount";

#[tokio::test]
async fn a_new_account_gets_one_probe_and_a_status() {
    let account = an_account(|_| {});
    let server = ApiServer::answering(&[Answer::Stored, Answer::Stored]);
    let context = a_context(&server, &[Arc::clone(&account)], &[]);
    reconcile(account, context).await.unwrap();
    assert_eq!(server.lines(), [CREATE_JOB, WRITE_STATUS]);
    insta::assert_yaml_snapshot!(server.calls()[0].body);
}

const WRITE_ACCOUNT: &str = "PATCH /apis/deskfleet.dev/v1alpha1/namespaces/desktops/workspaceaccounts/prod?&fieldManager=deskfleet-workspaceaccount";

#[tokio::test]
async fn an_account_is_held_exactly_while_its_rows_are_to_go_first() {
    let holding = an_account(|json| {
        json["spec"]["deletionPolicy"] = json!("Delete");
        json["metadata"]["finalizers"] = json!(["example.com/other"]);
        json["metadata"]["resourceVersion"] = json!("7");
    });
    let server = ApiServer::answering(&[Answer::Json(serde_json::to_value(&*holding).unwrap())]);
    let context = a_context(&server, &[Arc::clone(&holding)], &[]);
    reconcile(holding, context).await.unwrap_err();
    assert_eq!(server.lines()[0], WRITE_ACCOUNT);
    let metadata = server.calls()[0].body["metadata"].clone();
    assert_eq!(metadata["finalizers"], json!(["example.com/other", "deskfleet.dev/purge"]));
    assert_eq!(metadata["resourceVersion"], "7", "a change by somebody else meanwhile is a conflict");

    let held = an_account(|json| json["metadata"]["finalizers"] = json!(["deskfleet.dev/purge"]));
    let server = ApiServer::answering(&[Answer::Json(serde_json::to_value(&*held).unwrap())]);
    let context = a_context(&server, &[Arc::clone(&held)], &[]);
    reconcile(held, context).await.unwrap_err();
    assert_eq!(
        (server.lines()[0].as_str(), &server.calls()[0].body["metadata"]["finalizers"]),
        (WRITE_ACCOUNT, &json!([]))
    );
}

#[tokio::test]
async fn a_proven_account_costs_no_request() {
    let account = an_account(|_| {});
    let server = ApiServer::answering(&[Answer::Stored]);
    let last = json!({
        "name": "wsa-prod-1", "generation": 1, "completionTime": jiff::Timestamp::now().to_string(),
        "outcome": "Complete", "reason": "Complete", "message": "", "callerAccount": "123456789012"
    });
    // Once to have the conditions written, once with them in the cache.
    let first = an_account(|json| json["status"] = json!({"lastProbe": last}));
    reconcile(Arc::clone(&first), a_context(&server, &[first], &[])).await.unwrap();
    assert_eq!(server.lines(), [WRITE_STATUS]);
    let status = server.calls()[0].body["status"].clone();
    let second = an_account(|json| json["status"] = status);
    let silent = ApiServer::default();
    reconcile(Arc::clone(&second), a_context(&silent, &[second, account], &[])).await.unwrap();
    assert!(silent.lines().is_empty(), "{:?}", silent.lines());
}

#[tokio::test]
async fn a_paused_account_is_left_alone() {
    let paused = an_account(|json| json["metadata"]["annotations"] = json!({"deskfleet.dev/reconcile": "disabled"}));
    let server = ApiServer::answering(&[Answer::Stored]);
    reconcile(Arc::clone(&paused), a_context(&server, &[paused], &[])).await.unwrap();
    assert_eq!(server.lines(), [WRITE_STATUS]);
    let conditions = server.calls()[0].body["status"]["conditions"].clone();
    assert_eq!((conditions.as_array().unwrap().len(), &conditions[0]["type"]), (1, &json!("Paused")));
}
