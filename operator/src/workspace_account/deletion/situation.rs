//! Everything that the decision about a deletion is made from.

use std::sync::Arc;

use crds::{
    DeletionPolicy, WorkspaceAccount,
    conditions::{ConditionType, find},
};
use jiff::Timestamp;
use kube::{Resource as _, ResourceExt as _};

use super::{purges::Purges, work_left::work_left};
use crate::{
    markers::is_paused,
    watch::{Caches, full_name},
    workspace_account::dereference::rivals,
};

/// Finalizers by which Kubernetes removes or orphans an object's children. Until they are
/// gone, a Job of the object would be removed or orphaned as well.
const OF_GARBAGE_COLLECTION: [&str; 2] = ["foregroundDeletion", "orphan"];

/// Where a deletion stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Situation {
    pub(super) policy: DeletionPolicy,
    pub(super) is_paused: bool,
    pub(super) namespace_ends: bool,
    pub(super) rows: Rows,
    /// Kubernetes still removes the children that the object had.
    pub(super) children_go: bool,
    /// What could still write rows.
    pub(super) work_left: Option<String>,
    pub(super) purges: Purges,
    /// Since when nothing could write rows any more, as the status remembers it.
    pub(super) quiet_since: Option<Timestamp>,
    /// What the status said last about the purge.
    pub(super) last_words: Option<String>,
}

/// Whose the account's rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// This object's.
    Ours,
    /// Those of a living object with the same account id.
    Kept {
        /// Its `namespace/name`.
        by: String,
    },
    /// The object never proved the account and so has written nothing: whatever rows there are
    /// belong to somebody who is gone.
    NeverOurs,
}

impl Situation {
    /// Reads caches only.
    pub(super) fn of(account: &Arc<WorkspaceAccount>, caches: &Caches, namespace_ends: bool) -> Self {
        let status = account.status.as_ref();
        let conditions = status.map(|status| status.conditions.as_slice()).unwrap_or_default();
        let purged = find(conditions, ConditionType::Purged);
        Self {
            policy: account.spec.deletion_policy,
            is_paused: is_paused(&**account),
            namespace_ends,
            rows: rows(account, caches),
            children_go: account.finalizers().iter().any(|name| OF_GARBAGE_COLLECTION.contains(&name.as_str())),
            work_left: work_left(&account.spec.account_id, caches),
            purges: Purges::of(account, caches),
            quiet_since: purged.filter(|purged| purged.status == "False").map(|purged| purged.last_transition_time.0),
            last_words: purged.map(|purged| purged.message.clone()),
        }
    }
}

fn rows(account: &WorkspaceAccount, caches: &Caches) -> Rows {
    let rivals = rivals(account, caches);
    let was_proven = account.status.as_ref().is_some_and(|status| status.last_proven_time.is_some());
    match rivals.iter().find(|rival| rival.meta().deletion_timestamp.is_none()) {
        Some(living) => Rows::Kept { by: full_name(&**living) },
        None if was_proven => Rows::Ours,
        None => Rows::NeverOurs,
    }
}
