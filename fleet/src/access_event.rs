//! A login to a desktop, as an event of `WorkSpaces` tells it ("`WorkSpaces` Access").
//!
//! AWS sends these events once, by EventBridge, and keeps none. Addresses and the times of
//! logins are personal data.

use std::net::IpAddr;

use identifiers::Region;
use jiff::Timestamp;

use crate::identity::{DirectoryId, EventId, WorkspaceId};

/// The action of a login that succeeded, which is evidence of use.
pub const SUCCESSFUL_LOGIN: &str = "successfulLogin";

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessEvent {
    /// Its id, the same in every copy that arrives.
    pub id: EventId,
    /// The desktop's region.
    pub region: Region,
    /// The desktop.
    pub workspace_id: WorkspaceId,
    /// Its directory.
    pub directory_id: Option<DirectoryId>,
    /// What was done, as AWS wrote it.
    pub action: Option<String>,
    /// When the user logged in.
    pub login_at: Timestamp,
    /// Where from; `None` where AWS told none that is an address.
    pub client_ip: Option<IpAddr>,
    /// The system of the client, as AWS wrote it.
    pub client_platform: Option<String>,
    /// The client, as AWS wrote it.
    pub client_product: Option<String>,
    /// Its version.
    pub client_version: Option<String>,
}

impl AccessEvent {
    /// Whether it proves that somebody used the desktop.
    pub fn is_use(&self) -> bool {
        self.action.as_deref() == Some(SUCCESSFUL_LOGIN)
    }
}
