//! Whether a user is connected to a desktop, and when one last was.

use jiff::Timestamp;

use crate::{identity::WorkspaceId, vocabulary::ConnectionState};

/// One desktop's answer of `workspaces:DescribeWorkspacesConnectionStatus`.
///
/// AWS leaves out whole desktops (just launched, in error): for those there is no value
/// of this type, and their connection stays unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionStatus {
    /// The desktop.
    pub id: WorkspaceId,
    /// `unknown` for a stopped desktop.
    pub state: Option<ConnectionState>,
    /// When AWS looked.
    pub checked_at: Option<Timestamp>,
    /// The last connection AWS knows of. `None` is "never" or "no data": AWS does not tell
    /// them apart.
    pub last_connected_at: Option<Timestamp>,
}
