//! Who acted: CloudTrail's `userIdentity`, and the person behind a session.
//!
//! A session of a role is named by whoever assumed it. That name is a person's where
//! Identity Center made the session, where it is an address, or where the session came from
//! AWS's console; a source identity, which the session cannot change, goes before it. Any
//! other name (`desk-scheduler`, `i-0123…`) is a program's, and nobody is guessed.

use serde_json::Value;

use super::{Record, bounds::short, text};
use crate::audit::{Actor, ActorKind};

/// Roles that Identity Center makes; their sessions are named after its users.
const IDENTITY_CENTER_ROLE: &str = "AWSReservedSSO_";

/// What a row tells about the actor outside of its record.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Outside<'a> {
    pub(super) user_name: Option<&'a str>,
    pub(super) access_key_id: Option<&'a str>,
}

/// The actor of a record that cannot be read.
pub(super) fn named(outside: Outside<'_>) -> Actor {
    let name = outside.user_name.map(short);
    Actor {
        person: name.clone().filter(|name| is_address(name)),
        session_name: name,
        access_key_id: outside.access_key_id.map(short),
        ..Actor::of(ActorKind::from_aws("Unknown"))
    }
}

/// The actor of `record`.
pub(super) fn actor(record: &Record<'_>, outside: Outside<'_>) -> Actor {
    let nothing = Value::Null;
    let identity = record.0.get("userIdentity").unwrap_or(&nothing);
    let kind = kind(identity);
    let arn = text(identity, "arn");
    let (role, session) = session(identity);
    Actor {
        person: person(&kind, identity, record, (role, session)).map(short),
        arn: arn.map(short),
        account_id: text(identity, "accountId").map(short),
        role: role.map(short),
        session_name: session.map(short),
        access_key_id: text(identity, "accessKeyId").or(outside.access_key_id).map(short),
        kind,
    }
}

fn kind(identity: &Value) -> ActorKind {
    match (text(identity, "type"), text(identity, "invokedBy")) {
        (Some(word), _) => ActorKind::from_aws(&short(word)),
        (None, Some(service)) if service.ends_with(".amazonaws.com") => ActorKind::AwsService,
        (None, _) => ActorKind::from_aws("Unknown"),
    }
}

/// Role and session: from `arn:…:assumed-role/<role>/<session>`, else from the issuer and
/// the end of the principal.
fn session(identity: &Value) -> (Option<&str>, Option<&str>) {
    let assumed = text(identity, "arn").and_then(|arn| arn.split_once(":assumed-role/")).map(|(_, rest)| rest);
    let (from_arn, session) = match assumed.and_then(|rest| rest.split_once('/')) {
        Some((role, session)) => (Some(role), Some(session)),
        None => (assumed, None),
    };
    let issuer = identity.get("sessionContext").and_then(|context| context.get("sessionIssuer"));
    let is_role = text(identity, "type") == Some("AssumedRole");
    let role = from_arn.or_else(|| issuer.and_then(|issuer| text(issuer, "userName")).filter(|_| is_role));
    let principal = text(identity, "principalId").and_then(|id| id.split_once(':')).map(|(_, name)| name);
    (role, session.or_else(|| principal.filter(|_| is_role)))
}

/// The person, by the name under which AWS knows one.
fn person<'a>(
    kind: &ActorKind,
    identity: &'a Value,
    record: &Record<'a>,
    (role, session): (Option<&'a str>, Option<&'a str>),
) -> Option<&'a str> {
    let context = identity.get("sessionContext");
    let source = context.and_then(|context| text(context, "sourceIdentity"));
    match kind {
        ActorKind::AssumedRole => source.or_else(|| session.filter(|name| is_person(name, role, record))),
        ActorKind::FederatedUser => {
            text(identity, "principalId").and_then(|id| id.split_once(':')).map(|(_, name)| name)
        }
        // The root user and services are nobody in particular; a role is none either.
        ActorKind::Root | ActorKind::AwsService | ActorKind::AwsAccount | ActorKind::Role | ActorKind::Deskfleet => {
            source
        }
        _ => text(identity, "userName").or_else(|| text(identity, "arn")?.split_once(":user/")?.1.rsplit('/').next()),
    }
}

fn is_person(session: &str, role: Option<&str>, record: &Record<'_>) -> bool {
    let from_console = record.text("sessionCredentialFromConsole") == Some("true");
    is_address(session) || from_console || role.is_some_and(|role| role.starts_with(IDENTITY_CENTER_ROLE))
}

fn is_address(name: &str) -> bool {
    name.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn of(record: &Value) -> Actor {
        actor(&Record(record), Outside::default())
    }

    fn session_of(role: &str, session: &str) -> Value {
        json!({
            "type": "AssumedRole",
            "principalId": format!("AROAEXAMPLE:{session}"),
            "arn": format!("arn:aws:sts::111111111111:assumed-role/{role}/{session}"),
            "accountId": "111111111111",
        })
    }

    #[rstest]
    #[case::identity_center("AWSReservedSSO_Admin_0123456789abcdef", "priya.nair", Some("priya.nair"))]
    #[case::an_address("Admin", "priya@example.com", Some("priya@example.com"))]
    #[case::a_function("desk-scheduler", "desk-scheduler", None)]
    #[case::a_machine("web", "i-0123456789abcdef0", None)]
    #[case::says_nothing("Workspaces-Admin-Spoke-us-east-1", "SessionName", None)]
    fn a_session_is_a_person_only_where_its_name_says_so(
        #[case] role: &str,
        #[case] session: &str,
        #[case] person: Option<&str>,
    ) {
        let actor = of(&json!({"userIdentity": session_of(role, session)}));
        assert_eq!((actor.person.as_deref(), actor.role.as_deref()), (person, Some(role)));
        assert_eq!(actor.session_name.as_deref(), Some(session));
    }

    #[test]
    fn a_console_session_is_a_person_and_a_source_identity_goes_before() {
        let mut record = json!({"userIdentity": session_of("Admin", "alice"), "sessionCredentialFromConsole": "true"});
        assert_eq!(of(&record).person.as_deref(), Some("alice"));
        record["userIdentity"]["sessionContext"] = json!({"sourceIdentity": "alice.miller"});
        assert_eq!(of(&record).person.as_deref(), Some("alice.miller"));
    }

    #[rstest]
    #[case(json!({"type": "IAMUser", "userName": "dana.ruiz"}), "iam_user", Some("dana.ruiz"))]
    #[case(json!({"type": "IAMUser", "arn": "arn:aws:iam::1:user/people/dana"}), "iam_user", Some("dana"))]
    #[case(json!({"type": "Root", "arn": "arn:aws:iam::1:root"}), "root", None)]
    #[case(json!({"type": "FederatedUser", "principalId": "1:bob"}), "federated_user", Some("bob"))]
    #[case(json!({"type": "AWSService", "invokedBy": "workspaces.amazonaws.com"}), "aws_service", None)]
    #[case(json!({"invokedBy": "workspaces.amazonaws.com"}), "aws_service", None)]
    #[case(json!({"type": "Unknown", "userName": "jane"}), "=Unknown", Some("jane"))]
    #[case(json!({"type": "QuantumUser"}), "=QuantumUser", None)]
    #[case(json!("odd"), "=Unknown", None)]
    fn every_kind_of_identity_is_kept(#[case] identity: Value, #[case] kind: &str, #[case] person: Option<&str>) {
        let actor = of(&json!({"userIdentity": identity}));
        assert_eq!((actor.kind.as_str(), actor.person.as_deref()), (kind, person));
    }
}
