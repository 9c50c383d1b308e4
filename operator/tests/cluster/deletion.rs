//! An account with `deletionPolicy: Delete` goes after its rows, and always goes.
//!
//! There is no database here: tests write what `deskfleet-store purge` would leave, and look
//! at when it is started and when the object goes.

use std::pin::pin;

use contract::{Details, ExitCode, Outcome, ProbeDetails, Report};
use crds::{SyncSchedule, WorkspaceAccount, conditions::ConditionType, conditions::find};
use futures::TryStreamExt as _;
use k8s_openapi::api::{
    batch::v1::{CronJob, Job},
    core::v1::{Namespace, Pod},
    events::v1::Event,
};
use kube::{
    Api, ResourceExt as _,
    api::{DeleteParams, ListParams, Patch, PatchParams, PostParams},
    runtime::{WatchStreamExt as _, watcher},
};
use serde_json::{Value, json};

use crate::{
    harness::{PATIENCE, Room, a_schedule, an_account, room},
    kubelet::end_pod,
};

const FINALIZER: &str = "deskfleet.dev/purge";

fn a_doomed_account(name: &str) -> Value {
    let mut account = an_account(name, "123456789012");
    account["spec"]["deletionPolicy"] = json!("Delete");
    account
}

/// Applies an account, waits for the finalizer, and proves it.
async fn settle_in(room: &Room, name: &str) {
    room.apply::<WorkspaceAccount>(a_doomed_account(name)).await;
    is_held(room, name, true).await;
    room.account_is(name, ConditionType::Ready, ("Unknown", "Probing")).await;
    end_pod(room, &job_of(room, "probe").await, ExitCode::Done, &proof()).await;
    room.account_is(name, ConditionType::Ready, ("True", "Proven")).await;
}

/// What a probe leaves that proves the account.
fn proof() -> Report {
    let mut report = Report::new(Outcome::Complete, "Complete", "proven");
    let caller_account = Some("123456789012".to_owned());
    report.details = Some(Details::Probe(ProbeDetails { caller_account, ..ProbeDetails::default() }));
    report
}

async fn is_held(room: &Room, name: &str, held: bool) {
    let condition = move |account: Option<&WorkspaceAccount>| {
        account.is_some_and(|account| account.finalizers().iter().any(|finalizer| finalizer == FINALIZER) == held)
    };
    room.wait(name, "held or not, as it should be", condition).await;
}

async fn delete(room: &Room, name: &str) {
    room.api::<WorkspaceAccount>().delete(name, &DeleteParams::default()).await.unwrap();
}

/// The Job of a component, once it is there.
async fn job_of(room: &Room, component: &str) -> String {
    let config = watcher::Config::default().labels(&format!("app.kubernetes.io/component={component}"));
    let mut jobs = pin!(watcher(room.api::<Job>(), config).applied_objects());
    let first = tokio::time::timeout(PATIENCE, jobs.try_next()).await.expect("the Job is made");
    first.unwrap().expect("a watch does not end").name_any()
}

async fn purge_jobs(room: &Room) -> usize {
    let selector = "app.kubernetes.io/component=purge";
    room.api::<Job>().list(&ListParams::default().labels(selector)).await.unwrap().items.len()
}

/// The note of the event with a reason, once it is there.
async fn note(room: &Room, reason: &str) -> String {
    let events = Api::<Event>::namespaced(room.client.clone(), &room.namespace);
    let all = events.list(&ListParams::default()).await.unwrap();
    let event = all.items.into_iter().find(|event| event.reason.as_deref() == Some(reason));
    event.unwrap_or_else(|| panic!("no event {reason}")).note.unwrap_or_default()
}

fn purged() -> Report {
    Report::new(Outcome::Complete, "Purged", "removed 1,234 rows of 7 tables")
}

async fn is_suspended(room: &Room, cron_job: &str) {
    let suspended = |cron_job: Option<&CronJob>| {
        cron_job.and_then(|cron_job| cron_job.spec.as_ref()).is_some_and(|spec| spec.suspend == Some(true))
    };
    room.wait(cron_job, "suspended", suspended).await;
}

