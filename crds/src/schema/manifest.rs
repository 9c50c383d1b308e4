//! Definitions as the YAML files that charts and kustomize install.

use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use kube::ResourceExt as _;
use serde_json::Value;

use super::definitions;

const HEADER: &str = "# Generated from the crate `crds` by `make generate`. Do not edit.\n";

/// A definition as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The file's name: the definition's name with `.yaml`.
    pub file_name: String,
    /// Its text.
    pub text: String,
}

/// The manifests of all definitions.
pub fn manifests() -> Vec<Manifest> {
    definitions()
        .iter()
        .map(|definition| Manifest {
            file_name: format!("{}.yaml", definition.name_any()),
            text: format!("{HEADER}---\n{}", yaml(definition)),
        })
        .collect()
}

fn yaml(definition: &CustomResourceDefinition) -> String {
    let mut value = serde_json::to_value(definition).expect("a definition is plain data with text keys");
    write_whole_numbers_as_such(&mut value);
    serde_saphyr::to_string(&value).expect("JSON can be written as YAML")
}

/// `maximum: 900.0` becomes `maximum: 900`: the Kubernetes type holds bounds as floating-point
/// numbers, people read integers.
#[expect(clippy::cast_possible_truncation, reason = "bounds of integers are whole and far below 2^53")]
fn write_whole_numbers_as_such(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(float) = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0) {
                *value = Value::from(float as i64);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_whole_numbers_as_such),
        Value::Object(fields) => fields.values_mut().for_each(write_whole_numbers_as_such),
        _ => {}
    }
}
