//! The list of WorkSpaces as a file: a column a field.

use super::body::WorkspaceBody;
use crate::export::{Column, column};

/// In the order of the API's fields.
pub(super) static COLUMNS: &[Column<WorkspaceBody>] = &[
    column("id", |w| w.id.as_str().into()),
    column("accountId", |w| w.account_id.as_str().into()),
    column("region", |w| w.region.as_str().into()),
    column("directoryId", |w| w.directory_id.as_deref().into()),
    column("userName", |w| w.user_name.as_deref().into()),
    column("userNameReason", |w| w.user_name_reason.into()),
    column("computerName", |w| w.computer_name.as_deref().into()),
    column("ipAddress", |w| w.ip_address.as_deref().into()),
    column("state", |w| w.state.as_deref().into()),
    column("stateSince", |w| w.state_since.into()),
    column("runningMode", |w| w.running_mode.as_deref().into()),
    column("autoStopTimeoutMinutes", |w| w.auto_stop_timeout_minutes.into()),
    column("bundleId", |w| w.bundle_id.as_deref().into()),
    column("computeType", |w| w.compute_type.as_deref().into()),
    column("operatingSystem", |w| w.operating_system.as_deref().into()),
    column("protocols", |w| w.protocols.clone().into()),
    column("rootVolumeGib", |w| w.root_volume_gib.into()),
    column("userVolumeGib", |w| w.user_volume_gib.into()),
    column("rootVolumeEncrypted", |w| w.root_volume_encrypted.into()),
    column("userVolumeEncrypted", |w| w.user_volume_encrypted.into()),
    column("connectionState", |w| w.connection_state.as_deref().into()),
    column("lastConnectedAt", |w| w.last_connected_at.into()),
    column("lastConnectedReason", |w| w.last_connected_reason.into()),
    column("connectionCheckedAt", |w| w.connection_checked_at.into()),
    column("firstSeenAt", |w| w.first_seen_at.into()),
    column("lastReadAt", |w| w.last_read_at.into()),
    column("goneAt", |w| w.gone_at.into()),
];

#[cfg(test)]
mod tests {
    use super::{super::body::FIELDS, *};

    #[test]
    fn every_field_has_its_column() {
        let names: Vec<_> = COLUMNS.iter().map(Column::field).collect();
        assert_eq!(names, FIELDS);
    }
}
