//! Makes the probe Job.

use crds::Reason;
use kube::ResourceExt as _;

use super::{KIND, build::PreparedProbe};
use crate::{
    context::Context,
    jobs::{self, CreateError},
};

/// A probe whose Job is in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppliedProbe {
    pub(super) job: String,
    pub(super) request: Option<String>,
}

/// A probe that could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the probe cannot start")]
pub(crate) struct ApplyError {
    #[from]
    source: CreateError,
}

impl ApplyError {
    /// What conditions say of it, when it is more than a hiccup.
    pub(super) fn refusal(&self) -> Option<(Reason, String)> {
        match &self.source {
            CreateError::Refused { .. } => Some((Reason::ChildRefused, self.source.to_string())),
            CreateError::NameTaken { .. } => Some((Reason::NameConflict, self.source.to_string())),
            CreateError::Request { .. } => None,
        }
    }
}

/// Makes the Job unless it is there.
pub(super) async fn apply(context: &Context, probe: PreparedProbe) -> Result<AppliedProbe, ApplyError> {
    jobs::create(context, KIND, &probe.job).await?;
    Ok(AppliedProbe { job: probe.job.name_any(), request: probe.request })
}
