//! Who may import whom: imports point down only, programs never import programs.
//!
//! Flows in: the members of the workspace. Flows out: violations. The table is the one in
//! ARCHITECTURE.md; a new crate has to be entered here before it builds green.
//! Deliberately absent: crates from outside; `owners` and `packages` look at those.

use crate::workspace::{Dependency, Member, Workspace};

/// A crate's place and the crates of ours that it may import.
struct Place {
    name: &'static str,
    kind: Kind,
    may_import: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A library that others may build on.
    Library,
    /// Something that runs; nobody builds on it.
    Program,
}

const LAYERS: &[Place] = &[
    library("identifiers", &[]),
    library("contract", &["identifiers"]),
    library("crds", &["identifiers"]),
    library("schedule", &["identifiers"]),
    library("fleet", &["identifiers"]),
    library("tabular", &[]),
    library("telemetry", &[]),
    // The library knows the domain alone; its program also speaks the pod contract.
    library("store", &["identifiers", "fleet", "contract", "telemetry"]),
    program("operator", &["identifiers", "crds", "contract", "schedule", "fleet", "telemetry"]),
    program("sync", &["identifiers", "fleet", "store", "contract", "telemetry"]),
    program("api-server", &["identifiers", "crds", "schedule", "fleet", "tabular", "store", "contract", "telemetry"]),
    program("aws-stub", &[]),
    program("architecture", &[]),
];

const fn library(name: &'static str, may_import: &'static [&'static str]) -> Place {
    Place { name, kind: Kind::Library, may_import }
}

const fn program(name: &'static str, may_import: &'static [&'static str]) -> Place {
    Place { name, kind: Kind::Program, may_import }
}

/// Every import that points up or sideways, and every crate without a place.
pub fn violations(workspace: &Workspace) -> Vec<String> {
    workspace.members.iter().flat_map(member_violations).collect()
}

fn member_violations(member: &Member) -> Vec<String> {
    let Some(place) = place(&member.name) else {
        return vec![format!("the crate {} has no place; enter it in tests/architecture/src/layers.rs", member.name)];
    };
    let ours = member.dependencies.iter().filter(|dependency| dependency.path.is_some());
    ours.filter_map(|dependency| import_violation(place, dependency)).collect()
}

fn import_violation(importer: &Place, import: &Dependency) -> Option<String> {
    let is_program = place(&import.name).is_some_and(|place| place.kind == Kind::Program);
    // Tests may reach for any library, for instance to seed a database.
    let allowed = if import.is_for_tests() { !is_program } else { importer.may_import.contains(&import.name.as_str()) };
    (!allowed).then(|| {
        format!(
            "{} must not import {}; imports point down and programs never import programs",
            importer.name, import.name
        )
    })
}

fn place(name: &str) -> Option<&'static Place> {
    LAYERS.iter().find(|place| place.name == name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn importing(member: &str, target: &str, kind: &str) -> Vec<String> {
        let json = format!(
            r#"{{"packages": [{{"name": "{member}", "manifest_path": "/x/Cargo.toml",
                "dependencies": [{{"name": "{target}", "kind": {kind}, "path": "/x/{target}"}}]}}]}}"#
        );
        violations(&Workspace::parse(&json).unwrap())
    }

    #[rstest]
    #[case::up("fleet", "store", "null")]
    #[case::sideways("crds", "contract", "null")]
    #[case::operator_without_sql("operator", "store", "null")]
    #[case::program_to_program("api-server", "sync", "null")]
    #[case::program_to_program_for_tests("api-server", "sync", "\"dev\"")]
    #[case::at_build_time("fleet", "telemetry", "\"build\"")]
    fn an_import_against_the_layers_is_caught(#[case] member: &str, #[case] target: &str, #[case] kind: &str) {
        let found = importing(member, target, kind);
        assert_eq!(found.len(), 1);
        assert!(found[0].contains(member) && found[0].contains(target), "{found:?}");
    }

    #[rstest]
    #[case::down("sync", "store", "null")]
    #[case::a_test_may_use_any_library("operator", "store", "\"dev\"")]
    fn an_import_that_points_down_is_fine(#[case] member: &str, #[case] target: &str, #[case] kind: &str) {
        assert_eq!(importing(member, target, kind), Vec::<String>::new());
    }

    #[test]
    fn a_crate_without_a_place_is_caught() {
        assert!(importing("newcomer", "fleet", "null")[0].contains("newcomer has no place"));
    }
}
