//! What pods may be given is decided by whoever runs the operator, not by whoever edits objects.

use crds::{SyncSchedule, WorkspaceAccount, conditions::ConditionType};
use k8s_openapi::api::batch::v1::{CronJob, Job};
use kube::api::ListParams;
use serde_json::{Value, json};

use crate::harness::{Room, a_schedule, an_account, room};

async fn probes(room: &Room, account: &str) -> usize {
    let selector = format!("deskfleet.dev/kind=WorkspaceAccount,deskfleet.dev/name={account}");
    room.api::<Job>().list(&ListParams::default().labels(&selector)).await.unwrap().items.len()
}

fn with(mut object: Value, field: &str, value: Value) -> Value {
    object["spec"][field] = value;
    object
}

#[tokio::test]
async fn what_is_not_allowed_stalls_and_makes_no_pod() {
    let Some(room) = room("not-allowed").await else { return };
    // The operator's own account is listed by mistake of a pattern.
    let _operator = room.operator_with(&["--allowed-service-accounts", "deskfleet-*"]);
    let credentials = |name| json!({"ambient": {"serviceAccountName": name}});
    let cases = [
        ("own", "credentials", credentials("deskfleet-operator"), "ServiceAccountNotAllowed"),
        ("foreign", "credentials", credentials("payments"), "ServiceAccountNotAllowed"),
        ("urgent", "scheduling", json!({"priorityClassName": "system-cluster-critical"}), "PriorityClassNotAllowed"),
        ("runtime", "scheduling", json!({"runtimeClassName": "privileged"}), "RuntimeClassNotAllowed"),
        ("injected", "podAnnotations", json!({"vault.hashicorp.com/agent-inject": "true"}), "PodAnnotationNotAllowed"),
        ("labelled", "podLabels", json!({"inject.example.org/sidecar": "true"}), "PodLabelNotAllowed"),
    ];
    for (number, (name, field, value, _)) in cases.iter().enumerate() {
        let account = an_account(name, &format!("{number:012}"));
        room.apply::<WorkspaceAccount>(with(account, field, value.clone())).await;
    }
    for (name, _, _, reason) in &cases {
        room.account_is(name, ConditionType::Stalled, ("True", reason)).await;
        assert_eq!(probes(&room, name).await, 0, "{name}");
    }
    room.close().await;
}

#[tokio::test]
async fn what_is_allowed_reaches_the_pods() {
    let Some(room) = room("allowed").await else { return };
    let _operator = room.operator_with(&[
        "--allowed-service-accounts=reader",
        "--allowed-pod-annotations=example.com/*",
        "--allowed-pod-labels=example.com/cost-center",
    ]);
    let account =
        with(an_account("prod", "123456789012"), "credentials", json!({"ambient": {"serviceAccountName": "reader"}}));
    let account = with(account, "podAnnotations", json!({"example.com/owner": "desktops"}));
    room.apply::<WorkspaceAccount>(with(account, "podLabels", json!({"example.com/cost-center": "4711"}))).await;
    room.account_is("prod", ConditionType::Ready, ("Unknown", "Probing")).await;
    let selector = "deskfleet.dev/kind=WorkspaceAccount,deskfleet.dev/name=prod";
    let jobs = room.api::<Job>().list(&ListParams::default().labels(selector)).await.unwrap();
    let template = jobs.items[0].spec.clone().unwrap().template;
    assert_eq!(template.spec.unwrap().service_account_name.as_deref(), Some("reader"));
    let metadata = template.metadata.unwrap();
    assert_eq!(metadata.annotations.unwrap()["example.com/owner"], "desktops");
    assert_eq!(metadata.labels.unwrap()["example.com/cost-center"], "4711");
    room.close().await;
}

#[tokio::test]
async fn a_cron_job_with_what_is_allowed_no_longer_is_suspended() {
    let Some(room) = room("no-longer-allowed").await else { return };
    let operator = room.operator_with(&["--allowed-pod-annotations=example.com/owner"]);
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    let schedule = a_schedule("nightly", "prod");
    room.apply::<SyncSchedule>(with(schedule, "podAnnotations", json!({"example.com/owner": "desktops"}))).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;
    operator.terminate();

    let _stricter = room.operator();
    room.schedule_is("nightly", ConditionType::Stalled, ("True", "PodAnnotationNotAllowed")).await;
    let suspended = |cron_job: Option<&CronJob>| {
        cron_job.and_then(|cron_job| cron_job.spec.as_ref()).is_some_and(|spec| spec.suspend == Some(true))
    };
    room.wait("ss-nightly", "suspended", suspended).await;
    room.close().await;
}
