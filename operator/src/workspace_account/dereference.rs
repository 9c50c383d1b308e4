//! What the caches know around an account: its probe Jobs with their pods, and who holds the
//! AWS account that it names.

use std::sync::Arc;

use crds::WorkspaceAccount;
use k8s_openapi::api::{batch::v1::Job, core::v1::Pod};
use kube::ResourceExt as _;

use super::{
    claim::{self, Claim, Standing, Taken},
    deletion,
};
use crate::{
    jobs::belongs_to,
    watch::{Caches, Owner, OwnerKind},
};

/// An account with everything around it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(super) account: Arc<WorkspaceAccount>,
    pub(super) jobs: Vec<Arc<Job>>,
    pub(super) pods: Vec<Arc<Pod>>,
    /// Why the AWS account is not this object's, if it is not.
    pub(super) taken: Option<Taken>,
}

impl Seen {
    /// Looks everything up; reads caches only.
    pub(super) fn of(account: &Arc<WorkspaceAccount>, caches: &Caches) -> Self {
        let owner = owner(account);
        Self {
            account: Arc::clone(account),
            jobs: own_jobs(account, caches),
            pods: caches.pods.of(&owner),
            taken: taken(account, caches),
        }
    }
}

/// An account as its children name it.
pub(super) fn owner(account: &WorkspaceAccount) -> Owner {
    Owner {
        kind: OwnerKind::WorkspaceAccount,
        namespace: account.namespace().unwrap_or_default(),
        name: account.name_any(),
    }
}

/// The Jobs that belong to this very object, not to an earlier one of its name.
pub(super) fn own_jobs(account: &WorkspaceAccount, caches: &Caches) -> Vec<Arc<Job>> {
    let uid = account.uid().unwrap_or_default();
    let jobs = caches.jobs.of(&owner(account));
    jobs.into_iter().filter(|job| belongs_to(job.owner_references(), &[&uid])).collect()
}

/// Why an account is not to be used: another object holds the AWS account that it names.
pub(crate) fn taken(account: &WorkspaceAccount, caches: &Caches) -> Option<Taken> {
    let rivals = rivals(account, caches);
    let holder = claim::holder(rivals.iter().filter_map(|object| claim(object, caches)))?;
    let ours = holder.name == account.name_any() && Some(&holder.namespace) == account.namespace().as_ref();
    (!ours).then(|| holder.taken())
}

/// All objects with the account id, this one included.
pub(super) fn rivals(account: &WorkspaceAccount, caches: &Caches) -> Vec<Arc<WorkspaceAccount>> {
    let all = caches.accounts.state();
    all.into_iter().filter(|other| other.spec.account_id == account.spec.account_id).collect()
}

/// What an object has to say for itself; nothing once nothing will be done for it any more.
fn claim(account: &WorkspaceAccount, caches: &Caches) -> Option<Claim> {
    let deleting = account.metadata.deletion_timestamp.is_some();
    if deleting && !deletion::finalizer::is_on(account) {
        return None;
    }
    let status = account.status.as_ref();
    let standing = match status.and_then(|status| status.proven_since.as_ref()) {
        _ if deleting && deletion::is_purging(account, caches) => Standing::Purging,
        Some(since) => Standing::Proven { since: since.0 },
        None => Standing::Unproven,
    };
    Some(Claim {
        standing,
        created: account.metadata.creation_timestamp.as_ref().map(|time| time.0),
        namespace: account.namespace().unwrap_or_default(),
        name: account.name_any(),
    })
}