#[tokio::test]
async fn rows_go_first_then_the_object() {
    let Some(room) = room("purge").await else { return };
    let _operator = room.operator();
    settle_in(&room, "prod").await;
    room.apply::<SyncSchedule>(a_schedule("nightly", "prod")).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;

    delete(&room, "prod").await;
    room.schedule_is("nightly", ConditionType::Reconciling, ("True", "AccountBeingDeleted")).await;
    is_suspended(&room, "ss-nightly").await;
    let job = job_of(&room, "purge").await;
    room.account_is("prod", ConditionType::Purged, ("False", "Purging")).await;
    let spec = room.api::<Job>().get(&job).await.unwrap().spec.unwrap().template.spec.unwrap();
    let command = ["/usr/local/bin/deskfleet-store", "purge", "--account", "123456789012"];
    assert_eq!(spec.containers[0].command.as_deref().unwrap(), command);
    end_pod(&room, &job, ExitCode::Done, &purged()).await;
    room.gone::<WorkspaceAccount>("prod").await;
    assert!(note(&room, "RowsPurged").await.contains("1,234 rows"));
    room.schedule_is("nightly", ConditionType::Reconciling, ("True", "AccountNotFound")).await;
    room.close().await;
}

#[tokio::test]
async fn a_purge_waits_until_nothing_writes_any_more() {
    let Some(room) = room("purge-waits").await else { return };
    let _operator = room.operator();
    settle_in(&room, "prod").await;
    room.apply::<SyncSchedule>(a_schedule("nightly", "prod")).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;
    let ask = json!({"metadata": {"annotations": {"deskfleet.dev/run-requested-at": "now"}}});
    let schedules = room.api::<SyncSchedule>();
    schedules.patch("nightly", &PatchParams::default(), &Patch::Merge(&ask)).await.unwrap();
    let run = job_of(&room, "sync").await;

    delete(&room, "prod").await;
    let waiting = room.account_is("prod", ConditionType::Purged, ("Unknown", "WaitingForJobs")).await;
    let conditions = waiting.status.unwrap().conditions;
    let message = &find(&conditions, ConditionType::Purged).unwrap().message;
    assert!(message.contains("ss-nightly"), "{message}");
    assert_eq!(find(&conditions, ConditionType::Ready).unwrap().status, "False");
    // A request that comes now is not followed.
    let again = json!({"metadata": {"annotations": {"deskfleet.dev/run-requested-at": "again"}}});
    schedules.patch("nightly", &PatchParams::default(), &Patch::Merge(&again)).await.unwrap();
    let named = |account: Option<&WorkspaceAccount>| {
        let conditions = account.and_then(|account| account.status.as_ref()).map(|status| &status.conditions);
        let purged = conditions.and_then(|conditions| find(conditions, ConditionType::Purged));
        purged.is_some_and(|purged| purged.message.contains("the Job"))
    };
    room.wait("prod", "waiting for the Job by name", named).await;
    assert_eq!(purge_jobs(&room).await, 0);

    end_pod(&room, &run, ExitCode::Done, &Report::new(Outcome::Complete, "Done", "read")).await;
    let job = job_of(&room, "purge").await;
    let runs = room.api::<Job>().list(&ListParams::default().labels("app.kubernetes.io/component=sync")).await.unwrap();
    assert_eq!(runs.items.len(), 1, "the second request made no Job");
    end_pod(&room, &job, ExitCode::Done, &purged()).await;
    room.gone::<WorkspaceAccount>("prod").await;
    room.close().await;
}

#[tokio::test]
async fn a_paused_schedule_is_named_and_the_purge_waits_for_it() {
    let Some(room) = room("purge-paused").await else { return };
    let _operator = room.operator();
    settle_in(&room, "prod").await;
    room.apply::<SyncSchedule>(a_schedule("nightly", "prod")).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;
    let pause = json!({"metadata": {"annotations": {"deskfleet.dev/reconcile": "disabled"}}});
    let schedules = room.api::<SyncSchedule>();
    schedules.patch("nightly", &PatchParams::default(), &Patch::Merge(&pause)).await.unwrap();
    room.schedule_is("nightly", ConditionType::Paused, ("True", "ReconcileDisabled")).await;

    delete(&room, "prod").await;
    let waiting = room.account_is("prod", ConditionType::Purged, ("Unknown", "WaitingForJobs")).await;
    let conditions = waiting.status.unwrap().conditions;
    let message = &find(&conditions, ConditionType::Purged).unwrap().message;
    assert!(message.contains("the CronJob") && message.contains("ss-nightly"), "{message}");
    schedules.delete("nightly", &DeleteParams::default()).await.unwrap();
    let job = job_of(&room, "purge").await;
    end_pod(&room, &job, ExitCode::Done, &purged()).await;
    room.gone::<WorkspaceAccount>("prod").await;
    room.close().await;
}

