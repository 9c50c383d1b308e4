//! A desktop as the list shows it.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::list::{Order, Position, SortValue};

/// The columns of a [`WorkspaceRow`].
pub(super) const COLUMNS: &str = "w.account_id, w.region, w.workspace_id, w.directory_id, w.user_name, \
    w.computer_name, w.ip_address, w.state, w.state_since, w.running_mode, w.auto_stop_timeout_minutes, w.bundle_id, \
    w.compute_type, w.operating_system, w.protocols, w.root_volume_gib, w.user_volume_gib, w.root_volume_encrypted, \
    w.user_volume_encrypted, w.connection_state, w.connection_checked_at, w.last_connected_at, w.first_seen_at, \
    w.last_read_at, w.gone_at";

/// One desktop. `None` is not known; enumerations are AWS's words in lower case.
#[derive(Debug, Clone, FromRow)]
pub struct WorkspaceRow {
    /// 12 digits.
    pub account_id: String,
    /// AWS region.
    pub region: String,
    /// `ws-…`, unique within account and region.
    pub workspace_id: String,
    /// `d-…`.
    pub directory_id: Option<String>,
    /// Personal: the user it is assigned to.
    pub user_name: Option<String>,
    /// Personal: its name in the directory, which often holds the user's.
    pub computer_name: Option<String>,
    /// Personal: its address.
    pub ip_address: Option<String>,
    /// `available`, `stopped`, …
    pub state: Option<String>,
    state_since: Option<jiff_sqlx::Timestamp>,
    /// `auto_stop`, `always_on`, `manual`.
    pub running_mode: Option<String>,
    /// Minutes until an unused desktop stops.
    pub auto_stop_timeout_minutes: Option<i32>,
    /// `wsb-…`.
    pub bundle_id: Option<String>,
    /// `standard`, `power`, `graphics_g4dn`, …
    pub compute_type: Option<String>,
    /// `windows`, `linux`, …
    pub operating_system: Option<String>,
    /// `pcoip`, `wsp`; sorted.
    pub protocols: Option<Vec<String>>,
    /// GiB.
    pub root_volume_gib: Option<i32>,
    /// GiB.
    pub user_volume_gib: Option<i32>,
    /// Is the root volume encrypted?
    pub root_volume_encrypted: Option<bool>,
    /// Is the user volume encrypted?
    pub user_volume_encrypted: Option<bool>,
    /// `connected`, `disconnected`, `unknown`.
    pub connection_state: Option<String>,
    connection_checked_at: Option<jiff_sqlx::Timestamp>,
    last_connected_at: Option<jiff_sqlx::Timestamp>,
    first_seen_at: jiff_sqlx::Timestamp,
    last_read_at: jiff_sqlx::Timestamp,
    gone_at: Option<jiff_sqlx::Timestamp>,
}

impl WorkspaceRow {
    /// When a reading first showed the state.
    pub fn state_since(&self) -> Option<Timestamp> {
        self.state_since.map(Into::into)
    }

    /// When AWS last looked whether somebody is connected.
    pub fn connection_checked_at(&self) -> Option<Timestamp> {
        self.connection_checked_at.map(Into::into)
    }

    /// The last connection that AWS knows of.
    pub fn last_connected_at(&self) -> Option<Timestamp> {
        self.last_connected_at.map(Into::into)
    }

    /// When a listing first contained it.
    pub fn first_seen_at(&self) -> Timestamp {
        self.first_seen_at.into()
    }

    /// When a listing last contained it.
    pub fn last_read_at(&self) -> Timestamp {
        self.last_read_at.into()
    }

    /// When a complete listing no longer contained it.
    pub fn gone_at(&self) -> Option<Timestamp> {
        self.gone_at.map(Into::into)
    }

    /// The row's place in a list of this order.
    pub(super) fn position(&self, order: Order) -> Position {
        let text = |text: &Option<String>| text.clone().map(SortValue::Text);
        let number = |number: Option<i32>| number.map(|number| SortValue::Number(number.into()));
        let value = match order.column.name {
            "accountId" => Some(SortValue::Text(self.account_id.clone())),
            "region" => Some(SortValue::Text(self.region.clone())),
            "directoryId" => text(&self.directory_id),
            "userName" => text(&self.user_name),
            "computerName" => text(&self.computer_name),
            "state" => text(&self.state),
            "stateSince" => self.state_since().map(SortValue::Instant),
            "runningMode" => text(&self.running_mode),
            "bundleId" => text(&self.bundle_id),
            "computeType" => text(&self.compute_type),
            "operatingSystem" => text(&self.operating_system),
            "rootVolumeGib" => number(self.root_volume_gib),
            "userVolumeGib" => number(self.user_volume_gib),
            "connectionState" => text(&self.connection_state),
            "lastConnectedAt" => self.last_connected_at().map(SortValue::Instant),
            "firstSeenAt" => Some(SortValue::Instant(self.first_seen_at())),
            "lastReadAt" => Some(SortValue::Instant(self.last_read_at())),
            "goneAt" => self.gone_at().map(SortValue::Instant),
            _ => Some(SortValue::Text(self.workspace_id.clone())),
        };
        let key = vec![self.account_id.clone(), self.region.clone(), self.workspace_id.clone()];
        Position { value, key }
    }
}
