//! A CronJob that somebody changes comes back; one that belongs to somebody else is left alone.

use crds::{SyncSchedule, WorkspaceAccount, conditions::ConditionType};
use k8s_openapi::api::batch::v1::CronJob;
use kube::{
    ResourceExt as _,
    api::{DeleteParams, Patch, PatchParams, PostParams},
};
use serde_json::json;

use crate::harness::{a_schedule, an_account, room};

#[tokio::test]
async fn a_changed_deleted_or_unlabelled_cron_job_is_restored() {
    let Some(room) = room("drift").await else { return };
    let operator = room.operator();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    room.apply::<SyncSchedule>(a_schedule("nightly", "prod")).await;
    room.schedule_is("nightly", ConditionType::Ready, ("True", "Applied")).await;
    let cron_jobs = room.api::<CronJob>();
    let original = cron_jobs.get("ss-nightly").await.unwrap();

    let edit = json!({"spec": {"schedule": "* * * * *", "suspend": true}});
    cron_jobs.patch("ss-nightly", &PatchParams::default(), &Patch::Merge(&edit)).await.unwrap();
    let spec = original.spec.clone();
    let same_spec = move |cron_job: Option<&CronJob>| cron_job.is_some_and(|cron_job| cron_job.spec == spec);
    room.wait("ss-nightly", "as it was applied", same_spec).await;

    let unlabel = json!({"metadata": {"labels": {"app.kubernetes.io/managed-by": null}}});
    cron_jobs.patch("ss-nightly", &PatchParams::default(), &Patch::Merge(&unlabel)).await.unwrap();
    let labels = original.metadata.labels.clone();
    let same_labels =
        move |cron_job: Option<&CronJob>| cron_job.is_some_and(|cron_job| cron_job.metadata.labels == labels);
    room.wait("ss-nightly", "labelled again", same_labels).await;

    cron_jobs.delete("ss-nightly", &DeleteParams::default()).await.unwrap();
    let uid = original.uid();
    let another = move |cron_job: Option<&CronJob>| cron_job.is_some_and(|cron_job| cron_job.uid() != uid);
    room.wait("ss-nightly", "made anew", another).await;
    operator.terminate();
    room.close().await;
}

#[tokio::test]
async fn somebody_elses_cron_job_is_never_taken() {
    let Some(room) = room("conflict").await else { return };
    let _operator = room.operator();
    let container = json!({"name": "sync", "image": "theirs"});
    let pod = json!({"spec": {"restartPolicy": "Never", "containers": [container]}});
    let spec = json!({"schedule": "0 0 1 1 *", "suspend": true, "jobTemplate": {"spec": {"template": pod}}});
    let theirs: CronJob = serde_json::from_value(json!({"metadata": {"name": "ss-nightly"}, "spec": spec})).unwrap();
    let theirs = room.api::<CronJob>().create(&PostParams::default(), &theirs).await.unwrap();
    room.apply::<WorkspaceAccount>(an_account("prod", "123456789012")).await;
    room.apply::<SyncSchedule>(a_schedule("nightly", "prod")).await;
    room.schedule_is("nightly", ConditionType::Stalled, ("True", "NameConflict")).await;
    let still = room.api::<CronJob>().get("ss-nightly").await.unwrap();
    assert_eq!(still.resource_version(), theirs.resource_version());
    room.close().await;
}
