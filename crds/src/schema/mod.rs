//! From Rust types to the CustomResourceDefinitions that are installed.
//!
//! The derive gives schema, rules and columns; this module adds what it cannot say (the
//! default of `status`, bounds of embedded Kubernetes types) and renders the manifests.

mod bounds;
mod manifest;
mod reference;

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{CustomResourceDefinition, JSONSchemaProps};
use kube::CustomResourceExt as _;
use serde_json::{Value, json};

pub use manifest::{Manifest, manifests};
pub use reference::conditions_page;

use crate::{SyncSchedule, WorkspaceAccount, status::NEVER_OBSERVED};

/// The definitions of all kinds, as they are installed.
pub fn definitions() -> Vec<CustomResourceDefinition> {
    [WorkspaceAccount::crd(), SyncSchedule::crd()].map(finish).into()
}

/// The OpenAPI schema of a definition's only version, as JSON.
#[expect(clippy::missing_panics_doc, reason = "a schema can always be written as JSON")]
pub fn open_api(definition: &CustomResourceDefinition) -> Value {
    let schema = definition.spec.versions.first().and_then(|version| version.schema.as_ref());
    serde_json::to_value(schema.and_then(|schema| schema.open_api_v3_schema.as_ref()))
        .expect("a schema is plain data with text keys")
}

fn finish(mut definition: CustomResourceDefinition) -> CustomResourceDefinition {
    let mut schema = open_api(&definition);
    remove_nullable(&mut schema);
    join_lines(&mut schema);
    bounds::complete(&mut schema);
    // kstatus reads -1 as "in progress" until the operator has seen the object.
    schema["properties"]["status"]["default"] = json!({ "observedGeneration": NEVER_OBSERVED });
    let schema: JSONSchemaProps =
        serde_json::from_value(schema).expect("removing and adding schema keywords leaves a schema");
    for version in &mut definition.spec.versions {
        version.schema.get_or_insert_default().open_api_v3_schema = Some(schema.clone());
    }
    definition
}

/// Takes `nullable` out everywhere: the API server then drops explicit nulls before defaults
/// and rules, so that `has()` in a rule means "has a value".
fn remove_nullable(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            keywords.remove("nullable");
            keywords.values_mut().for_each(remove_nullable);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_nullable),
        _ => {}
    }
}

/// Joins the lines of descriptions: they are wrapped for the source, not for readers.
fn join_lines(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            if let Some(Value::String(description)) = keywords.get_mut("description") {
                *description = description.replace('\n', " ");
            }
            keywords.values_mut().for_each(join_lines);
        }
        Value::Array(items) => items.iter_mut().for_each(join_lines),
        _ => {}
    }
}
