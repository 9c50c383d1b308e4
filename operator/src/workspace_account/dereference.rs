//! What the caches know around an account: its probe Jobs with their pods, and accounts that
//! claim the same account id.

use std::sync::Arc;

use crds::WorkspaceAccount;
use k8s_openapi::api::{batch::v1::Job, core::v1::Pod};
use kube::{ResourceExt as _, runtime::reflector::Store};

use super::{InvalidAccount, ValidAccount};
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
    /// `namespace/name` of the oldest account with the same id, if that is another.
    pub(super) rival: Option<String>,
}

impl Seen {
    /// Looks everything up; reads caches only.
    pub(super) fn of(account: &Arc<WorkspaceAccount>, caches: &Caches) -> Self {
        let owner = Owner {
            kind: OwnerKind::WorkspaceAccount,
            namespace: account.namespace().unwrap_or_default(),
            name: account.name_any(),
        };
        let uid = account.uid().unwrap_or_default();
        let jobs =
            caches.jobs.of(&owner).into_iter().filter(|job| belongs_to(job.owner_references(), &[&uid])).collect();
        Self {
            account: Arc::clone(account),
            jobs,
            pods: caches.pods.of(&owner),
            rival: older_rival(account, &caches.accounts),
        }
    }

    /// Refuses an account whose id an older object has.
    pub(super) fn unrivalled(&self, valid: ValidAccount) -> Result<ValidAccount, InvalidAccount> {
        match &self.rival {
            None => Ok(valid),
            Some(older) => Err(InvalidAccount::AccountIdTaken { older: older.clone() }),
        }
    }
}

/// The oldest other account with the same account id that is older than this one; equal ages
/// are decided by namespace and name, so that all replicas and restarts agree.
pub(crate) fn older_rival(account: &WorkspaceAccount, accounts: &Store<WorkspaceAccount>) -> Option<String> {
    accounts
        .state()
        .iter()
        .filter(|other| other.spec.account_id == account.spec.account_id && age(other) < age(account))
        .min_by_key(|other| age(other))
        .map(|older| format!("{}/{}", older.namespace().unwrap_or_default(), older.name_any()))
}

fn age(account: &WorkspaceAccount) -> (Option<jiff::Timestamp>, String, String) {
    let created = account.metadata.creation_timestamp.as_ref().map(|time| time.0);
    (created, account.namespace().unwrap_or_default(), account.name_any())
}
