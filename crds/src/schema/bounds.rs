//! Bounds for every string, list and map that has none of its own: the parts of embedded
//! Kubernetes types, and the values of label and annotation maps.
//!
//! Without bounds the API server refuses CEL rules near them (it prices a rule by the longest
//! value it could meet), and one object could fill the operator's memory.

use serde_json::{Map, Value, json};

/// A label key with its prefix: 253 + "/" + 63.
const LONGEST_STRING: u64 = 317;
const LONGEST_LIST: u64 = 32;
const LARGEST_MAP: u64 = 32;
/// Values of annotations may be longer than those of labels.
const LONGEST_MAP_VALUE: u64 = 1024;

/// Adds the missing bounds to a schema and all schemas in it.
pub(super) fn complete(schema: &mut Value) {
    let Value::Object(keywords) = schema else { return };
    match keywords.get("type").and_then(Value::as_str) {
        Some("string") if !keywords.contains_key("enum") => bound(keywords, "maxLength", LONGEST_STRING),
        Some("array") => bound(keywords, "maxItems", LONGEST_LIST),
        Some("object") if keywords.contains_key("additionalProperties") => {
            bound(keywords, "maxProperties", LARGEST_MAP);
            if keywords["additionalProperties"]["type"] == json!("string")
                && let Value::Object(values) = &mut keywords["additionalProperties"]
            {
                bound(values, "maxLength", LONGEST_MAP_VALUE);
            }
        }
        _ => {}
    }
    for nested in ["items", "additionalProperties"] {
        if let Some(schema) = keywords.get_mut(nested) {
            complete(schema);
        }
    }
    if let Some(Value::Object(properties)) = keywords.get_mut("properties") {
        properties.values_mut().for_each(complete);
    }
}

fn bound(keywords: &mut Map<String, Value>, keyword: &str, most: u64) {
    keywords.entry(keyword).or_insert_with(|| json!(most));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_that_is_there_stays_and_a_missing_one_is_added() {
        let mut schema = json!({
            "type": "object",
            "properties": {
                "short": {"type": "string", "maxLength": 3},
                "list": {"type": "array", "items": {"type": "string"}},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}}
            }
        });
        complete(&mut schema);
        assert_eq!(schema["properties"]["short"]["maxLength"], 3);
        assert_eq!(schema["properties"]["list"]["maxItems"], 32);
        assert_eq!(schema["properties"]["list"]["items"]["maxLength"], 317);
        assert_eq!(schema["properties"]["labels"]["maxProperties"], 32);
        assert_eq!(schema["properties"]["labels"]["additionalProperties"]["maxLength"], 1024);
    }
}
