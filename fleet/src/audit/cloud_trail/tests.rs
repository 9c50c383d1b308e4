//! Whole rows to whole events; and the laws of the parser.

mod events;
mod laws;

use serde_json::{Value, json};

use super::{Parsed, Row, parse};

/// A row whose record is `record`, with what CloudTrail always adds.
fn a_row(name: &str, record: &Value) -> Row {
    let mut whole = json!({
        "eventVersion": "1.11",
        "eventTime": "2026-03-02T09:30:00Z",
        "eventSource": "workspaces.amazonaws.com",
        "eventName": name,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.10",
        "userAgent": "aws-cli/2.31.4",
        "requestID": "5b1f2a0c-0000-4000-8000-000000000001",
        "eventID": "7f0d1c9a-8a0b-4a62-9b1e-2f3e4d5c6b7a",
        "readOnly": false,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": "111111111111",
        "eventCategory": "Management",
    });
    whole.as_object_mut().unwrap().extend(record.as_object().unwrap().clone());
    Row {
        event_id: Some("7f0d1c9a-8a0b-4a62-9b1e-2f3e4d5c6b7a".to_owned()),
        event_name: Some(name.to_owned()),
        event_time: Some("2026-03-02T09:30:00Z".parse().unwrap()),
        event_source: Some("workspaces.amazonaws.com".to_owned()),
        read_only: Some("false".to_owned()),
        record: Some(whole.to_string()),
        ..Row::default()
    }
}

fn parsed(row: &Row) -> Parsed {
    parse(row, &"eu-central-1".parse().unwrap()).unwrap()
}
