//! From the SDK's types to the domain's: words keep their spelling, empty text is no
//! text, and only an id can make an item impossible.

use fleet::ConnectionStatus;
use fleet::vocabulary::ConnectionState;
use jiff::Timestamp;

mod bundle;
mod desktop;
mod directory;
mod directory_part;
mod image;
mod pool;
mod reach;

pub(super) use bundle::bundle;
pub(super) use desktop::desktop;
pub(super) use directory::{directory, directory_service};
pub(super) use directory_part::{certificate, domain_controller, ldaps, log_subscription, snapshot, trust};
pub(super) use image::image;
pub(super) use pool::{pool, pool_session};
pub(super) use reach::{account_tenancy, client_properties, connection_alias, ip_group, limits, snapshot_limit};

/// AWS sends `""` for members it has no value for, in old answers.
fn text(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// The token of the next page; `""` ends a listing as its absence does.
pub(super) fn token(token: Option<String>) -> Option<String> {
    text(token)
}

/// A moment; `None` outside the years jiff knows.
pub(super) fn moment(time: Option<aws_smithy_types::DateTime>) -> Option<Timestamp> {
    let time = time?;
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).unwrap_or(0)).ok()
}

/// One desktop's connection; `None` without an id.
pub(super) fn connection(status: aws_sdk_workspaces::types::WorkspaceConnectionStatus) -> Option<ConnectionStatus> {
    Some(ConnectionStatus {
        id: status.workspace_id?.try_into().ok()?,
        state: status.connection_state.map(|word| ConnectionState::from_aws(word.as_str())),
        checked_at: moment(status.connection_state_check_timestamp),
        last_connected_at: moment(status.last_known_user_connection_timestamp),
    })
}
