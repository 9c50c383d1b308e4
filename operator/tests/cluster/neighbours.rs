//! What is wrong with one object hurts no other, and goes away by itself where it can.

use crds::{SyncSchedule, WorkspaceAccount, conditions::ConditionType};
use k8s_openapi::api::batch::v1::CronJob;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::json;

use crate::harness::{a_schedule, an_account, room};

#[tokio::test]
async fn a_bad_object_stalls_alone_and_recovers_when_corrected() {
    let Some(room) = room("neighbours").await else { return };
    let _operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    let mut bad = a_schedule("bad", "prod");
    bad["spec"]["timeZone"] = json!("Mars/Olympus");
    room.apply::<SyncSchedule>(bad.clone()).await;
    room.apply::<SyncSchedule>(a_schedule("good", "prod")).await;
    room.schedule_is("good", ConditionType::Ready, ("True", "Applied")).await;
    room.schedule_is("bad", ConditionType::Stalled, ("True", "InvalidTimeZone")).await;
    bad["spec"]["timeZone"] = json!("Europe/Berlin");
    room.apply::<SyncSchedule>(bad).await;
    room.schedule_is("bad", ConditionType::Ready, ("True", "Applied")).await;
    room.close().await;
}

#[tokio::test]
async fn a_schedule_waits_for_its_account_and_is_held_when_the_account_goes() {
    let Some(room) = room("waiting").await else { return };
    let _operator = room.operator();
    room.apply::<SyncSchedule>(a_schedule("nightly", "prod")).await;
    room.schedule_is("nightly", ConditionType::Reconciling, ("True", "AccountNotFound")).await;
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;

    room.api::<WorkspaceAccount>().delete("prod", &DeleteParams::default()).await.unwrap();
    room.schedule_is("nightly", ConditionType::Reconciling, ("True", "AccountNotFound")).await;
    assert_eq!(is_suspended(&room).await, Some(true), "no run starts without an account");

    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;
    assert_eq!(is_suspended(&room).await, Some(false));
    room.close().await;
}

#[tokio::test]
async fn a_paused_object_is_left_alone() {
    let Some(room) = room("paused").await else { return };
    let _operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    room.apply::<SyncSchedule>(a_schedule("nightly", "prod")).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;
    let pause = json!({"metadata": {"annotations": {"deskfleet.dev/reconcile": "disabled"}}});
    let schedules = room.api::<SyncSchedule>();
    schedules.patch("nightly", &PatchParams::default(), &Patch::Merge(&pause)).await.unwrap();
    room.schedule_is("nightly", ConditionType::Paused, ("True", "ReconcileDisabled")).await;
    let edit = json!({"spec": {"schedule": "0 5 1 1 *"}});
    schedules.patch("nightly", &PatchParams::default(), &Patch::Merge(&edit)).await.unwrap();
    let go_on = json!({"metadata": {"annotations": {"deskfleet.dev/reconcile": null}}});
    let before = room.api::<CronJob>().get("ss-nightly").await.unwrap().spec.unwrap().schedule;
    assert_eq!(before, "15 2 1 1 *");
    schedules.patch("nightly", &PatchParams::default(), &Patch::Merge(&go_on)).await.unwrap();
    let changed = |cron_job: Option<&CronJob>| {
        cron_job.and_then(|cron_job| cron_job.spec.as_ref()).is_some_and(|spec| spec.schedule == "0 5 1 1 *")
    };
    room.wait("ss-nightly", "changed after the pause", changed).await;
    room.close().await;
}

async fn is_suspended(room: &crate::harness::Room) -> Option<bool> {
    room.api::<CronJob>().get("ss-nightly").await.unwrap().spec.unwrap().suspend
}
