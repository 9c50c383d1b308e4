//! A desktop in the API.

use jiff::Timestamp;
use serde::Serialize;
use store::workspace_list::WorkspaceRow;
use utoipa::ToSchema;

use crate::identity::{Caller, Capability};

/// Fields of an item, for `fields`.
pub(super) const FIELDS: &[&str] = &[
    "id",
    "accountId",
    "region",
    "directoryId",
    "userName",
    "userNameReason",
    "computerName",
    "ipAddress",
    "state",
    "stateSince",
    "runningMode",
    "autoStopTimeoutMinutes",
    "bundleId",
    "computeType",
    "operatingSystem",
    "protocols",
    "rootVolumeGib",
    "userVolumeGib",
    "rootVolumeEncrypted",
    "userVolumeEncrypted",
    "connectionState",
    "lastConnectedAt",
    "lastConnectedReason",
    "connectionCheckedAt",
    "firstSeenAt",
    "lastReadAt",
    "goneAt",
];

/// One WorkSpace. `null` is "not known", never "none"; words are AWS's in lower case, and
/// words that this release does not know are passed on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceBody {
    #[schema(example = "ws-0a1b2c3d4")]
    pub(super) id: String,
    #[schema(example = "123456789012")]
    pub(super) account_id: String,
    #[schema(example = "us-east-1")]
    pub(super) region: String,
    #[schema(example = "d-926722edaf")]
    pub(super) directory_id: Option<String>,
    /// Needs `personal:read`.
    #[schema(example = "ann.perez")]
    pub(super) user_name: Option<String>,
    /// Why `userName` is `null`: `hidden` (you lack `personal:read`) or `unknown`.
    pub(super) user_name_reason: Option<&'static str>,
    /// Needs `personal:read`.
    #[schema(example = "EC2AMAZ-1A2B3C")]
    pub(super) computer_name: Option<String>,
    /// Needs `personal:read`.
    #[schema(example = "10.0.1.17")]
    pub(super) ip_address: Option<String>,
    #[schema(example = "available")]
    pub(super) state: Option<String>,
    /// When a reading first showed the state.
    pub(super) state_since: Option<Timestamp>,
    #[schema(example = "auto_stop")]
    pub(super) running_mode: Option<String>,
    #[schema(example = 60)]
    pub(super) auto_stop_timeout_minutes: Option<i32>,
    #[schema(example = "wsb-92tn3b7gx")]
    pub(super) bundle_id: Option<String>,
    #[schema(example = "standard")]
    pub(super) compute_type: Option<String>,
    #[schema(example = "windows")]
    pub(super) operating_system: Option<String>,
    #[schema(example = json!(["wsp"]))]
    pub(super) protocols: Option<Vec<String>>,
    #[schema(example = 80)]
    pub(super) root_volume_gib: Option<i32>,
    #[schema(example = 50)]
    pub(super) user_volume_gib: Option<i32>,
    pub(super) root_volume_encrypted: Option<bool>,
    pub(super) user_volume_encrypted: Option<bool>,
    /// `connected`, `disconnected`, or `unknown` for a stopped desktop.
    #[schema(example = "disconnected")]
    pub(super) connection_state: Option<String>,
    pub(super) last_connected_at: Option<Timestamp>,
    /// Why `lastConnectedAt` is `null`: `never` (AWS looked and knows of no connection) or
    /// `unknown` (AWS has not looked).
    pub(super) last_connected_reason: Option<&'static str>,
    /// When AWS last looked.
    pub(super) connection_checked_at: Option<Timestamp>,
    pub(super) first_seen_at: Timestamp,
    /// When a listing last contained it.
    pub(super) last_read_at: Timestamp,
    /// When a complete listing no longer contained it; `null` while it is there.
    pub(super) gone_at: Option<Timestamp>,
}

impl WorkspaceBody {
    /// The desktop as `caller` may see it.
    pub(super) fn seen_by(caller: &Caller, row: WorkspaceRow) -> Self {
        let open = caller.may(Capability::PersonalRead);
        let user_name_reason = match (&row.user_name, open) {
            (_, false) => Some("hidden"),
            (None, true) => Some("unknown"),
            (Some(_), true) => None,
        };
        let last_connected_reason = match (row.last_connected_at(), row.connection_checked_at()) {
            (Some(_), _) => None,
            (None, Some(_)) => Some("never"),
            (None, None) => Some("unknown"),
        };
        Self {
            state_since: row.state_since(),
            last_connected_at: row.last_connected_at(),
            connection_checked_at: row.connection_checked_at(),
            first_seen_at: row.first_seen_at(),
            last_read_at: row.last_read_at(),
            gone_at: row.gone_at(),
            last_connected_reason,
            user_name_reason,
            id: row.workspace_id,
            account_id: row.account_id,
            region: row.region,
            directory_id: row.directory_id,
            user_name: row.user_name.filter(|_| open),
            computer_name: row.computer_name.filter(|_| open),
            ip_address: row.ip_address.filter(|_| open),
            state: row.state,
            running_mode: row.running_mode,
            auto_stop_timeout_minutes: row.auto_stop_timeout_minutes,
            bundle_id: row.bundle_id,
            compute_type: row.compute_type,
            operating_system: row.operating_system,
            protocols: row.protocols,
            root_volume_gib: row.root_volume_gib,
            user_volume_gib: row.user_volume_gib,
            root_volume_encrypted: row.root_volume_encrypted,
            user_volume_encrypted: row.user_volume_encrypted,
            connection_state: row.connection_state,
        }
    }
}
