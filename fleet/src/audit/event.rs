//! One event of the audit trail.
//!
//! Flows in: an event of CloudTrail's `LookupEvents`, parsed by sync. Flows out: plain data
//! that survives JSON unchanged. Deliberately absent: which of its values are personal.

use identifiers::Region;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Actor, Change, Outcome, Subject};
use crate::EventId;

/// Something that was done, or tried, through AWS's API.
///
/// In JSON the names are in camel case, and what is not known is left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// AWS's id (`eventID`); an event is known by it within its account and region.
    pub event_id: EventId,
    /// When it took place, to the second (`eventTime`).
    pub event_time: Timestamp,
    /// The region whose trail holds it (`awsRegion`). `None` for what deskfleet itself did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The service that was asked, such as `workspaces.amazonaws.com`.
    pub event_source: String,
    /// The operation, such as `TerminateWorkspaces`.
    pub event_name: String,
    /// Whether it only read. `None` where AWS does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_only: Option<bool>,
    /// Who asked.
    pub actor: Actor,
    /// The address it came from, or the name of the AWS service that asked
    /// (`sourceIPAddress`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<String>,
    /// The program it came from, as it names itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// What it was done to, each once, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
    /// How it ended.
    pub outcome: Outcome,
    /// What it changed, where that can be told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// `requestParameters`; AWS hides secrets in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
    /// `responseElements`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Value>,
    /// Whether request or response were too large and are not, or not wholly, here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{ActorKind, FailedRequest, SubjectKind};

    fn an_event() -> Event {
        Event {
            event_id: "7f0d1c9a-8a0b-4a62-9b1e-2f3e4d5c6b7a".try_into().unwrap(),
            event_time: "2026-11-25T09:30:00Z".parse().unwrap(),
            region: Some("eu-central-1".parse().unwrap()),
            event_source: "workspaces.amazonaws.com".to_owned(),
            event_name: "RebootWorkspaces".to_owned(),
            read_only: Some(false),
            actor: Actor { person: Some("alice@example.com".to_owned()), ..Actor::of(ActorKind::AssumedRole) },
            source_ip: Some("203.0.113.7".to_owned()),
            user_agent: None,
            subjects: vec![Subject { kind: SubjectKind::Workspace, id: "ws-1".to_owned() }],
            outcome: Outcome::Partly {
                failed: vec![FailedRequest {
                    id: Some("ws-1".to_owned()),
                    code: Some("ResourceNotFound.Workspace".to_owned()),
                    message: None,
                }],
            },
            changes: vec![],
            request: Some(serde_json::json!({ "rebootWorkspaceRequests": [{ "workspaceId": "ws-1" }] })),
            response: None,
            truncated: false,
        }
    }

    #[test]
    fn an_event_survives_json() {
        let text = serde_json::to_string(&an_event()).unwrap();
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), an_event());
    }

    #[test]
    fn what_is_not_known_is_left_out_of_json() {
        let value = serde_json::to_value(an_event()).unwrap();
        let names: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(!names.contains(&"userAgent") && !names.contains(&"response") && !names.contains(&"truncated"));
        assert_eq!(value["outcome"]["state"], "partly");
        assert_eq!(value["actor"]["kind"], "assumed_role");
    }
}
