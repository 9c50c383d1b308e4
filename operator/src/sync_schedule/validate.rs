//! From a schedule and its account to a value whose every field can be relied on.

use std::collections::BTreeSet;

use contract::{InvalidPlan, Plan, SyncPlan, Task, Trigger};
use crds::{ConcurrencyPolicy, Reason, SyncSchedule};
use identifiers::{AccountId, InvalidName, InvalidRegion, ObjectRef, Region};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::{Resource as _, ResourceExt as _};

use super::{
    dereference::Seen,
    request::{InvalidDesktops, Request},
    timing::{InvalidTiming, Timing},
};
use crate::{
    config::Allowed,
    pods::{Asked, Identity, NotAllowed, PodOptions},
    workspace_account::{self, InvalidAccount, Taken, ValidAccount},
};

/// A schedule that can run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ValidSchedule {
    pub(super) object: ObjectRef,
    pub(super) owner: OwnerReference,
    /// The AWS account that is read.
    pub(super) account_id: AccountId,
    pub(super) timing: Timing,
    /// The plan of runs by the clock, as JSON.
    pub(super) scheduled_plan: String,
    /// The plan of runs on request, as JSON.
    pub(super) requested_plan: String,
    pub(super) identity: Identity,
    /// A run that was asked for and has not been started.
    pub(super) request: Option<Request>,
    /// By the schedule itself or by its account.
    pub(super) suspended: bool,
    pub(super) limits: Limits,
    pub(super) pod_options: PodOptions,
}

/// How its Jobs run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(super) concurrency_policy: ConcurrencyPolicy,
    pub(super) starting_deadline_seconds: i32,
    pub(super) job_timeout_seconds: i32,
    pub(super) parallelism: i32,
    pub(super) retries: i32,
    pub(super) success_history: i32,
    pub(super) failed_history: i32,
}

/// Why a schedule cannot run. Every message names the field and the remedy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Invalid {
    /// Its own name.
    #[error("metadata.name: {source}")]
    Name {
        /// Why.
        source: InvalidName,
    },
    /// When to run.
    #[error(transparent)]
    Timing(#[from] InvalidTiming),
    /// No such account.
    #[error(
        "spec.accountRef: there is no WorkspaceAccount {name} in namespace {namespace}: create it, or make a schedule for another one"
    )]
    AccountNotFound {
        /// The account's name.
        name: String,
        /// The namespace.
        namespace: String,
    },
    /// The account is stalled.
    #[error("spec.accountRef: the WorkspaceAccount {name} cannot be used: {source}")]
    AccountNotUsable {
        /// The account's name.
        name: String,
        /// Why.
        source: InvalidAccount,
    },
    /// The account is being deleted.
    #[error(
        "spec.accountRef: the WorkspaceAccount {name} is being deleted: delete this schedule, or create the account again once it is gone"
    )]
    AccountBeingDeleted {
        /// The account's name.
        name: String,
    },
    /// Another object holds the AWS account.
    #[error("spec.accountRef: the WorkspaceAccount {name} cannot be used: {source}")]
    AccountTaken {
        /// The account's name.
        name: String,
        /// Who holds it.
        source: Taken,
    },
    /// Something that its pods may not be given here.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// A region that is none.
    #[error("spec.regions[{index}]: {source}")]
    Region {
        /// Which.
        index: usize,
        /// Why.
        source: InvalidRegion,
    },
    /// A region that the account does not have.
    #[error(
        "spec.regions[{index}]: {region} is not one of the regions of WorkspaceAccount {account}: add it there or remove it here"
    )]
    RegionNotInAccount {
        /// Which.
        index: usize,
        /// The region.
        region: Region,
        /// The account's name.
        account: String,
    },
    /// A run was asked for, about desktops that cannot be read.
    #[error(transparent)]
    Desktops(#[from] InvalidDesktops),
    /// Too much to tell a pod.
    #[error("spec: {source}: shorten the account's session tags or pace")]
    Plan {
        /// Why.
        source: InvalidPlan,
    },
}

impl Invalid {
    /// The reason in conditions.
    pub(super) fn reason(&self) -> Reason {
        match self {
            Self::Timing(timing) => timing.reason(),
            Self::AccountNotFound { .. } => Reason::AccountNotFound,
            Self::AccountNotUsable { .. } | Self::AccountTaken { .. } => Reason::AccountNotUsable,
            Self::AccountBeingDeleted { .. } => Reason::AccountBeingDeleted,
            Self::NotAllowed(refusal) => refusal.reason(),
            Self::RegionNotInAccount { .. } => Reason::RegionNotInAccount,
            Self::Name { .. } | Self::Region { .. } | Self::Desktops(_) | Self::Plan { .. } => Reason::InvalidSpec,
        }
    }

