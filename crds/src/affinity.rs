//! Schemas of the two Kubernetes types that objects embed whole: `Affinity` and `Toleration`.
//!
//! The types are Kubernetes' own; their schemas come without bounds and with pages of prose,
//! so the prose is replaced by one sentence and `schema::bounds` bounds what is left.

use k8s_openapi::api::core::v1::{Affinity, Toleration};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// The schema of `scheduling.affinity`.
pub(crate) fn affinity_schema(generator: &mut SchemaGenerator) -> Schema {
    described(Affinity::json_schema(generator), "Affinity to nodes and pods, as in a pod.")
}

/// The schema of `scheduling.tolerations`.
pub(crate) fn tolerations_schema(generator: &mut SchemaGenerator) -> Schema {
    let toleration = described(Toleration::json_schema(generator), "A toleration, as in a pod.");
    json_schema!({
        "description": "Taints that the pods tolerate.",
        "type": "array",
        "maxItems": 32,
        "x-kubernetes-list-type": "atomic",
        "items": toleration,
    })
}

fn described(mut schema: Schema, description: &str) -> Schema {
    remove_descriptions(&mut schema);
    schema.insert("description".to_owned(), description.into());
    schema
}

fn remove_descriptions(schema: &mut Schema) {
    schema.remove("description");
    schemars::transform::transform_subschemas(&mut remove_descriptions, schema);
}
