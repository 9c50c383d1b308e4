//! Which places are found, in events as CloudTrail tells them.

use proptest::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::*;
use crate::audit::{Change, Outcome, Subject, SubjectKind};

const ALICE: &str = "alice@example.com";

fn by_alice(request: Value) -> Event {
    let actor = Actor {
        person: Some("Alice@Example.com".to_owned()),
        arn: Some("arn:aws:sts::111111111111:assumed-role/Admin/alice@example.com".to_owned()),
        session_name: Some("alice@example.com".to_owned()),
        ..Actor::of(ActorKind::AssumedRole)
    };
    Event { source_ip: Some("203.0.113.7".to_owned()), request: Some(request), ..an_event(actor) }
}

fn an_event(actor: Actor) -> Event {
    Event {
        event_id: "7f0d1c9a".try_into().unwrap(),
        event_time: "2026-11-25T09:30:00Z".parse().unwrap(),
        region: Some("eu-central-1".parse().unwrap()),
        event_source: "workspaces.amazonaws.com".to_owned(),
        event_name: "CreateWorkspaces".to_owned(),
        read_only: Some(false),
        actor,
        source_ip: None,
        user_agent: None,
        subjects: vec![],
        outcome: Outcome::Succeeded,
        changes: vec![],
        request: None,
        response: None,
        truncated: false,
    }
}

fn people(event: &Event, at: &str) -> Vec<String> {
    let (_, places) = event.personal();
    places.into_iter().find(|place| place.at == at).map(|place| place.of.into_iter().collect()).unwrap_or_default()
}

#[test]
fn what_tells_of_the_actor_is_the_actors() {
    let event = by_alice(json!({ "workspaces": [{ "bundleId": "wsb-1" }] }));
    for at in ["/actor/person", "/actor/arn", "/actor/sessionName", "/sourceIp"] {
        assert_eq!(people(&event, at), [ALICE], "{at}");
    }
    assert_eq!(event.personal().1.len(), 4, "and nothing else");
}

#[rstest]
#[case::a_name(json!({"workspaces": [{"userName": "Bob", "bundleId": "wsb-1"}]}), "/request/workspaces/0/userName", "bob")]
#[case::beside_a_name(json!({"UserName": "bob", "EmailAddress": "b@example.com"}), "/request/EmailAddress", "bob")]
#[case::below_a_name(json!({"user": "bob", "more": {"surname": "Bobson"}}), "/request/more/surname", "bob")]
#[case::alone(json!({"emailAddress": "B@example.com"}), "/request/emailAddress", "b@example.com")]
#[case::one_of_a_list(json!({"userNames": ["x"], "user": ["bob", "carol"]}), "/request/user/1", "carol")]
#[case::a_tag(json!({"tags": [{"key": "Owner", "value": "bob"}]}), "/request/tags/0/value", "bob")]
#[case::a_whole_object(json!({"userName": "bob", "otherAttributes": {"x": 1}}), "/request/otherAttributes", "bob")]
#[case::a_key_with_a_slash(json!({"a/b~c": {"userName": "bob"}}), "/request/a~1b~0c/userName", "bob")]
fn a_personal_field_is_of_whom_it_is_about(#[case] request: Value, #[case] at: &str, #[case] of: &str) {
    assert_eq!(people(&by_alice(request), at), [of]);
}

#[test]
fn a_sentence_is_of_everybody_it_mentions() {
    let message = "User: arn:aws:sts::111111111111:assumed-role/Admin/alice@example.com may not reset (bob)";
    let event = Event {
        outcome: Outcome::Failed { code: "AccessDenied".to_owned(), message: Some(message.to_owned()) },
        ..by_alice(json!({ "userName": "bob" }))
    };
    assert_eq!(people(&event, "/outcome/message"), [ALICE, "bob"]);
}

#[rstest]
#[case("bobsled", &[])]
#[case("for BOB only", &["bob"])]
#[case("bob", &["bob"])]
#[case("bob@example.com", &["bob"])]
fn a_mention_is_a_whole_word(#[case] text: &str, #[case] of: &[&str]) {
    let event = by_alice(json!({ "userName": "bob", "note": text }));
    assert_eq!(people(&event, "/request/note"), of);
}

#[test]
fn a_name_of_one_letter_is_not_looked_for_in_other_texts() {
    let event = by_alice(json!({ "userName": "d", "directoryId": "d-92674c0a1b", "note": "d" }));
    assert!(people(&event, "/request/directoryId").is_empty());
    assert_eq!(people(&event, "/request/note"), ["d"]);
}

#[test]
fn an_object_with_a_name_as_key_is_personal_as_a_whole() {
    let event = by_alice(json!({ "userName": "bob", "quota": { "bob": 5, "userName": "carol" } }));
    assert_eq!(people(&event, "/request/quota"), ["bob", "carol"], "with what is inside");
    assert!(people(&event, "/request/quota/userName").is_empty());
}

#[test]
fn a_change_of_a_personal_property_is_personal() {
    let subject = Subject { kind: SubjectKind::Workspace, id: "ws-1".to_owned() };
    let change = |property: &str| Change {
        subject: subject.clone(),
        property: property.to_owned(),
        before: Some(json!("bob")),
        after: Some(json!("carol")),
    };
    let event = Event { changes: vec![change("userName"), change("runningMode")], ..by_alice(Value::Null) };
    assert_eq!(people(&event, "/changes/0/before"), ["bob"]);
    assert_eq!(people(&event, "/changes/1/after"), ["carol"], "a mention");
}

#[test]
fn a_service_of_aws_is_nobody() {
    let event =
        Event { source_ip: Some("workspaces.amazonaws.com".to_owned()), ..an_event(Actor::of(ActorKind::AwsService)) };
    assert_eq!(event.actor_name(), None);
    assert!(event.personal().1.is_empty());
}

#[test]
fn somebody_without_a_name_is_still_somebody() {
    let event = Event { source_ip: Some("203.0.113.7".to_owned()), ..an_event(Actor::of(ActorKind::SamlUser)) };
    assert_eq!(people(&event, "/sourceIp"), [NAMELESS]);
}

/// An event in which somebody's name stands in many places, as it is kept for show once the
/// places were emptied.
fn emptied(name: &str, (prefix, suffix): (&str, &str), shout: bool, depth: usize) -> Value {
    let written = if shout { name.to_uppercase() } else { name.to_owned() };
    let mut request = json!({ "x": format!("{prefix}{written}{suffix}"), "list": [written], written.clone(): 1 });
    for _ in 0..depth {
        request = json!({ "y": [request] });
    }
    let (mut json, places) = by_alice(json!({ "userName": name, "inner": request })).personal();
    for place in places {
        *json.pointer_mut(&place.at).unwrap() = Value::Null;
    }
    json
}

proptest! {
    /// The law that erasure stands on.
    #[test]
    fn no_name_is_left_outside_the_places(
        name in "[a-z]{3,8}", prefix in "[ (:/]{0,2}", suffix in "[ ).,@]{0,2}", shout in any::<bool>(), depth in 0_usize..4
    ) {
        let roots = ["request", "actor", "sourceIp"];
        let text = |json: &Value| roots.map(|root| json[root].to_string().to_lowercase()).concat();
        // A name that is a part of what AWS always writes ("sum" of "assumedRole") says nothing.
        prop_assume!(!text(&emptied("0", (&prefix, &suffix), shout, depth)).contains(&name));
        prop_assert!(!text(&emptied(&name, (&prefix, &suffix), shout, depth)).contains(&name));
    }
}
