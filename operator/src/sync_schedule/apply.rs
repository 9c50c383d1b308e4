//! Brings the children into the cluster, with as few requests as possible: none when the
//! cache shows that they are as they were applied.

use crds::{Reason, markers::APPLIED_HASH, status::AppliedCronJob};
use k8s_openapi::api::batch::v1::CronJob;
use kube::{
    Api, ResourceExt as _,
    api::{Patch, PatchParams},
    core::PartialObjectMeta,
};
use serde_json::json;

use super::{
    KIND,
    build::{Prepared, RequestedRun},
    dereference::Seen,
};
use crate::{
    context::Context,
    jobs::{self, CreateError, belongs_to},
    status_patch::field_manager,
};

/// Stands in place of a CronJob's digest while it is suspended by [`hold`].
pub(crate) const HELD: &str = "held";

/// Children that are in the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) cron_job: Option<AppliedCronJob>,
    pub(super) handled_request: Option<String>,
}

/// Children that could not be applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    /// The CronJob belongs to somebody else.
    #[error(
        "a CronJob {name} that belongs to somebody else is in the way: delete it, or give this schedule another name"
    )]
    NameTaken {
        /// The CronJob.
        name: String,
    },
    /// The API server does not want the CronJob.
    #[error("the API server refuses the CronJob {name}: {message}")]
    Refused {
        /// The CronJob.
        name: String,
        /// Its words.
        message: String,
    },
    /// Any other failure with the CronJob.
    #[error("cannot apply the CronJob {name}")]
    CronJob {
        /// The CronJob.
        name: String,
        /// What went wrong.
        #[source]
        source: kube::Error,
    },
    /// The Job of a requested run.
    #[error("the requested run cannot start")]
    Run(#[from] CreateError),
}

impl ApplyError {
    /// What conditions say of it, when it is more than a hiccup.
    pub(super) fn refusal(&self) -> Option<(Reason, String)> {
        match self {
            Self::NameTaken { .. } => Some((Reason::NameConflict, self.to_string())),
            Self::Refused { .. } => Some((Reason::ChildRefused, self.to_string())),
            Self::Run(run @ CreateError::Refused { .. }) => Some((Reason::ChildRefused, run.to_string())),
            Self::Run(run @ CreateError::NameTaken { .. }) => Some((Reason::NameConflict, run.to_string())),
            Self::CronJob { .. } | Self::Run(CreateError::Request { .. }) => None,
        }
    }
}

/// Applies what differs.
pub(super) async fn apply(context: &Context, seen: &Seen, prepared: Prepared) -> Result<Applied, ApplyError> {
    let cron_job = apply_cron_job(context, seen, &prepared).await?;
    let handled_request = match &prepared.requested {
        Some(RequestedRun { request, job }) => {
            jobs::create(context, KIND, job).await?;
            Some(request.clone())
        }
        None => None,
    };
    Ok(Applied { cron_job: Some(cron_job), handled_request })
}

/// Suspends the CronJob, if there is one: its account is not to be used, so it cannot be built
/// anew.
pub(super) async fn hold(context: &Context, seen: &Seen) -> Result<Applied, ApplyError> {
    let Some(cron_job) = seen.cron_job.as_ref().filter(|cron_job| is_ours(cron_job, seen)) else {
        return Ok(Applied::default());
    };
    if cron_job.annotations().get(APPLIED_HASH).is_some_and(|hash| hash == HELD) && is_as_applied(cron_job, seen) {
        return Ok(leave(seen));
    }
    let name = cron_job.name_any();
    let patch = json!({"metadata": {"annotations": {APPLIED_HASH: HELD}}, "spec": {"suspend": true}});
    let params = PatchParams { field_manager: Some(field_manager(KIND)), ..PatchParams::default() };
    let held = api(context, seen)
        .patch_metadata(&name, &params, &Patch::Merge(&patch))
        .await
        .map_err(|source| ApplyError::CronJob { name, source })?;
    context.metrics.wrote(KIND, "cronjob");
    Ok(Applied { cron_job: Some(applied(&held)), handled_request: None })
}

