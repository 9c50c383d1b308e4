//! A message of the queue, parsed: the event that EventBridge put into it, or why it is
//! none. Nothing of the message is in the reason, because it may hold anything.

use fleet::{EventId, access_event::AccessEvent};
use identifiers::{AccountId, Region};
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;

/// Why a message is no access event of the account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Rejection {
    /// Not the JSON of an event.
    #[error("the message is not the JSON of an event of EventBridge")]
    NotAnEvent,
    /// Postgres keeps no such text.
    #[error("the message holds a null character")]
    NullCharacter,
    /// Another kind of event.
    #[error("the event is not \"WorkSpaces Access\" of aws.workspaces")]
    OtherKind,
    /// An event of somebody else.
    #[error("the event belongs to another account than spec.accountId")]
    OtherAccount,
    /// A member that is needed.
    #[error("the event's {member} is missing or not what it should be")]
    Member {
        /// Its name.
        member: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Envelope {
    id: Option<String>,
    detail_type: Option<String>,
    source: Option<String>,
    account: Option<String>,
    region: Option<String>,
    detail: Option<Detail>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    client_ip_address: Option<String>,
    action_type: Option<String>,
    workspaces_client_product_name: Option<String>,
    login_time: Option<String>,
    client_platform: Option<String>,
    directory_id: Option<String>,
    client_version: Option<String>,
    workspace_id: Option<String>,
}

/// The event in `body`, if it is one of `account`.
pub(super) fn parse(body: &str, account: &AccountId) -> Result<AccessEvent, Rejection> {
    if body.contains('\0') || body.contains("\\u0000") {
        return Err(Rejection::NullCharacter);
    }
    let envelope: Envelope = serde_json::from_str(body).map_err(|_| Rejection::NotAnEvent)?;
    let kind = (envelope.source.as_deref(), envelope.detail_type.as_deref());
    if kind != (Some("aws.workspaces"), Some("WorkSpaces Access")) {
        return Err(Rejection::OtherKind);
    }
    if envelope.account.as_deref() != Some(account.as_str()) {
        return Err(Rejection::OtherAccount);
    }
    let detail = envelope.detail.ok_or(Rejection::Member { member: "detail" })?;
    Ok(AccessEvent {
        id: needed("id", envelope.id, |text| EventId::try_from(text).ok())?,
        region: needed("region", envelope.region, |text| text.parse::<Region>().ok())?,
        workspace_id: needed("detail.workspaceId", detail.workspace_id, |text| text.try_into().ok())?,
        login_at: needed("detail.loginTime", detail.login_time, |text| login_time(&text))?,
        directory_id: detail.directory_id.as_deref().and_then(directory),
        action: detail.action_type,
        client_ip: detail.client_ip_address.and_then(|text| text.parse().ok()),
        client_platform: detail.client_platform,
        client_product: detail.workspaces_client_product_name,
        client_version: detail.client_version,
    })
}

/// A moment that Postgres keeps: whoever may send to the queue may write any year.
fn login_time(text: &str) -> Option<Timestamp> {
    let at: Timestamp = text.parse().ok()?;
    (1..=9999).contains(&at.to_zoned(TimeZone::UTC).year()).then_some(at)
}

fn needed<T>(
    member: &'static str,
    text: Option<String>,
    parse: impl FnOnce(String) -> Option<T>,
) -> Result<T, Rejection> {
    text.and_then(parse).ok_or(Rejection::Member { member })
}

/// AWS writes `domain/d-9067012345`.
fn directory(text: &str) -> Option<fleet::DirectoryId> {
    text.rsplit('/').next()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    fn account() -> AccountId {
        "111111111111".parse().unwrap()
    }

    fn an_event() -> Value {
        json!({
            "version": "0", "id": "64ca0eda-9751-dc55-c41a-1bd50b4fc9b7", "detail-type": "WorkSpaces Access",
            "source": "aws.workspaces", "account": "111111111111", "time": "2026-03-04T08:13:07Z",
            "region": "us-east-1", "resources": [],
            "detail": {
                "clientIpAddress": "192.0.2.3", "actionType": "successfulLogin",
                "workspacesClientProductName": "WorkSpaces Desktop client", "loginTime": "2026-03-04T08:13:05.595Z",
                "clientPlatform": "Windows", "directoryId": "domain/d-9067012345", "clientVersion": "5.26.0",
                "workspaceId": "ws-8bhk2m9sf",
            },
        })
    }

    #[test]
    fn an_event_is_read_with_its_directory_without_the_word_domain() {
        let event = parse(&an_event().to_string(), &account()).unwrap();
        assert_eq!(event.directory_id.as_ref().unwrap().as_str(), "d-9067012345");
        assert_eq!(event.login_at.as_millisecond(), 1_772_611_985_595);
        assert_eq!(event.client_ip, Some("192.0.2.3".parse().unwrap()));
        assert!(event.is_use());
    }

    #[rstest]
    #[case("/source", json!("aws.ec2"), Rejection::OtherKind)]
    #[case("/account", json!("222222222222"), Rejection::OtherAccount)]
    #[case("/id", Value::Null, Rejection::Member { member: "id" })]
    #[case("/region", json!("nowhere"), Rejection::Member { member: "region" })]
    #[case("/detail", Value::Null, Rejection::Member { member: "detail" })]
    #[case("/detail/loginTime", json!("yesterday"), Rejection::Member { member: "detail.loginTime" })]
    #[case("/detail/loginTime", json!("0000-01-01T00:00:00Z"), Rejection::Member { member: "detail.loginTime" })]
    #[case("/detail/loginTime", json!("-000044-03-15T00:00:00Z"), Rejection::Member { member: "detail.loginTime" })]
    #[case("/detail/workspaceId", json!(""), Rejection::Member { member: "detail.workspaceId" })]
    #[case("/detail/clientPlatform", json!({"an": "object"}), Rejection::NotAnEvent)]
    #[case("/detail/clientPlatform", json!("a\0b"), Rejection::NullCharacter)]
    fn what_is_wrong_with_a_message_is_told(#[case] at: &str, #[case] value: Value, #[case] rejection: Rejection) {
        let mut event = an_event();
        *event.pointer_mut(at).unwrap() = value;
        assert_eq!(parse(&event.to_string(), &account()), Err(rejection));
    }

    #[test]
    fn an_address_that_is_none_is_unknown_and_the_login_still_counts() {
        let mut event = an_event();
        event["detail"]["clientIpAddress"] = json!("somewhere");
        event["detail"]["actionType"] = json!("somethingNew");
        let event = parse(&event.to_string(), &account()).unwrap();
        assert_eq!(event.client_ip, None);
        assert!(!event.is_use(), "only a login that succeeded proves use");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_fail_otherwise(body in "\\PC{0,200}") {
            prop_assert!(parse(&body, &account()).is_err());
        }

        #[test]
        fn no_reason_tells_what_the_message_held(secret in "[a-z]{12,24}") {
            let mut event = an_event();
            event["detail"]["loginTime"] = json!(secret);
            let reason = parse(&event.to_string(), &account()).unwrap_err().to_string();
            prop_assert!(!reason.contains(&secret));
        }
    }
}
