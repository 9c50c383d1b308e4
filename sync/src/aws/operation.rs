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
}

impl Operation {
    /// AWS's name, as in plans, pace overrides and the ledger.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::DescribeWorkspaces => "DescribeWorkspaces",
            Self::DescribeWorkspacesConnectionStatus => "DescribeWorkspacesConnectionStatus",
            Self::DescribeWorkspaceDirectories => "DescribeWorkspaceDirectories",
            Self::DescribeDirectories => "DescribeDirectories",
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::AssumeRole => "AssumeRole",
        }
    }

    /// The action of IAM that allows it.
    pub(crate) const fn iam_action(self) -> &'static str {
        match self {
            Self::DescribeWorkspaces => "workspaces:DescribeWorkspaces",
            Self::DescribeWorkspacesConnectionStatus => "workspaces:DescribeWorkspacesConnectionStatus",
            Self::DescribeWorkspaceDirectories => "workspaces:DescribeWorkspaceDirectories",
            Self::DescribeDirectories => "ds:DescribeDirectories",
            Self::GetCallerIdentity => "sts:GetCallerIdentity",
            Self::AssumeRole => "sts:AssumeRole",
        }
    }

    /// The pace without an override. AWS publishes no limits for `WorkSpaces`; 1.5 a second
    /// is what others arrived at by being throttled (docs/explanation, call pacing), and it
    /// leaves room for people and their console.
    pub(crate) const fn default_pace(self) -> Pace {
        match self {
            Self::DescribeWorkspaces
            | Self::DescribeWorkspacesConnectionStatus
            | Self::DescribeWorkspaceDirectories => Pace { rate: 1.5, burst: 3 },
            Self::DescribeDirectories => Pace { rate: 2.0, burst: 3 },
            Self::GetCallerIdentity | Self::AssumeRole => Pace { rate: 5.0, burst: 5 },
        }
    }
}
