//! A desktop as AWS describes it.

use crate::{
    identity::{DirectoryId, WorkspaceId},
    vocabulary::{
        ComputeType, DataReplication, Modification, ModifiedResource, OperatingSystem, Protocol, RelationType,
        RunningMode, State,
    },
};

/// One desktop in an answer of `workspaces:DescribeWorkspaces`.
///
/// Only the id is certain: AWS leaves out members by type, age and state of a desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// What changes by somebody's decision; each change makes a version.
    pub configuration: Configuration,
    /// Its state now.
    pub state: Option<State>,
    /// Why it is in error.
    pub error: Option<DesktopError>,
    /// Changes under way. `Some(vec![])` is none, `None` is not told.
    pub modifications: Option<Vec<(ModifiedResource, Modification)>>,
}

/// What changes by somebody's decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The directory it is in.
    pub directory_id: Option<DirectoryId>,
    /// The user it is for.
    pub user_name: Option<String>,
    /// The name an administrator gave it.
    pub workspace_name: Option<String>,
    /// Its name in the operating system.
    pub computer_name: Option<String>,
    /// Address in the customer's network.
    pub ip_address: Option<String>,
    /// The same in IPv6.
    pub ipv6_address: Option<String>,
    /// The subnet it is in.
    pub subnet_id: Option<String>,
    /// The bundle it was made from.
    pub bundle_id: Option<String>,
    /// When it runs.
    pub running_mode: Option<RunningMode>,
    /// Minutes after a disconnect at which an `AUTO_STOP` desktop stops; steps of 60.
    pub auto_stop_timeout_minutes: Option<i32>,
    /// Its size.
    pub compute_type: Option<ComputeType>,
    /// Its operating system.
    pub operating_system: Option<OperatingSystem>,
    /// Streaming protocols, sorted.
    pub protocols: Option<Vec<Protocol>>,
    /// Root volume in GiB.
    pub root_volume_gib: Option<i32>,
    /// User volume in GiB.
    pub user_volume_gib: Option<i32>,
    /// Whether the root volume is encrypted.
    pub root_volume_encrypted: Option<bool>,
    /// Whether the user volume is encrypted.
    pub user_volume_encrypted: Option<bool>,
    /// ARN or alias of the key.
    pub volume_encryption_key: Option<String>,
    /// Whether its data goes to a standby desktop.
    pub data_replication: Option<DataReplication>,
    /// Its standby or primary in other regions, sorted by id.
    pub related: Option<Vec<RelatedWorkspace>>,
}

/// The other desktop of a multi-region pair.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelatedWorkspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its region.
    pub region: Option<String>,
    /// Whether it is the primary or the standby.
    pub relation: Option<RelationType>,
}

/// Why a desktop is in error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesktopError {
    /// AWS's code.
    pub code: Option<String>,
    /// AWS's text.
    pub message: Option<String>,
}
