//! What still works for an AWS account, or may begin to: whatever could write rows while they
//! are removed. Reads caches only.
//!
//! Things are found by the label with the account's id and not by their owners, because a pod
//! outlives its Job, and a Job its schedule, for as long as it takes to end.

use crds::markers::{ACCOUNT_ID, APPLIED_HASH};
use k8s_openapi::api::{
    batch::v1::{CronJob, Job},
    core::v1::Pod,
};
use kube::{Resource, ResourceExt as _, core::PartialObjectMeta};

use crate::{
    jobs::ending,
    pods::{COMPONENT, Purpose},
    sync_schedule::HELD,
    watch::{Caches, full_name},
};

/// The first such thing, in words, and what to do if it does not go away by itself.
pub(super) fn work_left(account_id: &str, caches: &Caches) -> Option<String> {
    if let Some(cron_job) = caches.cron_jobs.find(|cron_job| concerns(cron_job, account_id) && may_start(cron_job)) {
        let remedy = "if its SyncSchedule is paused, delete that one; if it has none, delete the CronJob";
        return Some(format!("the CronJob {} is not suspended yet: {remedy}", full_name(&*cron_job)));
    }
    if let Some(job) = caches.jobs.find(|job| concerns(job, account_id) && is_at_work(job)) {
        return Some(format!("the Job {} is at work: wait, or delete it", full_name(&*job)));
    }
    let pod = caches.pods.find(|pod| concerns(pod, account_id) && is_running(pod))?;
    Some(format!("the pod {} has not ended: wait, or delete it", full_name(&*pod)))
}

fn concerns(child: &impl Resource, account_id: &str) -> bool {
    let labels = child.labels();
    labels.get(ACCOUNT_ID).is_some_and(|id| id == account_id)
        && labels.get(COMPONENT).is_none_or(|component| component != Purpose::Purge.component())
}

/// One that is being deleted starts nothing any more.
fn may_start(cron_job: &PartialObjectMeta<CronJob>) -> bool {
    let held = cron_job.annotations().get(APPLIED_HASH).is_some_and(|hash| hash == HELD);
    !held && cron_job.metadata.deletion_timestamp.is_none()
}

fn is_at_work(job: &Job) -> bool {
    ending(job).is_none()
}

fn is_running(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    !matches!(phase, Some("Succeeded" | "Failed"))
}
