//! The closed set of reasons in conditions, each with what it means and what to do.
//!
//! `docs/reference/conditions.md` is made from this list.

mod entries;

use std::{fmt, str::FromStr};

use entries::ENTRIES;

/// The reason of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The object does what it should.
    Applied,
    /// The account is proven.
    Proven,
    /// Work is stopped by `spec.suspend`.
    Suspended,
    /// The annotation keeps the operator away.
    ReconcileDisabled,
    /// A probe is at work or about to start.
    Probing,
    /// A probe could not finish for a reason that passes.
    ProbeRetrying,
    /// Children are being written.
    Applying,
    /// The account object is not there.
    AccountNotFound,
    /// The account object cannot be used.
    AccountNotUsable,
    /// A field holds a value that cannot be right.
    InvalidSpec,
    /// The cron expression cannot be read or never fires.
    InvalidSchedule,
    /// The time zone does not exist.
    InvalidTimeZone,
    /// A region is not one of the account's.
    RegionNotInAccount,
    /// The endpoint's host is not allowed.
    EndpointNotAllowed,
    /// The ServiceAccount is not allowed.
    ServiceAccountNotAllowed,
    /// The PriorityClass is not allowed.
    PriorityClassNotAllowed,
    /// The RuntimeClass is not allowed.
    RuntimeClassNotAllowed,
    /// A label of pods is not allowed.
    PodLabelNotAllowed,
    /// An annotation of pods is not allowed.
    PodAnnotationNotAllowed,
    /// Another object holds the account id.
    AccountIdTaken,
    /// No other object holds the account id.
    AccountIdUnique,
    /// The account object is being deleted.
    AccountBeingDeleted,
    /// A purge waits for jobs to end.
    WaitingForJobs,
    /// The account's rows are being removed.
    Purging,
    /// The account's rows could not be removed yet.
    PurgeFailing,
    /// A foreign object has the name of our child.
    NameConflict,
    /// The API server refused a child.
    ChildRefused,
    /// A Secret or a key in it is missing.
    SecretMissing,
    /// A Secret holds a value that cannot be used.
    SecretInvalid,
    /// The pod was given no cloud identity.
    NoIdentity,
    /// AWS does not accept the credentials.
    CredentialsInvalid,
    /// The credentials belong to another account.
    WrongAccount,
    /// The role could not be assumed.
    AssumeRoleDenied,
    /// AWS could not be reached.
    Unreachable,
    /// AWS does not allow a call that the probe cannot do without.
    PermissionDenied,
    /// AWS asked for fewer calls.
    Throttled,
    /// AWS answered with an error of its own.
    ServiceFault,
    /// Every permission is there.
    PermissionsGranted,
    /// Some permissions are not there.
    PermissionsMissing,
    /// For some permissions no call could tell.
    PermissionsUnknown,
    /// Nothing is known yet.
    NotYetKnown,
    /// The probe ended without an answer that the operator understands.
    ProbeFailed,
    /// The last run read everything.
    RunComplete,
    /// The last run read a part.
    RunPartial,
    /// The last run read nothing of use.
    RunFailed,
    /// No run has ended yet.
    NoRunYet,
}

/// The text is not one of the reasons.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a reason of the closed set in docs/reference/conditions.md")]
pub struct UnknownReason {
    text: String,
}

impl Reason {
    /// The text in `status.conditions[].reason`.
    pub fn as_str(self) -> &'static str {
        ENTRIES[self as usize].name
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ENTRIES
            .iter()
            .find(|entry| entry.name == text)
            .map(|entry| entry.reason)
            .ok_or_else(|| UnknownReason { text: text.to_owned() })
    }
}

/// The table of reasons in Markdown.
pub fn reference_table() -> String {
    let rows = ENTRIES.iter().map(|entry| format!("| `{}` | {} | {} |\n", entry.name, entry.meaning, entry.remedy));
    "| reason | what it means | what to do |\n|---|---|---|\n".to_owned() + &rows.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_stands_at_its_own_place_and_reads_back() {
        for (place, entry) in ENTRIES.iter().enumerate() {
            assert_eq!(entry.reason as usize, place, "{}", entry.name);
            assert_eq!(format!("{:?}", entry.reason), entry.name);
            assert_eq!(entry.name.parse::<Reason>(), Ok(entry.reason));
        }
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert!("Whatever".parse::<Reason>().is_err());
    }
}
