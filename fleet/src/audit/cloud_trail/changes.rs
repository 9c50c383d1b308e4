//! What an operation changed: which property of what, and its value since.
//!
//! Flows in: an operation's name and its request. Flows out: a change for each property that
//! the request sets; none where AWS refused it. Deliberately absent: the values before, which
//! no request tells; the store adds what it had read.

use serde_json::{Map, Value};

use super::{subjects::kind_of, text};
use crate::audit::{Change, Outcome, Subject};

/// Changes of one event at most.
const MOST: usize = 200;

/// Where an operation's request holds the values that it sets.
enum Set {
    /// Members of the object in this member.
    Members(&'static str),
    /// These members themselves.
    These(&'static [&'static str]),
    /// Tags, by key: given, or taken away.
    Tags(&'static str),
    /// Rules of a group of addresses, by network.
    Networks,
    /// Each request of the list in this member names a subject and sets a property.
    Each(&'static str, &'static str, &'static str),
}

/// The members that hold the id of what an operation changes, and what it sets there.
const RULES: &[(&str, &str, Set)] = &[
    ("ModifyWorkspaceProperties", "workspaceId", Set::Members("workspaceProperties")),
    ("ModifyWorkspaceState", "workspaceId", Set::These(&["workspaceState"])),
    ("MigrateWorkspace", "sourceWorkspaceId", Set::These(&["bundleId"])),
    ("CreateTags", "resourceId", Set::Tags("tags")),
    ("DeleteTags", "resourceId", Set::Tags("tagKeys")),
    ("ModifyWorkspaceAccessProperties", "resourceId", Set::Members("workspaceAccessProperties")),
    ("ModifyWorkspaceCreationProperties", "resourceId", Set::Members("workspaceCreationProperties")),
    ("ModifySelfservicePermissions", "resourceId", Set::Members("selfservicePermissions")),
    ("ModifySamlProperties", "resourceId", Set::Members("samlProperties")),
    ("ModifyCertificateBasedAuthProperties", "resourceId", Set::Members("certificateBasedAuthProperties")),
    ("ModifyStreamingProperties", "resourceId", Set::Members("streamingProperties")),
    ("ModifyClientProperties", "resourceId", Set::Members("clientProperties")),
    ("ModifyEndpointEncryptionMode", "directoryId", Set::These(&["endpointEncryptionMode"])),
    ("AuthorizeIpRules", "groupId", Set::Networks),
    ("RevokeIpRules", "groupId", Set::Networks),
    ("UpdateWorkspaceBundle", "bundleId", Set::These(&["imageId"])),
    ("UpdateWorkspacesPool", "poolId", Set::These(&["bundleId", "directoryId", "description", "runningMode"])),
    ("UpdateWorkspacesPool", "poolId", Set::Members("capacity")),
    ("UpdateWorkspacesPool", "poolId", Set::Members("timeoutSettings")),
    ("UpdateNumberOfDomainControllers", "directoryId", Set::These(&["desiredNumber"])),
    ("UpdateRadius", "directoryId", Set::Members("radiusSettings")),
    ("UpdateTrust", "trustId", Set::These(&["selectiveAuth"])),
    ("UpdateSettings", "directoryId", Set::Each("settings", "name", "value")),
];

/// What the operation `name` changed by `request`.
pub(super) fn changes(name: &str, request: &Value, outcome: &Outcome) -> Vec<Change> {
    let refused = match outcome {
        Outcome::Succeeded => &[][..],
        Outcome::Partly { failed } => failed,
        Outcome::Failed { .. } | Outcome::Unknown => return Vec::new(),
    };
    let mut changes = Vec::new();
    for (_, member, set) in RULES.iter().filter(|(operation, ..)| *operation == name) {
        let Some(subject) = subject(request, member) else { continue };
        if refused.iter().any(|part| part.id.as_deref() == Some(&subject.id)) {
            continue;
        }
        let values = values(set, name, request);
        changes.extend(values.into_iter().map(|(property, after)| Change {
            subject: subject.clone(),
            property,
            before: None,
            after,
        }));
    }
    changes.truncate(MOST);
    changes
}

fn subject(request: &Value, member: &str) -> Option<Subject> {
    let id = text(request, member)?;
    Some(Subject { kind: kind_of(id)?, id: id.to_owned() })
}

/// Properties with their values; `None` where the property is gone.
fn values(set: &Set, name: &str, request: &Value) -> Vec<(String, Option<Value>)> {
    let list = |member: &str| request.get(member).and_then(Value::as_array).into_iter().flatten();
    match set {
        Set::Members(member) => members(request.get(member).and_then(Value::as_object)),
        Set::These(names) => {
            let set = |name: &&str| Some(((*name).to_owned(), Some(request.get(name)?.clone())));
            names.iter().filter_map(set).collect()
        }
        Set::Tags(member) => list(member).filter_map(tag).collect(),
        Set::Networks => list("userRules").filter_map(|rule| network(rule, name)).collect(),
        Set::Each(member, key, value) => {
            list(member).filter_map(|each| Some((text(each, key)?.to_owned(), each.get(value).cloned()))).collect()
        }
    }
}

/// A tag that is given, or only its key where it is taken away.
fn tag(tag: &Value) -> Option<(String, Option<Value>)> {
    if let Value::String(key) = tag {
        return Some((format!("tag:{key}"), None));
    }
    Some((format!("tag:{}", text(tag, "key")?), Some(tag.get("value").cloned().unwrap_or_default())))
}

/// A network that may connect, with its description, or one that no longer may.
fn network(rule: &Value, operation: &str) -> Option<(String, Option<Value>)> {
    if let Value::String(network) = rule {
        return Some((format!("ipRule:{network}"), None));
    }
    let description = rule.get("ruleDesc").cloned().unwrap_or_default();
    let after = (operation == "AuthorizeIpRules").then_some(description);
    Some((format!("ipRule:{}", text(rule, "ipRule")?), after))
}

/// Members of an object, those of objects inside it by `outer.inner`.
fn members(object: Option<&Map<String, Value>>) -> Vec<(String, Option<Value>)> {
    let each = |(name, value): (&String, &Value)| match value {
        Value::Object(inner) => {
            inner.iter().map(|(inner, value)| (format!("{name}.{inner}"), Some(value.clone()))).collect::<Vec<_>>()
        }
        value => vec![(name.clone(), Some(value.clone()))],
    };
    object.into_iter().flatten().flat_map(each).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::audit::FailedRequest;

    fn told(name: &str, request: &Value, outcome: &Outcome) -> Vec<(String, String, Option<Value>)> {
        let told = |change: Change| (change.subject.id, change.property, change.after);
        changes(name, request, outcome).into_iter().map(told).collect()
    }

    #[test]
    fn each_property_that_a_request_sets_is_a_change() {
        let request =
            json!({"workspaceId": "ws-8bhk2m9sf", "workspaceProperties": {"runningMode": "AUTO_STOP", "a": 60}});
        let expected = [
            ("ws-8bhk2m9sf".to_owned(), "a".to_owned(), Some(json!(60))),
            ("ws-8bhk2m9sf".to_owned(), "runningMode".to_owned(), Some(json!("AUTO_STOP"))),
        ];
        assert_eq!(told("ModifyWorkspaceProperties", &request, &Outcome::Succeeded), expected);
    }

    #[test]
    fn what_aws_refused_changed_nothing() {
        let request = json!({"workspaceId": "ws-8bhk2m9sf", "workspaceState": "AVAILABLE"});
        let failed = Outcome::Failed { code: "AccessDenied".to_owned(), message: None };
        let part = FailedRequest { id: Some("ws-8bhk2m9sf".to_owned()), code: None, message: None };
        for outcome in [failed, Outcome::Partly { failed: vec![part] }, Outcome::Unknown] {
            assert!(told("ModifyWorkspaceState", &request, &outcome).is_empty(), "{outcome:?}");
        }
    }

    #[test]
    fn tags_and_rules_are_changes_by_key() {
        let given = json!({"resourceId": "ws-8bhk2m9sf", "tags": [{"key": "team", "value": "euc"}, {"value": "x"}]});
        assert_eq!(told("CreateTags", &given, &Outcome::Succeeded)[0].1, "tag:team");
        let taken = json!({"resourceId": "ws-8bhk2m9sf", "tagKeys": ["team"]});
        assert_eq!(told("DeleteTags", &taken, &Outcome::Succeeded)[0].2, None);
        let rules =
            json!({"groupId": "wsipg-8bhk2m9sf", "userRules": [{"ipRule": "203.0.113.0/28", "ruleDesc": "vpn"}]});
        let expected = [("wsipg-8bhk2m9sf".to_owned(), "ipRule:203.0.113.0/28".to_owned(), Some(json!("vpn")))];
        assert_eq!(told("AuthorizeIpRules", &rules, &Outcome::Succeeded), expected);
    }

    #[test]
    fn a_tag_of_something_that_is_no_desktop_of_ours_is_no_change() {
        let request = json!({"resourceId": "vol-0123", "tags": [{"key": "a", "value": "b"}]});
        assert!(told("CreateTags", &request, &Outcome::Succeeded).is_empty());
    }
}
