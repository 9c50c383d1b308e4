//! Exactly which requests a reconciliation makes.

use std::sync::Arc;

use crds::{
    SyncSchedule, WorkspaceAccount,
    conditions::{ConditionType, find},
    status::SyncScheduleStatus,
};
use k8s_openapi::api::batch::v1::CronJob;
use kube::{core::PartialObjectMeta, runtime::watcher::Event};
use serde_json::json;

use super::plain;
use crate::{
    context::Context,
    fixtures::{Answer, ApiServer, a_context, a_schedule},
    sync_schedule::reconcile,
};

const APPLY_CRON_JOB: &str =
    "PATCH /apis/batch/v1/namespaces/desktops/cronjobs/ss-nightly?&fieldManager=deskfleet-syncschedule";
const FORCE_CRON_JOB: &str =
    "PATCH /apis/batch/v1/namespaces/desktops/cronjobs/ss-nightly?&force=true&fieldManager=deskfleet-syncschedule";
const WRITE_STATUS: &str = "PATCH /apis/deskfleet.dev/v1alpha1/namespaces/desktops/syncschedules/nightly/status?&force=true&fieldManager=deskfleet-syncschedule";
const CREATE_JOB: &str = "POST /apis/batch/v1/namespaces/desktops/jobs?&fieldManager=deskfleet-syncschedule";
const WRITE_EVENT: &str = "POST /apis/events.k8s.io/v1/namespaces/desktops/events?";

/// The status that the last request wrote.
fn written(server: &ApiServer) -> SyncScheduleStatus {
    let status = server.calls().into_iter().rev().find(|call| call.line == WRITE_STATUS).expect("a status was written");
    serde_json::from_value(status.body["status"].clone()).unwrap()
}

/// A schedule and its CronJob as they are after a first reconciliation.
async fn converged() -> (Arc<SyncSchedule>, Arc<WorkspaceAccount>, PartialObjectMeta<CronJob>) {
    let (schedule, account) = plain();
    let server = ApiServer::answering(&[Answer::Stored, Answer::Stored]);
    let context = a_context(&server, &[Arc::clone(&account)], &[Arc::clone(&schedule)]);
    reconcile(Arc::clone(&schedule), context).await.unwrap();
    assert_eq!(server.lines(), [APPLY_CRON_JOB, WRITE_STATUS]);
    let mut cron_job = server.calls()[0].body.clone();
    cron_job["metadata"]["uid"] = json!("00000000-0000-0000-0000-0000000000aa");
    cron_job["metadata"]["generation"] = json!(1);
    let status = serde_json::to_value(written(&server)).unwrap();
    let schedule = a_schedule(|json| json["status"] = status);
    (schedule, account, serde_json::from_value(cron_job).unwrap())
}

fn with_cron_job(context: &Context, cron_job: PartialObjectMeta<CronJob>) {
    context.caches.cron_jobs.apply(&Event::Apply(cron_job));
}

#[tokio::test]
async fn a_converged_schedule_costs_no_request() {
    let (schedule, account, cron_job) = converged().await;
    let server = ApiServer::default();
    let context = a_context(&server, &[account], &[Arc::clone(&schedule)]);
    with_cron_job(&context, cron_job);
    reconcile(schedule, context).await.unwrap();
    assert!(server.lines().is_empty(), "{:?}", server.lines());
}

#[tokio::test]
async fn a_cron_job_that_somebody_changed_is_taken_back_with_force_and_only_if_it_is_the_same_one() {
    let (schedule, account, mut cron_job) = converged().await;
    cron_job.metadata.generation = Some(2);
    let server = ApiServer::answering(&[Answer::Stored, Answer::Stored]);
    let context = a_context(&server, &[account], &[Arc::clone(&schedule)]);
    with_cron_job(&context, cron_job);
    reconcile(schedule, context).await.unwrap();
    // The answer has generation 1, which the status knows already: nothing to write there.
    assert_eq!(server.lines(), [FORCE_CRON_JOB]);
    assert_eq!(server.calls()[0].body["metadata"]["uid"], "00000000-0000-0000-0000-0000000000aa");
}

#[tokio::test]
async fn a_cron_job_of_another_owner_is_not_touched() {
    let (schedule, account, mut cron_job) = converged().await;
    cron_job.metadata.owner_references.as_mut().unwrap()[0].uid = "another".to_owned();
    let server = ApiServer::answering(&[Answer::Stored, Answer::Stored]);
    let context = a_context(&server, &[account], &[Arc::clone(&schedule)]);
    with_cron_job(&context, cron_job);
    reconcile(schedule, context).await.unwrap_err();
    assert_eq!(server.lines(), [WRITE_STATUS, WRITE_EVENT]);
    let stalled = find(&written(&server).conditions, ConditionType::Stalled).cloned().unwrap();
    assert_eq!(stalled.reason, "NameConflict");
}

#[tokio::test]
async fn fields_that_somebody_else_owns_are_a_conflict_not_ours() {
    let (schedule, account) = plain();
    let server =
        ApiServer::answering(&[Answer::Status(409, "conflict with \"kubectl\""), Answer::Stored, Answer::Stored]);
    let context = a_context(&server, &[account], &[Arc::clone(&schedule)]);
    reconcile(schedule, context).await.unwrap_err();
    assert_eq!(server.lines(), [APPLY_CRON_JOB, WRITE_STATUS, WRITE_EVENT]);
    assert_eq!(find(&written(&server).conditions, ConditionType::Stalled).unwrap().reason, "NameConflict");
}

#[tokio::test]
async fn a_request_makes_one_job_and_is_remembered() {
    let (converged, account, cron_job) = converged().await;
    let schedule = a_schedule(|json| {
        json["status"] = serde_json::to_value(&converged.status).unwrap();
        json["metadata"]["annotations"] = json!({"deskfleet.dev/run-requested-at": "now"});
    });
    let server = ApiServer::answering(&[Answer::Stored, Answer::Stored]);
    let context = a_context(&server, &[account], &[Arc::clone(&schedule)]);
    with_cron_job(&context, cron_job);
    reconcile(schedule, context).await.unwrap();
    assert_eq!(server.lines(), [CREATE_JOB, WRITE_STATUS]);
    assert_eq!(written(&server).last_handled_run_at.as_deref(), Some("now"));
}

#[tokio::test]
async fn an_api_server_that_fails_is_tried_again_and_the_status_says_so() {
    let (schedule, account) = plain();
    let server = ApiServer::answering(&[Answer::Status(500, "etcd is away"), Answer::Stored]);
    let context = a_context(&server, &[account], &[Arc::clone(&schedule)]);
    reconcile(schedule, context).await.unwrap_err();
    assert_eq!(server.lines(), [APPLY_CRON_JOB, WRITE_STATUS]);
    assert_eq!(find(&written(&server).conditions, ConditionType::Reconciling).unwrap().reason, "Applying");
}

#[tokio::test]
async fn without_an_account_the_cron_job_is_suspended_once() {
    let (schedule, _, cron_job) = converged().await;
    let server = ApiServer::answering(&[Answer::Stored, Answer::Stored]);
    let context = a_context(&server, &[], &[Arc::clone(&schedule)]);
    with_cron_job(&context, cron_job.clone());
    reconcile(Arc::clone(&schedule), context).await.unwrap();
    assert_eq!(server.calls()[0].body["spec"], json!({"suspend": true}));
    assert_eq!(server.lines()[1], WRITE_STATUS);
}
