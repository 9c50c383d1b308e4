//! What Jobs and their pods did: whether a Job has ended, and what its pods reported.
//!
//! Pure: cached objects in, facts out. The report of a pod is its termination message; where
//! there is none (a crash, a deadline, a deleted pod) the Job's own condition speaks.

mod create;
mod end;
mod failure_policy;
mod outcome;
mod waiting;

pub(crate) use create::{CreateError, create};
pub(crate) use end::{End, Ending, ending};
pub(crate) use failure_policy::pod_failure_policy;
pub(crate) use outcome::{JobReport, OUT_OF_TIME, report};
pub(crate) use waiting::waiting_for;

use k8s_openapi::{
    api::{batch::v1::Job, core::v1::Pod},
    apimachinery::pkg::apis::meta::v1::OwnerReference,
};
use kube::ResourceExt as _;

/// Annotation on our own Jobs: the generation of the object they were made from.
pub(crate) const GENERATION: &str = "deskfleet.dev/generation";

/// Whether the controlling owner is one of these UIDs. Labels only find children; this decides.
pub(crate) fn belongs_to(owners: &[OwnerReference], uids: &[&str]) -> bool {
    owners.iter().any(|owner| owner.controller == Some(true) && uids.contains(&owner.uid.as_str()))
}

/// The pods of a Job.
pub(crate) fn pods_of<'a>(job: &Job, pods: &'a [std::sync::Arc<Pod>]) -> Vec<&'a Pod> {
    let uid = job.uid().unwrap_or_default();
    pods.iter().map(|pod| &**pod).filter(|pod| belongs_to(pod.owner_references(), &[&uid])).collect()
}
