//! Texts that mention somebody: AWS's sentences, and any other text of request and answer.
//!
//! A mention is a name as a whole word, in any case. Names of one or two letters count only
//! where they are the whole text: they occur in every other word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{child, name_of};

/// The shortest name that is looked for inside texts, in bytes.
const SHORTEST: usize = 3;

/// Names to look for, each with the person it belongs to.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    names: BTreeMap<String, BTreeSet<String>>,
}

impl Mentions {
    /// Looks for `text` too, and for what stands before its `@`; both belong to `person`.
    pub(super) fn add(&mut self, text: &str, person: &str) {
        let name = name_of(text);
        let local = name.split_once('@').map(|(local, _)| local.to_owned());
        for name in [Some(name), local].into_iter().flatten().filter(|name| !name.is_empty()) {
            self.names.entry(name).or_default().insert(person.to_owned());
        }
    }

    /// Adds the places of `event` that mention somebody.
    pub(super) fn find(&self, event: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
        for root in ["/request", "/response", "/outcome/message"] {
            if let Some(value) = event.pointer(root) {
                self.look(value, root, found);
            }
        }
        let items = |list: &str| event.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
        for position in 0..items("/outcome/failed") {
            // Its code is a word of AWS's own.
            for field in ["id", "message"] {
                let at = format!("/outcome/failed/{position}/{field}");
                if let Some(value) = event.pointer(&at) {
                    self.look(value, &at, found);
                }
            }
        }
        for position in 0..items("/changes") {
            for side in ["before", "after"] {
                let at = format!("/changes/{position}/{side}");
                if let Some(value) = event.pointer(&at) {
                    self.look(value, &at, found);
                }
            }
        }
    }

    fn look(&self, value: &Value, at: &str, found: &mut BTreeMap<String, BTreeSet<String>>) {
        match value {
            Value::String(text) => note(at, self.mentioned(text), found),
            Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    self.look(item, &child(at, &position.to_string()), found);
                }
            }
            Value::Object(fields) => {
                // A name that is a key cannot be emptied without its object.
                let in_keys = fields.keys().flat_map(|field| self.mentioned(field)).collect();
                note(at, in_keys, found);
                for (field, value) in fields {
                    self.look(value, &child(at, field), found);
                }
            }
            _ => {}
        }
    }

    fn mentioned(&self, text: &str) -> BTreeSet<String> {
        let text = name_of(text);
        let named = self.names.iter().filter(|(name, _)| is_in(name, &text));
        named.flat_map(|(_, people)| people.iter().cloned()).collect()
    }
}

fn note(at: &str, people: BTreeSet<String>, found: &mut BTreeMap<String, BTreeSet<String>>) {
    if !people.is_empty() {
        found.entry(at.to_owned()).or_default().extend(people);
    }
}

/// Whether `name` is in `text` as a whole word.
fn is_in(name: &str, text: &str) -> bool {
    if name == text {
        return true;
    }
    name.len() >= SHORTEST
        && text.match_indices(name).any(|(start, _)| {
            let before = text[..start].chars().next_back();
            let after = text[start + name.len()..].chars().next();
            ![before, after].into_iter().flatten().any(char::is_alphanumeric)
        })
}
