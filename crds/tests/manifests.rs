//! The committed manifests and reference page are what the types give, and everything in
//! them is described and bounded. `make generate` rewrites them.

#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::{fs, path::Path};

use crds::schema::{conditions_page, definitions, manifests, open_api};
use serde_json::Value;

/// Set to any value, this variable rewrites the files instead of comparing them.
const REWRITE: &str = "DESKFLEET_GENERATE";

fn assert_generated(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os(REWRITE).is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "{} is out of date: run `make generate` and commit the result", path.display());
}

#[test]
fn committed_manifests_are_what_the_types_give() {
    for manifest in manifests() {
        assert_generated(&format!("manifests/{}", manifest.file_name), &manifest.text);
    }
}

#[test]
fn the_reference_page_is_what_the_types_give() {
    assert_generated("../docs/reference/conditions.md", &conditions_page());
}

#[test]
fn every_field_is_described_and_bounded() {
    let mut faults = Vec::new();
    for definition in definitions() {
        let schema = open_api(&definition);
        for part in ["spec", "status"] {
            inspect(&schema["properties"][part], &format!("{}.{part}", definition.spec.names.kind), &mut faults);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn inspect(schema: &Value, path: &str, faults: &mut Vec<String>) {
    // Kubernetes' own types are described where Kubernetes documents them.
    let embedded = path.contains(".affinity.") || path.contains(".tolerations[]");
    let has = |keyword: &str| schema.get(keyword).is_some();
    let mut need = |good: bool, what: &str| {
        if !good {
            faults.push(format!("{path}: {what}"));
        }
    };
    let leaf_of_list_or_map = path.ends_with("[]") || path.ends_with("{}");
    need(has("description") || embedded || leaf_of_list_or_map, "no description");
    match schema["type"].as_str() {
        Some("string") => need(has("maxLength") || has("enum"), "a string without maxLength"),
        Some("array") => need(has("maxItems") && has("items"), "a list without maxItems"),
        Some("integer") => need(has("minimum") || embedded, "a number without minimum"),
        Some("object") => need(has("properties") || has("maxProperties"), "a map without maxProperties"),
        Some("boolean") => {}
        other => need(false, &format!("type {other:?} is not one of the plain ones")),
    }
    need(!has("format") || schema["format"] != "uint32", "an unsigned number");
    if let Some(items) = schema.get("items") {
        inspect(items, &format!("{path}[]"), faults);
    }
    if let Some(values) = schema.get("additionalProperties") {
        inspect(values, &format!("{path}{{}}"), faults);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        inspect(property, &format!("{path}.{name}"), faults);
    }
}
