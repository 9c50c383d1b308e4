//! Laws of the parser, for any record.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{a_row, parsed};
use crate::audit::{SubjectKind, cloud_trail::Row, cloud_trail::parse};

/// Any JSON, nested up to six levels.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
        "\\PC{0,12}".prop_map(Value::from),
        "[a-z0-9:/ ]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-zA-Z]{1,8}", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// `value` with `texts` put into it at places that follow from `seed`.
fn with_texts(value: Value, texts: &[String], seed: usize) -> Value {
    texts.iter().enumerate().fold(value, |value, (number, text)| match (seed + number) % 4 {
        0 => json!([value, text]),
        1 => json!({"outer": value, "inner": {"list": [1, text]}}),
        2 => json!([{"id": format!("arn:aws:workspaces:eu-central-1:1:workspace/{text}")}, value]),
        _ => json!({"text": format!("The WorkSpace {text} is gone."), "rest": value}),
    })
}

proptest! {
    #[test]
    fn no_record_makes_it_panic_and_none_is_lost(record in "\\PC{0,80}|[{}\\[\\]\",:\\\\udu80-9a-z]{0,200}", name in "\\PC{0,20}") {
        let row = Row { record: Some(record), event_name: Some(name), ..a_row("StopWorkspaces", &json!({})) };
        prop_assert!(parse(&row, &"eu-central-1".parse().unwrap()).is_some());
    }

    #[test]
    fn no_shape_of_its_members_makes_it_panic(identity in any_json(), request in any_json(), response in any_json(), code in any_json()) {
        let record = json!({
            "userIdentity": identity, "requestParameters": request, "responseElements": response,
            "errorCode": code, "resources": request, "sourceIPAddress": identity,
        });
        for name in ["ModifyWorkspaceProperties", "CreateTags", "AuthorizeIpRules", "UpdateSettings"] {
            let event = parsed(&a_row(name, &record)).event;
            let text = serde_json::to_string(&event).unwrap();
            prop_assert!(!text.contains("\\u0000"), "Postgres takes no NUL");
            prop_assert_eq!(serde_json::from_str::<crate::audit::Event>(&text).unwrap(), event);
        }
    }

    #[test]
    fn every_desktop_in_request_or_answer_is_found(
        request in any_json(), response in any_json(), seed in 0_usize..4, depth in 0_usize..60,
        ids in prop::collection::btree_set("ws-[0-9a-z]{8,20}", 1..6),
    ) {
        let ids: Vec<String> = ids.into_iter().collect();
        let (asked, answered) = ids.split_at(ids.len() / 2);
        let mut request = with_texts(request, asked, seed);
        for _ in 0..depth {
            request = json!([request]);
        }
        let record = json!({"requestParameters": request, "responseElements": with_texts(response, answered, seed)});
        let event = parsed(&a_row("StopWorkspaces", &record)).event;
        for id in &ids {
            let found = event.subjects.iter().any(|subject| subject.kind == SubjectKind::Workspace && subject.id == *id);
            prop_assert!(found, "{id} of {:?}", event.subjects);
        }
    }

    #[test]
    fn no_secret_survives_wherever_it_is_repeated(
        request in any_json(), secret in "canary[A-Z0-9]{6,12}", seed in 0_usize..4,
        name in "password|newPassword|sharedSecret|RegistrationCode|session_token|trustPassword",
    ) {
        let hidden = json!({ name.as_str(): { "deeper": [secret.as_str()] }, "settings": [{"name": name, "value": secret.as_str()}] });
        let request = with_texts(json!([request, hidden]), std::slice::from_ref(&secret), seed);
        let record = json!({
            "requestParameters": request, "responseElements": {"echo": [secret.as_str()]},
            "errorMessage": format!("{secret} is too weak"), "errorCode": "Invalid", "userAgent": secret,
            "userIdentity": {"type": "IAMUser", "userName": secret},
        });
        for operation in ["ResetUserPassword", "UpdateSettings", "UpdateRadius"] {
            let text = serde_json::to_string(&parsed(&a_row(operation, &record)).event).unwrap();
            prop_assert!(!text.contains(&secret), "{text}");
        }
    }

    #[test]
    fn no_event_grows_beyond_128_kib(request in any_json(), length in 0_usize..100_000, items in 0_usize..1_000) {
        let long = json!({"text": "é".repeat(length / 2), "list": vec![request.clone(); items.min(200)], "many": vec!["x"; items]});
        let event = parsed(&a_row("StopWorkspaces", &json!({"requestParameters": long, "responseElements": long}))).event;
        prop_assert!(serde_json::to_string(&event).unwrap().len() < 128 << 10);
    }
}
