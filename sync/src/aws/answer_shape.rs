//! The shape of an answer that could not be read: names and kinds, never a value.
//!
//! It goes to the log so that somebody can see what AWS sent, without user names,
//! addresses or tokens.

use serde_json::Value;

const DEEPEST: usize = 6;
const LONGEST: usize = 600;

/// The shape of a body.
pub(crate) fn shape(body: &[u8]) -> String {
    let mut text = String::new();
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => describe(&value, 0, &mut text),
        Err(_) if body.is_empty() => text.push_str("empty"),
        Err(_) => {
            let kind = if body.trim_ascii_start().starts_with(b"<") { "markup" } else { "not JSON" };
            text = format!("{kind}, {} bytes", body.len());
        }
    }
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        text.truncate(end);
        text.push('…');
    }
    text
}

fn describe(value: &Value, depth: usize, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(_) => text.push_str("boolean"),
        Value::Number(_) => text.push_str("number"),
        Value::String(_) => text.push_str("string"),
        _ if depth >= DEEPEST || text.len() > LONGEST => text.push('…'),
        Value::Array(items) => {
            text.push('[');
            text.push_str(&items.len().to_string());
            text.push_str(" ×");
            if let Some(first) = items.first() {
                text.push(' ');
                describe(first, depth + 1, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (position, (name, member)) in members.iter().enumerate() {
                if position > 0 {
                    text.push_str(", ");
                }
                text.push_str(if is_member_name(name) { name } else { "(a name)" });
                text.push_str(": ");
                describe(member, depth + 1, text);
            }
            text.push('}');
        }
    }
}

/// Names of members are AWS's; a map's keys may be anything, a person's name too.
fn is_member_name(name: &str) -> bool {
    name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_has_names_and_no_values() {
        let body =
            br#"{"Workspaces": [{"UserName": "ada", "State": 5, "ada@example.com": null}], "NextToken": "secret"}"#;
        assert_eq!(
            shape(body),
            "{NextToken: string, Workspaces: [1 × {State: number, UserName: string, (a name): null}]}"
        );
    }

    #[test]
    fn a_page_of_a_proxy_is_only_named() {
        assert_eq!(shape(b" <html>denied for ada</html>"), "markup, 28 bytes");
    }

    #[test]
    fn a_shape_is_bounded() {
        let deep = "[".repeat(100) + &"]".repeat(100);
        assert!(shape(deep.as_bytes()).len() < LONGEST + 8);
        let wide = format!("{{{}}}", (0..500).map(|_| "\"a\": 1").collect::<Vec<_>>().join(","));
        assert!(shape(wide.as_bytes()).chars().count() <= LONGEST + 1);
    }
}
