//! Names of the objects the operator makes.

use identifiers::ObjectName;

/// The kind of custom resource a child belongs to; its prefix in names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// `WorkspaceAccount`.
    WorkspaceAccount,
    /// `SyncSchedule`.
    SyncSchedule,
    /// `Report`.
    Report,
    /// `InferenceModel`.
    InferenceModel,
}

impl JobKind {
    /// The short name that starts each child's name.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::WorkspaceAccount => "wsa",
            Self::SyncSchedule => "ss",
            Self::Report => "rpt",
            Self::InferenceModel => "im",
        }
    }
}

/// The name of a lasting child: `ss-<schedule>`. At most 44 characters, so a CronJob's
/// own limit of 52 is never met.
pub fn child_name(kind: JobKind, owner: &ObjectName) -> String {
    format!("{}-{owner}", kind.prefix())
}

/// The name of a Job made for one `cause` (a generation, a requested time): the same
/// cause always gives the same name, so making it twice is harmless.
/// Eight hex digits of FNV-1a tell causes apart; an attacker gains nothing by a collision
/// because all causes of one owner are their own.
pub fn job_name(kind: JobKind, owner: &ObjectName, cause: &str) -> String {
    format!("{}-{owner}-{:08x}", kind.prefix(), fnv1a(cause))
}

fn fnv1a(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fnv1a_gives_the_published_values() {
        assert_eq!(fnv1a(""), 0x811c_9dc5);
        assert_eq!(fnv1a("a"), 0xe40c_292c);
        assert_eq!(fnv1a("foobar"), 0xbf9c_f968);
    }

    proptest! {
        #[test]
        fn derived_names_stay_within_kubernetes_limits(name in "[a-z]([a-z0-9-]{0,38}[a-z0-9])?", cause in ".{0,40}") {
            let owner = ObjectName::try_from(name.as_str()).unwrap();
            prop_assert!(child_name(JobKind::InferenceModel, &owner).len() <= 52);
            let job = job_name(JobKind::WorkspaceAccount, &owner, &cause);
            // Pods of an Indexed Job append "-<index>-<5 characters>".
            prop_assert!(job.len() <= 63 - 8, "{} characters", job.len());
            prop_assert_eq!(&job, &job_name(JobKind::WorkspaceAccount, &owner, &cause));
        }
    }
}