    /// Whether an earlier CronJob must not go on: its account is gone or not to be used, or its
    /// pods have what they may not have. Any other mistake in the schedule itself lets the last
    /// valid one go on.
    pub(super) fn holds_runs(&self) -> bool {
        self.may_pass() || matches!(self, Self::NotAllowed(_))
    }

    /// Whether it may go away without anybody touching the schedule: GitOps applies objects in
    /// any order.
    pub(super) fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::AccountNotFound { .. }
                | Self::AccountNotUsable { .. }
                | Self::AccountTaken { .. }
                | Self::AccountBeingDeleted { .. }
        )
    }
}

/// Parses a schedule with its account. What holds runs comes first, so that no mistake in the
/// schedule hides it and lets an earlier CronJob go on.
pub(super) fn validate(seen: &Seen, allowed: &Allowed) -> Result<ValidSchedule, Invalid> {
    let schedule = &*seen.schedule;
    let spec = &schedule.spec;
    let object = object_ref(schedule)?;
    let account = account(seen, allowed)?;
    let pod_options = Asked::by_schedule(spec).all(&allowed.pods)?;
    let timing = Timing::parse(&spec.schedule, &spec.time_zone)?;
    let regions = regions(spec.regions.as_deref(), &account)?;
    // A request for a suspended account waits until the account goes on.
    let request = if account.suspended { None } else { Request::of(schedule)? };
    let plan = |trigger, jitter_seconds, desktops| {
        Plan::new(Task::Sync(SyncPlan {
            schedule: object.clone(),
            trigger,
            account: account.plan.clone(),
            sources: spec.sources.iter().copied().collect(),
            regions: regions.clone(),
            parallelism: u32::try_from(spec.parallelism).unwrap_or(1).max(1),
            jitter_seconds,
            metrics_history_days: spec.metrics_history_days.and_then(|days| u32::try_from(days).ok()),
            desktops,
        }))
        .to_json()
        .map_err(|source| Invalid::Plan { source })
    };
    let asked_for = request.as_ref().map(|request| request.desktops.clone()).unwrap_or_default();
    Ok(ValidSchedule {
        owner: schedule.controller_owner_ref(&()).unwrap_or_default(),
        account_id: account.plan.account_id.clone(),
        timing,
        scheduled_plan: plan(Trigger::Schedule, jitter(&object, spec.jitter_seconds), BTreeSet::new())?,
        requested_plan: plan(Trigger::Request, 0, asked_for)?,
        identity: account.identity,
        request,
        suspended: spec.suspend || account.suspended,
        limits: Limits {
            concurrency_policy: spec.concurrency_policy,
            starting_deadline_seconds: spec.starting_deadline_seconds,
            job_timeout_seconds: spec.job_timeout_seconds,
            parallelism: spec.parallelism,
            retries: spec.retry.limit,
            success_history: spec.history.success,
            failed_history: spec.history.failed,
        },
        pod_options,
        object,
    })
}

fn object_ref(schedule: &SyncSchedule) -> Result<ObjectRef, Invalid> {
    let invalid = |source| Invalid::Name { source };
    Ok(ObjectRef {
        namespace: schedule.namespace().unwrap_or_default().parse().map_err(invalid)?,
        name: schedule.name_any().parse().map_err(invalid)?,
    })
}

fn account(seen: &Seen, allowed: &Allowed) -> Result<ValidAccount, Invalid> {
    let name = seen.schedule.spec.account_ref.name.clone();
    let Some(account) = &seen.account else {
        return Err(Invalid::AccountNotFound { name, namespace: seen.schedule.namespace().unwrap_or_default() });
    };
    if account.metadata.deletion_timestamp.is_some() {
        return Err(Invalid::AccountBeingDeleted { name });
    }
    if let Some(source) = seen.account_taken.clone() {
        return Err(Invalid::AccountTaken { name, source });
    }
    workspace_account::validate(account, allowed).map_err(|source| Invalid::AccountNotUsable { name, source })
}

fn regions(asked: Option<&[String]>, account: &ValidAccount) -> Result<BTreeSet<Region>, Invalid> {
    let Some(asked) = asked else { return Ok(account.plan.regions.clone()) };
    asked
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let region: Region = text.parse().map_err(|source| Invalid::Region { index, source })?;
            if account.plan.regions.contains(&region) {
                Ok(region)
            } else {
                let account = account.object.name.to_string();
                Err(Invalid::RegionNotInAccount { index, region, account })
            }
        })
        .collect()
}

/// The schedule's own part of the jitter: always the same for one schedule, spread over many.
fn jitter(object: &ObjectRef, most_seconds: i32) -> u32 {
    let most = u32::try_from(most_seconds).unwrap_or_default();
    schedule::jitter_seconds(object.namespace.as_str(), object.name.as_str(), most)
}