#[tokio::test]
async fn rows_of_another_living_account_object_are_kept() {
    let Some(room) = room("purge-kept").await else { return };
    let _operator = room.operator();
    settle_in(&room, "prod").await;
    room.apply::<WorkspaceAccount>(an_account("successor", "123456789012")).await;
    room.account_is("successor", ConditionType::AccountConflict, ("True", "AccountIdTaken")).await;
    delete(&room, "prod").await;
    room.gone::<WorkspaceAccount>("prod").await;
    room.account_is("successor", ConditionType::AccountConflict, ("False", "AccountIdUnique")).await;
    assert!(note(&room, "RowsRetained").await.contains("successor"));
    assert_eq!(purge_jobs(&room).await, 0);
    room.close().await;
}

#[tokio::test]
async fn an_object_that_never_proved_its_account_removes_nothing() {
    let Some(room) = room("purge-unproven").await else { return };
    let _operator = room.operator();
    room.apply::<WorkspaceAccount>(a_doomed_account("squatter")).await;
    is_held(&room, "squatter", true).await;
    room.account_is("squatter", ConditionType::Ready, ("Unknown", "Probing")).await;
    delete(&room, "squatter").await;
    room.gone::<WorkspaceAccount>("squatter").await;
    assert!(note(&room, "RowsRetained").await.contains("never proved"));
    assert_eq!(purge_jobs(&room).await, 0);
    room.close().await;
}

#[tokio::test]
async fn the_finalizer_follows_the_policy_even_while_the_object_is_deleted() {
    let Some(room) = room("purge-policy").await else { return };
    let _operator = room.operator();
    let retain = json!({"spec": {"deletionPolicy": "Retain"}});
    let doom = json!({"spec": {"deletionPolicy": "Delete"}});
    let accounts = room.api::<WorkspaceAccount>();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    room.account_is("prod", ConditionType::Ready, ("Unknown", "Probing")).await;
    is_held(&room, "prod", false).await;
    accounts.patch("prod", &PatchParams::default(), &Patch::Merge(&doom)).await.unwrap();
    is_held(&room, "prod", true).await;
    accounts.patch("prod", &PatchParams::default(), &Patch::Merge(&retain)).await.unwrap();
    is_held(&room, "prod", false).await;
    accounts.patch("prod", &PatchParams::default(), &Patch::Merge(&doom)).await.unwrap();
    is_held(&room, "prod", true).await;
    end_pod(&room, &job_of(&room, "probe").await, ExitCode::Done, &proof()).await;
    room.account_is("prod", ConditionType::CredentialsResolved, ("True", "Proven")).await;

    // The probe of the changed spec is at work, so the purge waits; then the policy changes.
    delete(&room, "prod").await;
    room.account_is("prod", ConditionType::Purged, ("Unknown", "WaitingForJobs")).await;
    accounts.patch("prod", &PatchParams::default(), &Patch::Merge(&retain)).await.unwrap();
    room.gone::<WorkspaceAccount>("prod").await;
    assert!(note(&room, "RowsRetained").await.contains("Retain"));
    assert_eq!(purge_jobs(&room).await, 0);
    room.close().await;
}

#[tokio::test]
async fn a_purge_survives_the_way_argo_cd_and_foreground_deletion_remove_children() {
    let Some(room) = room("purge-foreground").await else { return };
    let _operator = room.operator();
    settle_in(&room, "prod").await;
    room.api::<WorkspaceAccount>().delete("prod", &DeleteParams::foreground()).await.unwrap();
    let job = job_of(&room, "purge").await;
    end_pod(&room, &job, ExitCode::Done, &purged()).await;
    room.gone::<WorkspaceAccount>("prod").await;
    assert!(note(&room, "RowsPurged").await.contains("1,234 rows"));
    room.close().await;
}

#[tokio::test]
async fn a_purge_that_fails_says_why_and_after_ten_minutes_the_object_goes_without_it() {
    let Some(room) = room("purge-fails").await else { return };
    let _operator = room.operator();
    settle_in(&room, "prod").await;
    delete(&room, "prod").await;
    let job = job_of(&room, "purge").await;
    let report = Report::new(Outcome::Failed, "SecretMissing", "the Secret deskfleet-database has no key migrate");
    end_pod(&room, &job, ExitCode::Configuration, &report).await;
    let failing = room.account_is("prod", ConditionType::Purged, ("False", "PurgeFailing")).await;
    let mut status = serde_json::to_value(failing.status.unwrap()).unwrap();
    let purged = status["conditions"].as_array_mut().unwrap().iter_mut().find(|one| one["type"] == "Purged").unwrap();
    assert!(purged["message"].as_str().unwrap().contains("no key migrate"), "{purged}");

    // Nobody waits ten minutes here: the memory of when it began is moved back.
    let began = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
    purged["lastTransitionTime"] = json!(jiff::Timestamp::from_second(began.as_second()).unwrap().to_string());
    let accounts = room.api::<WorkspaceAccount>();
    let patch = json!({"status": status});
    accounts.patch_status("prod", &PatchParams::default(), &Patch::Merge(&patch)).await.unwrap();
    room.gone::<WorkspaceAccount>("prod").await;
    let note = note(&room, "RowsRemain").await;
    assert!(note.contains("no key migrate") && note.contains("deskfleet-store purge --account 123456789012"), "{note}");
    room.close().await;
}

