//! The Job that removes an account's rows.

use contract::{JobKind, job_name};
use crds::WorkspaceAccount;
use identifiers::{AccountId, InvalidAccountId, InvalidName, ObjectName};
use k8s_openapi::{
    api::batch::v1::{Job, JobSpec},
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use kube::{Resource as _, ResourceExt as _};

use crate::{
    config::Settings,
    jobs::pod_failure_policy,
    pods::{self, Asked, Identity, PodRequest, Purpose},
    watch::OwnerKind,
};

/// Removing the history of ten thousand desktops takes minutes.
const TIME_LIMIT_SECONDS: i64 = 3600;
/// Retries of what passes (status 30) within one Job.
const RETRIES: i32 = 3;
/// A day; the Job goes with its account anyway.
const KEPT_SECONDS: i32 = 86_400;

/// An object that no purge can be made for; the rules of the kind refuse it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    /// Its name.
    #[error("metadata.name: {0}")]
    Name(#[from] InvalidName),
    /// Its account.
    #[error("spec.accountId: {0}")]
    AccountId(#[from] InvalidAccountId),
}

/// Builds the Job of one attempt. It takes nothing from a spec that may be wrong but the
/// account's id and where pods may run, so that a stalled object can be deleted as well.
pub(super) fn build(account: &WorkspaceAccount, attempt: usize, settings: &Settings) -> Result<Box<Job>, Unusable> {
    let name: ObjectName = account.name_any().parse()?;
    let account_id: AccountId = account.spec.account_id.parse()?;
    let owner = (OwnerKind::WorkspaceAccount, &name);
    let options = Asked::by_account(&account.spec).allowed_part(&settings.allowed.pods);
    let request = PodRequest {
        purpose: Purpose::Purge,
        owner,
        account: &account_id,
        plan: None,
        identity: &Identity::default(),
        options: &options,
    };
    let cause = format!("purge {} attempt {attempt}", account.uid().unwrap_or_default());
    Ok(Box::new(Job {
        metadata: ObjectMeta {
            name: Some(job_name(JobKind::WorkspaceAccount, &name, &cause)),
            namespace: account.namespace(),
            labels: Some(pods::labels(Purpose::Purge, owner, &account_id)),
            owner_references: Some(account.controller_owner_ref(&()).into_iter().collect()),
            ..ObjectMeta::default()
        },
        spec: Some(JobSpec {
            backoff_limit: Some(RETRIES),
            active_deadline_seconds: Some(TIME_LIMIT_SECONDS),
            ttl_seconds_after_finished: Some(KEPT_SECONDS),
            pod_failure_policy: Some(pod_failure_policy()),
            template: pods::template(&settings.pods, &request),
            ..JobSpec::default()
        }),
        status: None,
    }))
}
