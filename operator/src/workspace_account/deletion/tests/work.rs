//! What is waited for before rows are removed, as the caches show it.

use k8s_openapi::api::{
    batch::v1::{CronJob, Job},
    core::v1::Pod,
};
use kube::{core::PartialObjectMeta, runtime::watcher::Event};
use rstest::rstest;

use super::*;
use crate::{
    fixtures::caches,
    workspace_account::{
        Taken,
        deletion::{purges::Purges, work_left::work_left},
        taken,
    },
};

const ID: &str = "123456789012";

/// The metadata of a child of any owner that works for an account.
fn of(component: &str, account_id: &str, change: impl FnOnce(&mut Value)) -> Value {
    let labels = json!({
        "app.kubernetes.io/component": component, "deskfleet.dev/account-id": account_id,
        "deskfleet.dev/kind": "SyncSchedule", "deskfleet.dev/name": "nightly",
    });
    let mut metadata = json!({"name": "ss-nightly-1", "namespace": "elsewhere", "labels": labels});
    change(&mut metadata);
    metadata
}

fn a_cron_job(change: impl FnOnce(&mut Value)) -> PartialObjectMeta<CronJob> {
    let metadata = of("sync", ID, change);
    serde_json::from_value(json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": metadata})).unwrap()
}

#[rstest]
#[case::as_applied(json!({"deskfleet.dev/applied-hash": "0123456789abcdef"}), true)]
#[case::by_whoever(json!({}), true)]
#[case::suspended_by_us(json!({"deskfleet.dev/applied-hash": "held"}), false)]
fn a_cron_job_is_waited_for_until_it_is_suspended(#[case] annotations: Value, #[case] waited: bool) {
    let caches = caches(&[], &[]);
    caches.cron_jobs.apply(&Event::Apply(a_cron_job(|metadata| metadata["annotations"] = annotations)));
    let left = work_left(ID, &caches);
    assert_eq!(left.is_some(), waited, "{left:?}");
    assert!(left.is_none_or(|left| left.contains("elsewhere/ss-nightly-1")));
}

#[test]
fn a_cron_job_that_goes_starts_nothing() {
    let caches = caches(&[], &[]);
    let going = a_cron_job(|metadata| metadata["deletionTimestamp"] = json!("2026-01-01T00:00:00Z"));
    caches.cron_jobs.apply(&Event::Apply(going));
    assert_eq!(work_left(ID, &caches), None);
}

#[rstest]
#[case::a_run("sync", ID, json!({}), true)]
#[case::a_probe("probe", ID, json!({}), true)]
#[case::a_purge("purge", ID, json!({}), false)]
#[case::of_another_account("sync", "210987654321", json!({}), false)]
#[case::ended("sync", ID, json!({"conditions": [{"type": "Complete", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}), false)]
fn a_job_is_waited_for_until_it_has_ended(
    #[case] component: &str,
    #[case] account_id: &str,
    #[case] status: Value,
    #[case] waited: bool,
) {
    let caches = caches(&[], &[]);
    let metadata = of(component, account_id, |_| {});
    let job: Job = serde_json::from_value(json!({"metadata": metadata, "status": status})).unwrap();
    caches.jobs.apply(&Event::Apply(job));
    assert_eq!(work_left(ID, &caches).is_some(), waited);
}

#[rstest]
#[case("sync", "Pending", true)]
#[case("sync", "Running", true)]
#[case("sync", "Succeeded", false)]
#[case("sync", "Failed", false)]
#[case("purge", "Running", false)]
fn a_pod_is_waited_for_even_when_its_job_is_gone(#[case] component: &str, #[case] phase: &str, #[case] waited: bool) {
    let caches = caches(&[], &[]);
    let metadata = of(component, ID, |metadata| metadata["deletionTimestamp"] = json!("2026-01-01T00:00:00Z"));
    let pod: Pod = serde_json::from_value(json!({"metadata": metadata, "status": {"phase": phase}})).unwrap();
    caches.pods.apply(&Event::Apply(pod));
    assert_eq!(work_left(ID, &caches).is_some(), waited);
}

/// A purge Job of the account of the fixtures.
fn a_purge_job(status: &Value) -> Job {
    let owner = json!({"apiVersion": "deskfleet.dev/v1alpha1", "kind": "WorkspaceAccount", "name": "prod", "uid": "00000000-0000-0000-0000-000000000001", "controller": true});
    let labels = json!({
        "app.kubernetes.io/component": "purge", "deskfleet.dev/account-id": ID,
        "deskfleet.dev/kind": "WorkspaceAccount", "deskfleet.dev/name": "prod",
    });
    let metadata = json!({"name": "wsa-prod-1", "namespace": "desktops", "uid": "uid-of-wsa-prod-1", "labels": labels, "ownerReferences": [owner]});
    serde_json::from_value(json!({"metadata": metadata, "status": status})).unwrap()
}

fn a_newer_account() -> Arc<WorkspaceAccount> {
    an_account(|json| {
        json["metadata"]["name"] = json!("newer");
        json["metadata"]["uid"] = json!("00000000-0000-0000-0000-000000000003");
        json["status"] = json!({"provenSince": "2026-01-01T00:00:00Z"});
    })
}

#[test]
fn while_rows_are_removed_nobody_else_writes_any() {
    let (deleted, newer) = (a_deleted_account(|_| {}), a_newer_account());
    let caches = caches(&[deleted, Arc::clone(&newer)], &[]);
    assert_eq!(taken(&newer, &caches), None, "proven, so it comes before the one that goes");
    caches.jobs.apply(&Event::Apply(a_purge_job(&json!({}))));
    assert!(matches!(taken(&newer, &caches), Some(Taken::Purging { .. })));
    let complete =
        json!({"conditions": [{"type": "Complete", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}]});
    caches.jobs.apply(&Event::Apply(a_purge_job(&complete)));
    assert_eq!(taken(&newer, &caches), None);
}

#[test]
fn an_object_that_only_goes_claims_nothing() {
    let going = a_deleted_account(|json| json["metadata"]["finalizers"] = json!(["foregroundDeletion"]));
    let newer = an_account(|json| {
        json["metadata"]["name"] = json!("newer");
        json["metadata"]["creationTimestamp"] = json!("2026-01-02T00:00:00Z");
    });
    let caches = caches(&[going, Arc::clone(&newer)], &[]);
    assert_eq!(taken(&newer, &caches), None);
}

#[test]
fn a_failed_purge_leaves_the_words_of_its_pod() {
    let deleted = a_deleted_account(|_| {});
    let caches = caches(&[Arc::clone(&deleted)], &[]);
    let failed = json!({"conditions": [{"type": "Failed", "status": "True", "reason": "PodFailurePolicy", "message": "exit 20", "lastTransitionTime": "2026-01-01T00:00:00Z"}]});
    caches.jobs.apply(&Event::Apply(a_purge_job(&failed)));
    assert_eq!(Purges::of(&deleted, &caches).failed[0].words, "exit 20");
    let report = contract::Report::new(contract::Outcome::Failed, "SecretMissing", "no key migrate");
    let mut pod = (*crate::fixtures::a_pod_with_report("wsa-prod-1", 20, &report)).clone();
    pod.metadata.labels = a_purge_job(&failed).metadata.labels;
    caches.pods.apply(&Event::Apply(pod));
    assert_eq!(Purges::of(&deleted, &caches).failed[0].words, "no key migrate");
}