/// Leaves everything as it is.
pub(super) fn leave(seen: &Seen) -> Applied {
    let cron_job = seen.schedule.status.as_ref().and_then(|status| status.cron_job.clone());
    Applied { cron_job, handled_request: None }
}

async fn apply_cron_job(context: &Context, seen: &Seen, prepared: &Prepared) -> Result<AppliedCronJob, ApplyError> {
    let name = prepared.cron_job.name_any();
    let mut desired = prepared.cron_job.clone();
    let params = PatchParams::apply(&field_manager(KIND));
    let params = match &seen.cron_job {
        Some(current) if !is_ours(current, seen) => return Err(ApplyError::NameTaken { name }),
        Some(current) if is_current(current, seen, prepared) => return Ok(applied(current)),
        Some(current) => {
            // Of this very object: one that took its place meanwhile is a conflict, not ours.
            desired.metadata.uid = current.uid();
            params.force()
        }
        // Not in the cache: without force, so that fields which somebody else has set there
        // are a conflict instead of ours.
        None => params,
    };
    match api(context, seen).patch_metadata(&name, &params, &Patch::Apply(&desired)).await {
        Ok(cron_job) if belongs_to(cron_job.owner_references(), &[&seen.schedule.uid().unwrap_or_default()]) => {
            context.metrics.wrote(KIND, "cronjob");
            Ok(applied(&cron_job))
        }
        Ok(_) => Err(ApplyError::NameTaken { name }),
        Err(kube::Error::Api(status)) if status.is_conflict() && seen.cron_job.is_none() => {
            Err(ApplyError::NameTaken { name })
        }
        Err(kube::Error::Api(status)) if matches!(status.code, 400 | 403 | 404 | 422) => {
            Err(ApplyError::Refused { name, message: status.message })
        }
        Err(source) => Err(ApplyError::CronJob { name, source }),
    }
}

fn api(context: &Context, seen: &Seen) -> Api<CronJob> {
    Api::namespaced(context.client.clone(), &seen.schedule.namespace().unwrap_or_default())
}

/// Ours, or nobody's with our labels (restored from a backup, say): never one of another owner.
fn is_ours(cron_job: &PartialObjectMeta<CronJob>, seen: &Seen) -> bool {
    let owners = cron_job.owner_references();
    owners.iter().all(|owner| owner.controller != Some(true))
        || belongs_to(owners, &[&seen.schedule.uid().unwrap_or_default()])
}

/// Whether nothing has to be written: applied from the same spec, and not touched since.
fn is_current(cron_job: &PartialObjectMeta<CronJob>, seen: &Seen, prepared: &Prepared) -> bool {
    let desired = &prepared.cron_job.metadata;
    let labelled = desired.labels.iter().flatten().all(|(key, value)| cron_job.labels().get(key) == Some(value));
    let hash = cron_job.annotations().get(APPLIED_HASH);
    hash == Some(&prepared.digest)
        && labelled
        && belongs_to(cron_job.owner_references(), &[&seen.schedule.uid().unwrap_or_default()])
        && is_as_applied(cron_job, seen)
}

/// The API server counts every change of a spec in the generation; one that the status does
/// not know of was made by somebody else.
fn is_as_applied(cron_job: &PartialObjectMeta<CronJob>, seen: &Seen) -> bool {
    let known = seen.schedule.status.as_ref().and_then(|status| status.cron_job.as_ref());
    known == Some(&applied(cron_job))
}

fn applied(cron_job: &PartialObjectMeta<CronJob>) -> AppliedCronJob {
    AppliedCronJob {
        name: cron_job.name_any(),
        uid: cron_job.uid().unwrap_or_default(),
        generation: cron_job.metadata.generation.unwrap_or_default(),
    }
}
