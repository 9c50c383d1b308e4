//! The children of a valid schedule: its CronJob, and a Job when a run is asked for. Cannot
//! fail.

use std::collections::BTreeMap;

use contract::{JobKind, child_name, job_name};
use crds::markers::APPLIED_HASH;
use k8s_openapi::{
    api::batch::v1::{CronJob, CronJobSpec, Job, JobSpec, JobTemplateSpec},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use super::{request::Request, validate::ValidSchedule};
use crate::{
    config::PodSettings,
    digest::digest,
    jobs::pod_failure_policy,
    pods::{self, PodRequest, Purpose},
    watch::OwnerKind,
};

/// Children that are ready to be applied; boxed, because the types are large.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) cron_job: Box<CronJob>,
    /// The CronJob's digest, which it also carries as an annotation.
    pub(super) digest: String,
    pub(super) requested: Option<RequestedRun>,
}

/// A run that was asked for.
#[derive(Clone, Debug)]
pub(super) struct RequestedRun {
    pub(super) request: String,
    pub(super) job: Box<Job>,
}

/// Runs on request keep their Job for a day; those of the CronJob follow its history limits.
const REQUESTED_KEPT_SECONDS: i32 = 86_400;

/// Builds all children.
pub(super) fn build(schedule: &ValidSchedule, settings: &PodSettings) -> Prepared {
    let mut cron_job = Box::new(cron_job(schedule, settings));
    let digest = digest(&cron_job);
    cron_job.metadata.annotations.get_or_insert_default().insert(APPLIED_HASH.to_owned(), digest.clone());
    let requested = schedule.request.clone().map(|Request { value, .. }| RequestedRun {
        job: Box::new(requested_job(schedule, &value, settings)),
        request: value,
    });
    Prepared { cron_job, digest, requested }
}

fn cron_job(schedule: &ValidSchedule, settings: &PodSettings) -> CronJob {
    let limits = schedule.limits;
    CronJob {
        metadata: metadata(schedule, child_name(JobKind::SyncSchedule, &schedule.object.name)),
        spec: Some(CronJobSpec {
            schedule: schedule.timing.expression().to_owned(),
            time_zone: Some(schedule.timing.zone_name().to_owned()),
            suspend: Some(schedule.suspended),
            concurrency_policy: Some(limits.concurrency_policy.as_str().to_owned()),
            // Without a deadline a CronJob that missed a hundred starts never starts again.
            starting_deadline_seconds: Some(limits.starting_deadline_seconds.into()),
            successful_jobs_history_limit: Some(limits.success_history),
            failed_jobs_history_limit: Some(limits.failed_history),
            job_template: JobTemplateSpec {
                metadata: Some(ObjectMeta { labels: Some(labels(schedule)), ..ObjectMeta::default() }),
                spec: Some(job_spec(schedule, &schedule.scheduled_plan, settings)),
            },
        }),
        status: None,
    }
}

fn requested_job(schedule: &ValidSchedule, request: &str, settings: &PodSettings) -> Job {
    Job {
        metadata: metadata(schedule, job_name(JobKind::SyncSchedule, &schedule.object.name, request)),
        spec: Some(JobSpec {
            ttl_seconds_after_finished: Some(REQUESTED_KEPT_SECONDS),
            ..job_spec(schedule, &schedule.requested_plan, settings)
        }),
        status: None,
    }
}

fn metadata(schedule: &ValidSchedule, name: String) -> ObjectMeta {
    ObjectMeta {
        name: Some(name),
        namespace: Some(schedule.object.namespace.to_string()),
        labels: Some(labels(schedule)),
        owner_references: Some(vec![schedule.owner.clone()]),
        ..ObjectMeta::default()
    }
}

fn labels(schedule: &ValidSchedule) -> BTreeMap<String, String> {
    pods::labels(Purpose::Sync, (OwnerKind::SyncSchedule, &schedule.object.name), &schedule.account_id)
}

fn job_spec(schedule: &ValidSchedule, plan: &str, settings: &PodSettings) -> JobSpec {
    let limits = schedule.limits;
    let request = PodRequest {
        purpose: Purpose::Sync,
        owner: (OwnerKind::SyncSchedule, &schedule.object.name),
        account: &schedule.account_id,
        plan: Some(plan),
        identity: &schedule.identity,
        options: &schedule.pod_options,
    };
    let shared = JobSpec {
        active_deadline_seconds: Some(limits.job_timeout_seconds.into()),
        pod_failure_policy: Some(pod_failure_policy()),
        template: pods::template(settings, &request),
        ..JobSpec::default()
    };
    if limits.parallelism > 1 {
        // Each index has its own retries, so that one that fails does not use up the others'.
        JobSpec {
            completion_mode: Some("Indexed".to_owned()),
            completions: Some(limits.parallelism),
            parallelism: Some(limits.parallelism),
            backoff_limit_per_index: Some(limits.retries),
            ..shared
        }
    } else {
        JobSpec { backoff_limit: Some(limits.retries), ..shared }
    }
}
