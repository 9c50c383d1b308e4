//! A directory as `WorkSpaces` and as Directory Service describe it.
//!
//! Two members of AWS's answers are secrets and have no place here: `RegistrationCode`
//! and `RadiusSettings.SharedSecret`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    identity::DirectoryId,
    vocabulary::{
        DirectoryEdition, DirectoryServiceType, DirectorySize, DirectoryStage, DirectoryState, DirectoryType,
        EncryptionMode, Switch, Tenancy, UserIdentityType, WorkspaceType,
    },
};

/// One directory in an answer of `workspaces:DescribeWorkspaceDirectories`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// Its id.
    pub id: DirectoryId,
    /// Its name, usually a domain.
    pub name: Option<String>,
    /// Its alias in URLs.
    pub alias: Option<String>,
    /// As `WorkSpaces` calls it; [`DirectoryService::service_type`] is more exact.
    pub directory_type: Option<DirectoryType>,
    /// Its registration with `WorkSpaces`.
    pub state: Option<DirectoryState>,
    /// Why it is in error.
    pub error_message: Option<String>,
    /// Personal desktops or pools.
    pub workspace_type: Option<WorkspaceType>,
    /// Who identifies its users.
    pub user_identity_type: Option<UserIdentityType>,
    /// Dedicated hardware means own Windows licences.
    pub tenancy: Option<Tenancy>,
    /// The service account of an AD Connector.
    pub customer_user_name: Option<String>,
    /// The role `WorkSpaces` uses.
    pub iam_role_id: Option<String>,
    /// The security group of its desktops.
    pub security_group_id: Option<String>,
    /// Subnets of its desktops.
    pub subnet_ids: Option<Vec<String>>,
    /// Its name servers.
    pub dns_addresses: Option<Vec<String>>,
    /// IP access control groups.
    pub ip_group_ids: Option<Vec<String>>,
    /// Standard TLS or FIPS validated.
    pub endpoint_encryption_mode: Option<EncryptionMode>,
    /// Whether users sign in by SAML.
    pub saml: Option<Switch>,
    /// Whether users sign in by certificate.
    pub certificate_auth: Option<Switch>,
    /// What new desktops get.
    pub defaults: Defaults,
    /// What users may do themselves, by permission: `restart_workspace`, ...
    pub self_service: Option<BTreeMap<String, Switch>>,
    /// From which kinds of device one may connect: `windows`, `web`, ...
    pub device_access: Option<BTreeMap<String, Switch>>,
}

/// What new desktops of a directory get.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Whether Windows maintenance starts stopped desktops (and bills them).
    pub maintenance_mode: Option<bool>,
    /// Whether they get a public address.
    pub internet_access: Option<bool>,
    /// Whether users are local administrators.
    pub local_administrator: Option<bool>,
    /// The organisational unit of their computer accounts.
    pub organizational_unit: Option<String>,
}

/// One directory in an answer of `ds:DescribeDirectories`; `wsd-` directories have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryService {
    /// Its id.
    pub id: DirectoryId,
    /// The true kind of directory.
    pub service_type: Option<DirectoryServiceType>,
    /// Its stage of life.
    pub stage: Option<DirectoryStage>,
    /// Its size.
    pub size: Option<DirectorySize>,
    /// Its edition.
    pub edition: Option<DirectoryEdition>,
    /// The network it is in.
    pub vpc_id: Option<String>,
    /// When it was made.
    pub launched_at: Option<Timestamp>,
}
