//! Events as AWS documents them, and as nobody would want them.

use serde_json::{Value, json};

use super::{a_row, parsed};
use crate::audit::{Outcome, SubjectKind, cloud_trail::Row};

fn an_administrator() -> Value {
    json!({
        "type": "AssumedRole",
        "principalId": "AROAEXAMPLEEXAMPLE001:priya.nair@example.com",
        "arn": "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/priya.nair@example.com",
        "accountId": "111111111111",
        "accessKeyId": "ASIAEXAMPLEEXAMPLE01",
        "sessionContext": {
            "sessionIssuer": {"type": "Role", "userName": "AWSReservedSSO_Admin_0123456789abcdef"},
            "attributes": {"creationDate": "2026-03-02T09:00:00Z", "mfaAuthenticated": "false"},
        },
    })
}

/// The event of a row as it is kept.
fn kept(row: &Row) -> String {
    serde_json::to_string_pretty(&parsed(row).event).unwrap()
}

#[test]
fn a_bulk_operation_tells_who_did_it_to_what_and_what_was_refused() {
    let row = a_row(
        "RebootWorkspaces",
        &json!({
            "userIdentity": an_administrator(),
            "requestParameters": {"rebootWorkspaceRequests": [{"workspaceId": "ws-8bhk2m9sf"}, {"workspaceId": "ws-9cjl3n0tg"}]},
            "responseElements": {"failedRequests": [{
                "workspaceId": "ws-9cjl3n0tg",
                "errorCode": "ResourceNotFound.Workspace",
                "errorMessage": "The specified WorkSpace cannot be found.",
            }]},
        }),
    );
    insta::assert_snapshot!(kept(&row));
}

#[test]
fn a_change_of_the_running_mode_tells_its_new_value() {
    let row = a_row(
        "ModifyWorkspaceProperties",
        &json!({
            "userIdentity": {"type": "IAMUser", "userName": "dana.ruiz", "accountId": "111111111111"},
            "requestParameters": {
                "workspaceId": "ws-8bhk2m9sf",
                "workspaceProperties": {"runningMode": "AUTO_STOP", "runningModeAutoStopTimeoutInMinutes": 60},
            },
            "responseElements": null,
        }),
    );
    insta::assert_snapshot!(kept(&row));
}

#[test]
fn a_refusal_changes_nothing_and_says_why() {
    let row = a_row(
        "TerminateWorkspaces",
        &json!({
            "userIdentity": {"type": "AWSService", "invokedBy": "events.amazonaws.com"},
            "requestParameters": null,
            "errorCode": "AccessDenied",
            "errorMessage": "User: arn:aws:sts::111111111111:assumed-role/desk-scheduler/desk-scheduler is not authorized",
        }),
    );
    insta::assert_snapshot!(kept(&row));
}

#[test]
fn no_secret_of_a_directory_is_kept() {
    let mut row = a_row(
        "UpdateRadius",
        &json!({
            "userIdentity": an_administrator(),
            "requestParameters": {
                "directoryId": "d-92674c0a1b",
                "radiusSettings": {"radiusServers": ["10.0.0.8"], "radiusPort": 1812, "sharedSecret": "canary-radius"},
                "registrationCode": "WSpdx+ABC12D",
                "newPassword": "canary-password",
            },
            "errorCode": null,
            "additional": "canary-radius",
        }),
    );
    row.event_source = Some("ds.amazonaws.com".to_owned());
    let text = kept(&row);
    assert!(!text.contains("canary") && !text.contains("WSpdx"), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn a_record_that_is_cut_off_keeps_what_stands_outside_of_it() {
    let mut row = a_row(
        "StopWorkspaces",
        &json!({"requestParameters": {"stopWorkspaceRequests": [{"workspaceId": "ws-8bhk2m9sf"}]}}),
    );
    row.user_name = Some("priya.nair@example.com".to_owned());
    row.access_key_id = Some("ASIAEXAMPLEEXAMPLE01".to_owned());
    row.record = row.record.map(|record| record[..record.len() - 3].to_owned());
    let parsed = parsed(&row);
    assert!(parsed.malformed && parsed.event.truncated);
    assert_eq!(parsed.event.outcome, Outcome::Unknown);
    assert_eq!(parsed.event.actor.person.as_deref(), Some("priya.nair@example.com"));
    assert_eq!(parsed.event.subjects[0].id, "ws-8bhk2m9sf", "ids that can still be read are kept");
    assert_eq!((parsed.event.event_name.as_str(), parsed.event.request), ("StopWorkspaces", None));
}

#[test]
fn a_record_of_256_kib_is_cut_and_says_so() {
    let request = json!({"workspaceId": "ws-8bhk2m9sf", "clientToken": "A".repeat(252 << 10)});
    let parsed = parsed(&a_row("RestoreWorkspace", &json!({"requestParameters": request})));
    assert!(parsed.event.truncated && !parsed.malformed);
    assert!(serde_json::to_string(&parsed.event).unwrap().len() < 64 << 10);
    assert_eq!(parsed.event.subjects[0].id, "ws-8bhk2m9sf");
}

#[test]
fn what_is_nested_without_end_is_cut_and_its_desktops_are_found() {
    let mut nested = json!("ws-8bhk2m9sf");
    for _ in 0..60 {
        nested = json!({"inner": [nested]});
    }
    let parsed = parsed(&a_row("RestoreWorkspace", &json!({"requestParameters": {"extension": nested}})));
    assert!(parsed.event.truncated && !parsed.malformed);
    assert_eq!(parsed.event.subjects[0].id, "ws-8bhk2m9sf");
}

#[test]
fn an_unknown_operation_identity_and_member_are_kept() {
    let row = a_row(
        "QuiesceWorkspaces",
        &json!({"userIdentity": {"type": "QuantumUser"}, "newMember": 1, "requestParameters": {"workspaceId": "ws-8bhk2m9sf"}}),
    );
    let event = parsed(&row).event;
    assert_eq!(event.actor.kind.to_aws(), "QuantumUser");
    assert_eq!(event.subjects[0].kind, SubjectKind::Workspace);
    assert!(!super::super::knows(&event.event_source, &event.event_name));
}

#[test]
fn things_named_by_resources_are_subjects() {
    let mut row = a_row(
        "AuthorizeIpRules",
        &json!({"resources": [{"ARN": "arn:aws:workspaces:eu-central-1:1:directory/d-92674c0a1b"}]}),
    );
    row.resources = vec!["arn:aws:workspaces:eu-central-1:1:workspace/ws-8bhk2m9sf".to_owned()];
    let ids: Vec<String> = parsed(&row).event.subjects.into_iter().map(|subject| subject.id).collect();
    assert_eq!(ids, ["ws-8bhk2m9sf", "d-92674c0a1b"]);
}

#[test]
fn without_an_id_or_a_time_there_is_no_event() {
    let row = a_row("StopWorkspaces", &json!({"eventID": null, "eventTime": null}));
    let region = "eu-central-1".parse().unwrap();
    assert!(super::parse(&Row { event_id: None, ..row.clone() }, &region).is_none());
    assert!(super::parse(&Row { event_time: None, ..row }, &region).is_none());
}
