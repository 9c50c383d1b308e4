//! The rules that the operator needs, in one table, and nothing more: no verb on Secrets, none
//! on definitions.

use k8s_openapi::api::rbac::v1::{ClusterRole, PolicyRule, Role};
use serde::Serialize;
use serde_json::json;

/// One row: an API group, resources of it, and what may be done with them.
struct Rule {
    group: &'static str,
    resources: &'static [&'static str],
    verbs: &'static [&'static str],
}

/// For the namespaces that are worked in.
const WATCHED: [Rule; 8] = [
    // Patch is for the finalizer, which Kubernetes has no subresource for.
    Rule { group: "deskfleet.dev", resources: &["workspaceaccounts"], verbs: &["list", "watch", "patch"] },
    Rule { group: "deskfleet.dev", resources: &["syncschedules"], verbs: &["list", "watch"] },
    Rule {
        group: "deskfleet.dev",
        resources: &["workspaceaccounts/status", "syncschedules/status"],
        verbs: &["patch"],
    },
    // Server-side apply of something new needs both verbs.
    Rule { group: "batch", resources: &["cronjobs"], verbs: &["list", "watch", "create", "patch"] },
    Rule { group: "batch", resources: &["jobs"], verbs: &["get", "list", "watch", "create"] },
    Rule { group: "", resources: &["pods"], verbs: &["list", "watch"] },
    // Whether the namespace of a deleted account ends as well. A Role may grant it for its own.
    Rule { group: "", resources: &["namespaces"], verbs: &["get"] },
    Rule { group: "events.k8s.io", resources: &["events"], verbs: &["create", "patch"] },
];

/// For the operator's own namespace.
const OWN: [Rule; 1] =
    [Rule { group: "coordination.k8s.io", resources: &["leases"], verbs: &["get", "create", "update"] }];

/// The rules as YAML. For a chart: `watched` (bind them where objects live) and `own` (bind
/// them where the operator lives). With `cluster`: a ClusterRole and a Role ready to apply.
pub fn manifest(cluster: bool) -> String {
    const HEADER: &str = "# Printed by `deskfleet-operator rbac`.";
    if cluster {
        let watched: ClusterRole = named(&rules(&WATCHED));
        let own: Role = named(&rules(&OWN));
        format!("{HEADER}\n---\n{}---\n{}", yaml(&watched), yaml(&own))
    } else {
        format!("{HEADER}\n{}", yaml(&json!({"watched": rules(&WATCHED), "own": rules(&OWN)})))
    }
}

fn rules(table: &[Rule]) -> Vec<PolicyRule> {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    table
        .iter()
        .map(|rule| PolicyRule {
            api_groups: Some(vec![rule.group.to_owned()]),
            resources: Some(texts(rule.resources)),
            verbs: texts(rule.verbs),
            ..PolicyRule::default()
        })
        .collect()
}

fn named<R: serde::de::DeserializeOwned>(rules: &[PolicyRule]) -> R {
    serde_json::from_value(json!({"metadata": {"name": "deskfleet-operator"}, "rules": rules}))
        .expect("a name and rules make a role")
}

fn yaml(value: &impl Serialize) -> String {
    // By way of JSON, so that all fields stand in one order.
    let value = serde_json::to_value(value).expect("rules are plain data with text keys");
    serde_saphyr::to_string(&value).expect("JSON can be written as YAML")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_includes_these_rules() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../charts/deskfleet/files/operator-rules.yaml");
        if std::env::var_os("DESKFLEET_GENERATE").is_some() {
            std::fs::write(path, manifest(false)).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap();
        assert_eq!(committed, manifest(false), "run `make generate` and commit the result");
    }

    #[test]
    fn nothing_reads_secrets_and_nothing_is_a_wildcard() {
        for rule in WATCHED.iter().chain(&OWN) {
            assert!(!rule.resources.iter().any(|resource| resource.contains("secret") || *resource == "*"));
            assert!(!rule.verbs.contains(&"*"));
        }
    }

    #[test]
    fn the_roles_are_ready_to_apply() {
        insta::assert_snapshot!(manifest(true));
    }
}
