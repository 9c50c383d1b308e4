//! From an object to a value whose every field can be relied on.
//!
//! The API server has checked schema and rules; what is left are limits of this installation
//! and the parsing into identifiers, so that no later stage checks anything again.

use std::collections::BTreeSet;

use contract::{AccountPlan, InvalidPlan, Plan, ProbePlan, Task};
use crds::{Reason, WorkspaceAccount};
use identifiers::{InvalidAccountId, InvalidName, InvalidRegion, ObjectRef, Region};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::{Resource as _, ResourceExt as _};

use super::plan::{self, InvalidSigning};
use crate::{
    config::Allowed,
    pods::{Asked, Identity, NotAllowed, PodOptions},
};

/// An account that can be read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValidAccount {
    pub(crate) object: ObjectRef,
    pub(crate) owner: OwnerReference,
    pub(crate) generation: i64,
    /// What pods are told about it.
    pub(crate) plan: AccountPlan,
    /// What pods are given to sign with.
    pub(crate) identity: Identity,
    /// The plan of a probe, as JSON.
    pub(super) probe_plan: String,
    pub(super) pod_options: PodOptions,
    pub(crate) suspended: bool,
}

/// Why an account cannot be used. Every message names the field and the remedy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InvalidAccount {
    /// Its own name.
    #[error("metadata.name: {source}")]
    Name {
        /// Why.
        source: InvalidName,
    },
    /// The account id.
    #[error("spec.accountId: {source}")]
    AccountId {
        /// Why.
        source: InvalidAccountId,
    },
    /// A region.
    #[error("spec.regions[{index}]: {source}")]
    Region {
        /// Which.
        index: usize,
        /// Why.
        source: InvalidRegion,
    },
    /// Credentials.
    #[error("spec.credentials: {source}")]
    Signing {
        /// Why.
        #[from]
        source: InvalidSigning,
    },
    /// The region of its cost export.
    #[error("spec.costExport.region: {source}")]
    CostExportRegion {
        /// Why.
        source: InvalidRegion,
    },
    /// Something that its pods may not be given here.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// The budget's amount.
    #[error("spec.budget.cloudWatchUsdPerMonth: {text:?} is no amount: write US dollars such as \"12.50\"")]
    Budget {
        /// What was given.
        text: String,
    },
    /// An endpoint that is no URL.
    #[error("{field}: {text:?} is no URL: write one such as https://workspaces.example.com/")]
    EndpointUrl {
        /// Which.
        field: &'static str,
        /// What was given.
        text: String,
    },
    /// A queue that is no URL.
    #[error(
        "spec.accessEvents.queueUrl: {text:?} is no URL:          write one such as https://sqs.us-east-1.amazonaws.com/123456789012/workspaces-access"
    )]
    QueueUrl {
        /// What was given.
        text: String,
    },
    /// An endpoint that is not allowed.
    #[error(
        "{field}: the host {host:?} is not allowed here: remove the field, or have the host added to the operator's --allowed-endpoints"
    )]
    EndpointNotAllowed {
        /// Which.
        field: &'static str,
        /// The host with its port.
        host: String,
    },
    /// Too much to tell a pod.
    #[error("spec: {source}: shorten session tags or pace")]
    Plan {
        /// Why.
        source: InvalidPlan,
    },
}

impl InvalidAccount {
    /// The reason in conditions.
    pub(crate) fn reason(&self) -> Reason {
        match self {
            Self::EndpointNotAllowed { .. } => Reason::EndpointNotAllowed,
            Self::NotAllowed(refusal) => refusal.reason(),
            Self::Name { .. }
            | Self::AccountId { .. }
            | Self::Region { .. }
            | Self::CostExportRegion { .. }
            | Self::Signing { .. }
            | Self::Budget { .. }
            | Self::EndpointUrl { .. }
            | Self::QueueUrl { .. }
            | Self::Plan { .. } => Reason::InvalidSpec,
        }
    }
}

/// Parses an account.
pub(crate) fn validate(account: &WorkspaceAccount, allowed: &Allowed) -> Result<ValidAccount, InvalidAccount> {
    let spec = &account.spec;
    let object = object_ref(account)?;
    let (credentials, identity) = plan::signing(&spec.credentials, &allowed.pods)?;
    let endpoint = plan::endpoint("spec.endpointUrl", spec.endpoint_url.as_deref(), &allowed.endpoints)?;
    let plan = AccountPlan {
        object: object.clone(),
        account_id: spec.account_id.parse().map_err(|source| InvalidAccount::AccountId { source })?,
        regions: regions(&spec.regions)?,
        credentials,
        use_fips: spec.use_fips,
        pace: plan::pace(&spec.pace),
        budget: plan::budget(&spec.budget)?,
        retention: plan::retention(&spec.retention),
        access_events: plan::access_events(spec.access_events.as_ref())?,
        cost_export: plan::cost_export(spec.cost_export.as_ref(), &allowed.endpoints)?,
        endpoint_serves_sts: endpoint.as_ref().is_some_and(|url| allowed.endpoints.serves_sts(url)),
        endpoint_url: endpoint,
    };
    let probe_plan = Plan::new(Task::Probe(ProbePlan { account: plan.clone() }))
        .to_json()
        .map_err(|source| InvalidAccount::Plan { source })?;
    Ok(ValidAccount {
        object,
        owner: account.controller_owner_ref(&()).unwrap_or_default(),
        generation: account.metadata.generation.unwrap_or_default(),
        plan,
        identity,
        probe_plan,
        pod_options: Asked::by_account(spec).all(&allowed.pods)?,
        suspended: spec.suspend,
    })
}

fn object_ref(account: &WorkspaceAccount) -> Result<ObjectRef, InvalidAccount> {
    let invalid = |source| InvalidAccount::Name { source };
    Ok(ObjectRef {
        namespace: account.namespace().unwrap_or_default().parse().map_err(invalid)?,
        name: account.name_any().parse().map_err(invalid)?,
    })
}

fn regions(texts: &[String]) -> Result<BTreeSet<Region>, InvalidAccount> {
    texts
        .iter()
        .enumerate()
        .map(|(index, text)| text.parse().map_err(|source| InvalidAccount::Region { index, source }))
        .collect()
}
