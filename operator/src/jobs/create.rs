//! Making a Job that must exist once.

use k8s_openapi::api::batch::v1::Job;
use kube::{Api, ResourceExt as _, api::PostParams};

use super::belongs_to;
use crate::{context::Context, status_patch::field_manager};

/// A Job that could not be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CreateError {
    /// The API server does not want it: a quota, a policy, a value that only it can check.
    #[error("the API server refuses the Job {name}: {message}")]
    Refused {
        /// The Job.
        name: String,
        /// Its words.
        message: String,
    },
    /// Somebody else's Job has the name.
    #[error("a Job {name} that belongs to somebody else is in the way: delete it, or give this object another name")]
    NameTaken {
        /// The Job.
        name: String,
    },
    /// Anything else.
    #[error("cannot create the Job {name}")]
    Request {
        /// The Job.
        name: String,
        /// What went wrong.
        #[source]
        source: kube::Error,
    },
}

/// Makes the Job. Its name comes from its cause, so one that is there already and is ours is
/// the same one, made by an earlier try whose answer was lost.
pub(crate) async fn create(context: &Context, kind: &'static str, job: &Job) -> Result<(), CreateError> {
    let name = job.name_any();
    let api = Api::<Job>::namespaced(context.client.clone(), &job.namespace().unwrap_or_default());
    let params = PostParams { field_manager: Some(field_manager(kind)), ..PostParams::default() };
    match api.create(&params, job).await {
        Ok(_) => {
            context.metrics.wrote(kind, "job");
            Ok(())
        }
        Err(kube::Error::Api(status)) if status.is_already_exists() => existing(&api, job, name).await,
        Err(kube::Error::Api(status)) if matches!(status.code, 400 | 403 | 404 | 422) => {
            Err(CreateError::Refused { name, message: status.message })
        }
        Err(source) => Err(CreateError::Request { name, source }),
    }
}

async fn existing(api: &Api<Job>, job: &Job, name: String) -> Result<(), CreateError> {
    let owners: Vec<&str> = job.owner_references().iter().map(|owner| owner.uid.as_str()).collect();
    match api.get_metadata(&name).await {
        Ok(found) if belongs_to(found.owner_references(), &owners) => Ok(()),
        Ok(_) => Err(CreateError::NameTaken { name }),
        Err(source) => Err(CreateError::Request { name, source }),
    }
}
