//! Bodies for snapshots: what differs from run to run is replaced by its name.

use serde_json::Value;

/// Replaces ids, times and cursors.
pub(crate) fn stable(mut body: Value) -> Value {
    replace(&mut body);
    body
}

fn replace(value: &mut Value) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                match name.as_str() {
                    "requestId" | "nextCursor" | "asOf" | "durationMs" if !value.is_null() => {
                        *value = Value::String(format!("[{name}]"));
                    }
                    "version" => *value = Value::String("[version]".into()),
                    _ => replace(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(replace),
        _ => {}
    }
}
