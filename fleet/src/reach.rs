//! From where and under which name directories are reached: IP access control groups,
//! connection aliases, settings of clients, and what holds for a whole account and region.

use jiff::Timestamp;

use crate::{
    identity::DirectoryId,
    vocabulary::{AssociationStatus, ConnectionAliasState, Switch},
};

/// One group of `workspaces:DescribeIpGroups`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpGroup {
    /// Its id, `wsipg-…`.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What people wrote about it.
    pub description: Option<String>,
    /// Who may connect.
    pub rules: Vec<IpRule>,
}

/// One rule of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IpRule {
    /// A range of addresses in CIDR notation, as AWS wrote it.
    pub range: String,
    /// What people wrote about it.
    pub description: Option<String>,
}

/// One name of `workspaces:DescribeConnectionAliases`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionAlias {
    /// Its id, `wsca-…`.
    pub id: String,
    /// What users type, a domain name.
    pub connection_string: Option<String>,
    /// Its state.
    pub state: Option<ConnectionAliasState>,
    /// The account that made it.
    pub owner_account: Option<String>,
    /// Where it leads.
    pub targets: Vec<AliasTarget>,
}

/// Where an alias leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AliasTarget {
    /// A directory, of this account or of one that shares it.
    pub directory_id: DirectoryId,
    /// Whether it really does.
    pub status: Option<AssociationStatus>,
    /// The directory's account.
    pub account: Option<String>,
    /// What stands in the DNS TXT record of the name.
    pub connection_identifier: Option<String>,
}

/// What clients may do in a directory, by `workspaces:DescribeClientProperties`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientProperties {
    /// The directory.
    pub directory_id: DirectoryId,
    /// Whether clients may keep a sign-in to reconnect.
    pub reconnect: Option<Switch>,
    /// Whether clients may send their logs to AWS.
    pub log_upload: Option<Switch>,
}

/// Dedicated tenancy of an account and region, by `workspaces:DescribeAccount`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountTenancy {
    /// Whether the account may bring its own Windows licences.
    pub support: Option<Switch>,
    /// The range of addresses of the management network.
    pub management_range: Option<String>,
    /// AWS's word for the account's part in it, lower case.
    pub account_type: Option<String>,
    /// How it came to be so, by `workspaces:DescribeAccountModifications`; `None` where that
    /// was not told.
    pub modifications: Option<Vec<TenancyModification>>,
}

/// One change of dedicated tenancy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenancyModification {
    /// AWS's word for how far it is, lower case.
    pub state: Option<String>,
    /// What it makes of the tenancy.
    pub support: Option<Switch>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// Why it failed.
    pub error: Option<String>,
}

/// A number of things there may be, and how many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// At most.
    pub most: Option<i32>,
    /// Now.
    pub current: Option<i32>,
}

/// How many directories a region may have, by `ds:GetDirectoryLimits`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectoryLimits {
    /// Simple ADs.
    pub simple: Limit,
    /// Managed Microsoft ADs.
    pub microsoft: Limit,
    /// AD Connectors.
    pub connected: Limit,
}
