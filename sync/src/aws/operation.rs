//! The AWS operations deskfleet calls: their names, the permission each needs, and how
//! often each may be called.

use contract::Pace;

/// An operation of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// Desktops, 25 a page.
    DescribeWorkspaces,
    /// Connections, 25 desktops a call.
    DescribeWorkspacesConnectionStatus,
    /// Directories as `WorkSpaces` knows them, 25 a page.
    DescribeWorkspaceDirectories,
    /// Directories as Directory Service knows them.
    DescribeDirectories,
    /// Whose credentials these are.
    GetCallerIdentity,
    /// Credentials of a role.
    AssumeRole,
    /// Credentials of a role, for the token of a service account.
    AssumeRoleWithWebIdentity,
}

/// What is to be known of an operation.
struct Facts {
    /// The prefix of its IAM action.
    service: &'static str,
    name: &'static str,
    pace: Pace,
}

/// AWS publishes no limits for `WorkSpaces`; 1.5 a second is what others arrived at by being
/// throttled, and it leaves room for people and their console.
const WORKSPACES: Pace = Pace { rate: 1.5, burst: 3 };
/// Directory Service publishes none either.
const DIRECTORY_SERVICE: Pace = Pace { rate: 2.0, burst: 3 };
/// STS allows hundreds.
const STS: Pace = Pace { rate: 5.0, burst: 5 };

const fn facts(service: &'static str, name: &'static str, pace: Pace) -> Facts {
    Facts { service, name, pace }
}

impl Operation {
    const fn facts(self) -> Facts {
        match self {
            Self::DescribeWorkspaces => facts("workspaces", "DescribeWorkspaces", WORKSPACES),
            Self::DescribeWorkspacesConnectionStatus => {
                facts("workspaces", "DescribeWorkspacesConnectionStatus", WORKSPACES)
            }
            Self::DescribeWorkspaceDirectories => facts("workspaces", "DescribeWorkspaceDirectories", WORKSPACES),
            Self::DescribeDirectories => facts("ds", "DescribeDirectories", DIRECTORY_SERVICE),
            Self::GetCallerIdentity => facts("sts", "GetCallerIdentity", STS),
            Self::AssumeRole => facts("sts", "AssumeRole", STS),
            Self::AssumeRoleWithWebIdentity => facts("sts", "AssumeRoleWithWebIdentity", STS),
        }
    }

    /// AWS's name, as in plans, pace overrides and the ledger.
    pub(crate) const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The action of IAM that allows it, such as `workspaces:DescribeWorkspaces`.
    pub(crate) fn iam_action(self) -> String {
        let Facts { service, name, .. } = self.facts();
        format!("{service}:{name}")
    }

    /// The pace without an override.
    pub(crate) const fn default_pace(self) -> Pace {
        self.facts().pace
    }
}
