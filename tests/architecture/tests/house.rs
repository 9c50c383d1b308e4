//! Every rule of the house, applied to this repository.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use architecture::{files, layers, links, owners, packages, readiness, tree, workspace::Workspace};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the crate lies in the repository")
}

fn cargo(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().expect("cargo runs this test");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

fn the_workspace() -> Workspace {
    let json = cargo(&["metadata", "--no-deps", "--format-version", "1", "--locked", "--offline"]);
    Workspace::parse(&json).expect("cargo prints what its format version promises")
}

fn tracked_files() -> Vec<tree::File> {
    tree::tracked_files(&root()).expect("the repository is a git checkout")
}

fn assert_none(violations: &[String]) {
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

#[test]
fn imports_point_down_only() {
    let workspace = the_workspace();
    assert!(workspace.members.len() > 10, "only {} members", workspace.members.len());
    assert_none(&layers::violations(&workspace));
}

#[test]
fn each_outside_system_is_known_to_its_owners_only() {
    assert_none(&owners::violations(&the_workspace()));
}

#[test]
fn every_package_may_be_built_in() {
    let text = cargo(&[
        "tree",
        "--workspace",
        "--edges",
        "normal,build,dev",
        "--prefix",
        "none",
        "--format",
        packages::TREE_FORMAT,
        "--locked",
        "--offline",
    ]);
    let packages = packages::parse_tree(&text);
    assert!(packages.len() > 300, "only {} packages", packages.len());
    assert_none(&packages::violations(&packages));
}

#[test]
fn source_files_open_with_their_purpose_and_stay_short() {
    assert_none(&files::violations(&tracked_files()));
}

#[test]
fn every_link_and_every_piece_of_evidence_leads_somewhere() {
    let files = tracked_files();
    let root = root();
    assert_none(&links::violations(&files, |path| root.join(path).exists()));
}

#[test]
fn the_readiness_page_is_whole_and_claims_nothing_without_evidence() {
    let page = std::fs::read_to_string(root().join("docs/production-readiness.md")).expect("the page exists");
    assert_none(&readiness::violations(&page));
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let files = tracked_files();
    let members = the_workspace().members;
    let without: Vec<_> = members
        .iter()
        .filter(|member| {
            let manifest = files.iter().find(|file| root().join(&file.path) == member.manifest_path);
            !manifest.is_some_and(|file| file.text.contains("[lints]\nworkspace = true"))
        })
        .map(|member| {
            format!("{} does not take the lints of the workspace (unsafe_code is forbidden there)", member.name)
        })
        .collect();
    assert_none(&without);
}
