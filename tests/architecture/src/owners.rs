//! Which outside system only some rooms may know.
//!
//! Flows in: the members of the workspace. Flows out: violations. That only `sync` knows
//! AWS, only `store` SQL and Redis, and only three rooms Kubernetes, keeps each of these replaceable
//! and each room testable without the others. Deliberately absent: dev-dependencies; a test
//! may look from outside with any client.

use crate::workspace::{Member, Workspace};

/// Packages whose name starts so, and the crates that may name them.
const OWNERS: &[(&str, &[&str])] = &[
    ("aws-sdk-", &["sync"]),
    ("aws-config", &["sync"]),
    ("aws-smithy-", &["sync"]),
    ("aws-credential-types", &["sync"]),
    ("kube", &["operator", "api-server", "crds"]),
    ("k8s-openapi", &["operator", "api-server", "crds"]),
    ("sqlx", &["store"]),
    ("jiff-sqlx", &["store"]),
    ("redis", &["store"]),
    ("object_store", &["sync", "store"]),
    ("parquet", &["sync"]),
];

/// Every crate that names a package which is another's to know.
pub fn violations(workspace: &Workspace) -> Vec<String> {
    workspace.members.iter().flat_map(member_violations).collect()
}

fn member_violations(member: &Member) -> Vec<String> {
    let direct = member.dependencies.iter().filter(|dependency| !dependency.is_for_tests());
    direct
        .filter_map(|dependency| {
            let (_, owners) = OWNERS.iter().find(|(prefix, _)| dependency.name.starts_with(prefix))?;
            (!owners.contains(&member.name.as_str()))
                .then(|| format!("{} must not know {}; only {} may", member.name, dependency.name, owners.join(", ")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn naming(member: &str, package: &str, kind: &str) -> Vec<String> {
        let json = format!(
            r#"{{"packages": [{{"name": "{member}", "manifest_path": "/x/Cargo.toml",
                "dependencies": [{{"name": "{package}", "kind": {kind}, "path": null}}]}}]}}"#
        );
        violations(&Workspace::parse(&json).unwrap())
    }

    #[rstest]
    #[case("operator", "aws-sdk-workspaces")]
    #[case("sync", "kube")]
    #[case("api-server", "sqlx")]
    #[case("store", "k8s-openapi")]
    fn knowing_anothers_system_is_caught(#[case] member: &str, #[case] package: &str) {
        assert_eq!(naming(member, package, "null").len(), 1);
    }

    #[rstest]
    #[case("sync", "aws-sdk-workspaces", "null")]
    #[case("store", "sqlx", "null")]
    #[case::a_test_may_look_from_outside("sync", "sqlx", "\"dev\"")]
    fn owners_and_tests_may(#[case] member: &str, #[case] package: &str, #[case] kind: &str) {
        assert_eq!(naming(member, package, kind), Vec::<String>::new());
    }
}
