//! The SDK's event as a plain row.

use aws_sdk_cloudtrail::types::Event;
use fleet::audit::cloud_trail::Row;

use crate::collector::parse::moment;

/// The row of an event.
pub(super) fn row(event: Event) -> Row {
    let resources = event.resources.unwrap_or_default();
    Row {
        event_id: event.event_id,
        event_name: event.event_name,
        event_time: moment(event.event_time),
        event_source: event.event_source,
        read_only: event.read_only,
        user_name: event.username,
        access_key_id: event.access_key_id,
        resources: resources.into_iter().filter_map(|resource| resource.resource_name).collect(),
        record: event.cloud_trail_event,
    }
}