/// Deletes the room's namespace and waits until it is gone.
async fn leave_nothing(room: Room) {
    let namespaces = Api::<Namespace>::all(room.client.clone());
    namespaces.delete(&room.namespace, &DeleteParams::default()).await.unwrap();
    let gone = |namespace: Option<&Namespace>| namespace.is_none();
    let wait = kube::runtime::wait::await_condition(namespaces, &room.namespace, gone);
    tokio::time::timeout(2 * PATIENCE, wait).await.expect("the namespace goes").unwrap();
}

#[tokio::test]
async fn the_finalizer_never_hangs_a_namespace() {
    let (Some(room), Some(home)) = (room("purge-namespace").await, room("purge-home").await) else { return };
    let _operator = room.operator_from(&home).await;
    // One whose probe is at work, one that is deleted already and waits, and one that is paused.
    for (name, id) in [("working", "000000000001"), ("waiting", "000000000002"), ("paused", "000000000003")] {
        let mut account = a_doomed_account(name);
        account["spec"]["accountId"] = json!(id);
        room.apply::<WorkspaceAccount>(account).await;
        is_held(&room, name, true).await;
        room.account_is(name, ConditionType::Ready, ("Unknown", "Probing")).await;
    }
    let proven = json!({"status": {"lastProvenTime": "2026-01-01T00:00:00Z"}});
    let accounts = room.api::<WorkspaceAccount>();
    accounts.patch_status("waiting", &PatchParams::default(), &Patch::Merge(&proven)).await.unwrap();
    delete(&room, "waiting").await;
    room.account_is("waiting", ConditionType::Purged, ("Unknown", "WaitingForJobs")).await;
    let pause = json!({"metadata": {"annotations": {"deskfleet.dev/reconcile": "disabled"}}});
    accounts.patch("paused", &PatchParams::default(), &Patch::Merge(&pause)).await.unwrap();
    room.account_is("paused", ConditionType::Paused, ("True", "ReconcileDisabled")).await;
    leave_nothing(room).await;
    home.close().await;
}

#[tokio::test]
async fn an_operator_that_goes_with_its_namespace_leaves_no_finalizer_behind() {
    let Some(room) = room("purge-installation").await else { return };
    let operator = room.operator();
    room.apply::<WorkspaceAccount>(a_doomed_account("prod")).await;
    is_held(&room, "prod", true).await;
    room.account_is("prod", ConditionType::Ready, ("Unknown", "Probing")).await;
    // Kubernetes removes the pods of a namespace first: one that lingers keeps all else in place.
    let container = json!({"name": "a", "image": "a", "securityContext": {
        "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true,
        "seccompProfile": {"type": "RuntimeDefault"}}});
    let pod = json!({"metadata": {"name": "lingers", "finalizers": ["example.com/lingers"]}, "spec": {"containers": [container]}});
    let pod: Pod = serde_json::from_value(pod).unwrap();
    room.api::<Pod>().create(&PostParams::default(), &pod).await.unwrap();
    let namespaces = Api::<Namespace>::all(room.client.clone());
    namespaces.delete(&room.namespace, &DeleteParams::default()).await.unwrap();
    let lingers = |pod: Option<&Pod>| pod.is_some_and(|pod| pod.metadata.deletion_timestamp.is_some());
    room.wait("lingers", "on its way out", lingers).await;

    operator.terminate();
    let account = room.api::<WorkspaceAccount>().get("prod").await.unwrap();
    assert!(account.metadata.deletion_timestamp.is_none() && account.finalizers().is_empty(), "{account:?}");
    let free = json!({"metadata": {"finalizers": null}});
    room.api::<Pod>().patch("lingers", &PatchParams::default(), &Patch::Merge(&free)).await.unwrap();
    leave_nothing(room).await;
}
