//! Who holds an AWS account when several objects name it. Pure.
//!
//! Anybody may write any account id into an object, so age proves nothing: whoever has shown
//! credentials of the account comes before whoever has not. Among those the one that showed
//! them first holds it, so that a newcomer never takes it away; while nobody has, the oldest
//! object does. A purge at work comes before all, because what others would write it removes.

use jiff::Timestamp;

/// What one object has to say for itself. The smallest claim holds the account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    pub(super) standing: Standing,
    /// When the object was created, in whole seconds.
    pub(super) created: Option<Timestamp>,
    /// Equal ages are told apart by name, so that all replicas and restarts agree.
    pub(super) namespace: String,
    pub(super) name: String,
}

/// From the strongest to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// The object is being deleted, and a purge removes the account's rows right now.
    Purging,
    /// Probes have shown, since then, that its credentials belong to the account.
    Proven { since: Timestamp },
    /// Nothing is known, or the opposite.
    Unproven,
}

/// Why an object does not hold its account. Every message names the field and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Taken {
    /// Its rows are being removed.
    #[error(
        "spec.accountId: the rows of this account are being removed for the WorkspaceAccount {holder}, which is being deleted: wait until it is gone"
    )]
    Purging {
        /// `namespace/name` of the other.
        holder: String,
    },
    /// Another one has been proven longer.
    #[error(
        "spec.accountId: the WorkspaceAccount {holder} holds this account, proven since {since}, and only one can be used: delete one of the two"
    )]
    Proven {
        /// `namespace/name` of the other.
        holder: String,
        /// Since when.
        since: Timestamp,
    },
    /// Nobody has been proven, and another one is older.
    #[error(
        "spec.accountId: the older WorkspaceAccount {holder} has the same account id, and only one can be used: delete one of the two, or give this one credentials of the account, for one that is proven comes first"
    )]
    Older {
        /// `namespace/name` of the other.
        holder: String,
    },
}

/// The claim that holds an account.
pub(crate) fn holder(claims: impl IntoIterator<Item = Claim>) -> Option<Claim> {
    claims.into_iter().min()
}

impl Claim {
    /// What others are told who do not hold the account because of this claim.
    pub(super) fn taken(&self) -> Taken {
        let holder = format!("{}/{}", self.namespace, self.name);
        match self.standing {
            Standing::Purging => Taken::Purging { holder },
            Standing::Proven { since } => Taken::Proven { holder, since },
            Standing::Unproven => Taken::Older { holder },
        }
    }
}

#[cfg(test)]
mod tests;
