//! What the list of desktops can be filtered and sorted by. Only what stands here reaches a
//! query.

use crate::{
    filter::{Kind, Property},
    list::{SortColumn, SortKind},
};

/// The property that shows desktops that are no longer there; without it they are left out.
pub const GONE: &str = "gone";

/// Properties and sort columns that tell who uses a desktop: they need `personal:read`,
/// because filtering by a hidden value reveals it.
pub const PERSONAL: &[&str] = &["userName", "computerName", "ipAddress"];

/// The order without a wish.
pub const DEFAULT_SORT: SortColumn = sort("id", "w.workspace_id", SortKind::Text);

/// Everything that can be filtered by.
pub const PROPERTIES: &[Property] = &[
    property("id", "w.workspace_id", Kind::Text),
    property("accountId", "w.account_id", Kind::Text),
    property("region", "w.region", Kind::Text),
    property("directoryId", "w.directory_id", Kind::Text),
    property("userName", "w.user_name", Kind::Text),
    property("computerName", "w.computer_name", Kind::Text),
    property("ipAddress", "w.ip_address", Kind::Text),
    property("state", "w.state", Kind::Word),
    property("stateSince", "w.state_since", Kind::Instant),
    property("runningMode", "w.running_mode", Kind::Word),
    property("autoStopTimeoutMinutes", "w.auto_stop_timeout_minutes", Kind::Number),
    property("bundleId", "w.bundle_id", Kind::Text),
    property("computeType", "w.compute_type", Kind::Word),
    property("operatingSystem", "w.operating_system", Kind::Word),
    property("protocols", "w.protocols", Kind::Words),
    property("rootVolumeGib", "w.root_volume_gib", Kind::Number),
    property("userVolumeGib", "w.user_volume_gib", Kind::Number),
    property("rootVolumeEncrypted", "w.root_volume_encrypted", Kind::Boolean),
    property("userVolumeEncrypted", "w.user_volume_encrypted", Kind::Boolean),
    property("connectionState", "w.connection_state", Kind::Word),
    property("lastConnectedAt", "w.last_connected_at", Kind::Instant),
    property("connectionCheckedAt", "w.connection_checked_at", Kind::Instant),
    property("firstSeenAt", "w.first_seen_at", Kind::Instant),
    property("lastReadAt", "w.last_read_at", Kind::Instant),
    property(GONE, "(w.gone_at is not null)", Kind::Boolean),
    property("goneAt", "w.gone_at", Kind::Instant),
];

/// Everything that can be sorted by.
pub const SORT_COLUMNS: &[SortColumn] = &[
    DEFAULT_SORT,
    sort("accountId", "w.account_id", SortKind::Text),
    sort("region", "w.region", SortKind::Text),
    sort("directoryId", "w.directory_id", SortKind::Text),
    sort("userName", "w.user_name", SortKind::Text),
    sort("computerName", "w.computer_name", SortKind::Text),
    sort("state", "w.state", SortKind::Text),
    sort("stateSince", "w.state_since", SortKind::Instant),
    sort("runningMode", "w.running_mode", SortKind::Text),
    sort("bundleId", "w.bundle_id", SortKind::Text),
    sort("computeType", "w.compute_type", SortKind::Text),
    sort("operatingSystem", "w.operating_system", SortKind::Text),
    sort("rootVolumeGib", "w.root_volume_gib", SortKind::Number),
    sort("userVolumeGib", "w.user_volume_gib", SortKind::Number),
    sort("connectionState", "w.connection_state", SortKind::Text),
    sort("lastConnectedAt", "w.last_connected_at", SortKind::Instant),
    sort("firstSeenAt", "w.first_seen_at", SortKind::Instant),
    sort("lastReadAt", "w.last_read_at", SortKind::Instant),
    sort("goneAt", "w.gone_at", SortKind::Instant),
];

const fn property(name: &'static str, sql: &'static str, kind: Kind) -> Property {
    Property { name, sql, kind }
}

const fn sort(name: &'static str, sql: &'static str, kind: SortKind) -> SortColumn {
    SortColumn { name, sql, kind }
}
