//! The probe Job of a valid account. Cannot fail.

use std::collections::BTreeMap;

use contract::{JobKind, job_name};
use k8s_openapi::{
    api::batch::v1::{Job, JobSpec},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};

use super::ValidAccount;
use crate::{
    config::PodSettings,
    jobs::{GENERATION, pod_failure_policy},
    pods::{self, PodRequest, Purpose},
    watch::OwnerKind,
};

/// A probe makes a handful of calls; what is not answered by then will not be.
const TIME_LIMIT_SECONDS: i64 = 300;
/// Retries of what passes (status 30); wrong configuration is never retried.
const RETRIES: i32 = 2;
/// A day, for reading its log.
const KEPT_SECONDS: i32 = 86_400;

/// Why a probe is made. The same cause gives the same Job, so making it twice makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cause {
    /// The end of the probe before, if there was one.
    pub(super) after: Option<jiff::Timestamp>,
    /// The request that is handled with it.
    pub(super) request: Option<String>,
}

impl Cause {
    fn text(&self, generation: i64) -> String {
        let after = self.after.map(|time| time.to_string()).unwrap_or_default();
        format!("generation {generation} after {after} request {}", self.request.as_deref().unwrap_or_default())
    }
}

/// A probe Job, ready to be made, and the request it handles.
#[derive(Clone, Debug)]
pub(crate) struct PreparedProbe {
    /// Boxed, because the type is large.
    pub(super) job: Box<Job>,
    pub(super) request: Option<String>,
}

/// Builds the Job of a probe.
pub(super) fn build(account: &ValidAccount, cause: &Cause, settings: &PodSettings) -> PreparedProbe {
    let owner = (OwnerKind::WorkspaceAccount, &account.object.name);
    let labels = pods::labels(Purpose::Probe, owner, &account.plan.account_id);
    let request = PodRequest {
        purpose: Purpose::Probe,
        owner,
        account: &account.plan.account_id,
        plan: Some(&account.probe_plan),
        identity: &account.identity,
        options: &account.pod_options,
    };
    let annotations = BTreeMap::from([(GENERATION.to_owned(), account.generation.to_string())]);
    let job = Job {
        metadata: ObjectMeta {
            name: Some(job_name(JobKind::WorkspaceAccount, &account.object.name, &cause.text(account.generation))),
            namespace: Some(account.object.namespace.to_string()),
            labels: Some(labels),
            annotations: Some(annotations),
            owner_references: Some(vec![account.owner.clone()]),
            ..ObjectMeta::default()
        },
        spec: Some(JobSpec {
            backoff_limit: Some(RETRIES),
            active_deadline_seconds: Some(TIME_LIMIT_SECONDS),
            ttl_seconds_after_finished: Some(KEPT_SECONDS),
            pod_failure_policy: Some(pod_failure_policy()),
            template: pods::template(settings, &request),
            ..JobSpec::default()
        }),
        status: None,
    };
    PreparedProbe { job: Box::new(job), request: cause.request.clone() }
}
