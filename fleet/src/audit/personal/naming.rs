//! Fields that name a person, or tell something about one, in requests, answers, changes.
//!
//! Whom a field is about: the user that its object names, else the one that an object
//! around it names, else whoever the value itself names.

use serde_json::{Map, Value};

use super::{child, name_of, words};
use crate::audit::Event;

/// A personal field.
#[derive(Debug)]
pub(super) struct Place {
    /// Where.
    pub(super) at: String,
    /// Whom it is about, by name.
    pub(super) of: String,
}

/// The personal fields of `event`, whose JSON form is `json`.
pub(super) fn places(event: &Event, json: &Value) -> Vec<Place> {
    let mut places = Vec::new();
    for root in ["/request", "/response"] {
        if let Some(value) = json.pointer(root) {
            walk(value, root, None, &mut places);
        }
    }
    for (position, change) in event.changes.iter().enumerate() {
        for side in ["before", "after"] {
            let at = format!("/changes/{position}/{side}");
            match json.pointer(&at) {
                Some(value) if words::is_personal(&change.property) => personal(value, &at, None, &mut places),
                Some(value) => walk(value, &at, None, &mut places),
                None => {}
            }
        }
    }
    places
}

/// Looks through `value`; `about` is whom the objects around it name.
fn walk(value: &Value, at: &str, about: Option<&str>, places: &mut Vec<Place>) {
    match value {
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                walk(item, &child(at, &position.to_string()), about, places);
            }
        }
        Value::Object(fields) => {
            let own = named(fields);
            let about = own.as_deref().or(about);
            let tag = tag_value(fields);
            for (field, value) in fields {
                let at = child(at, field);
                if words::is_personal(field) || tag == Some(field) {
                    personal(value, &at, about, places);
                } else {
                    walk(value, &at, about, places);
                }
            }
        }
        _ => {}
    }
}

/// Adds the field at `at`; of a list each item, because each may be somebody else.
fn personal(value: &Value, at: &str, about: Option<&str>, places: &mut Vec<Place>) {
    match value {
        Value::Null => {}
        Value::Array(items) => {
            for (position, item) in items.iter().enumerate() {
                personal(item, &child(at, &position.to_string()), None, places);
            }
        }
        _ => {
            let itself = || value.as_str().map_or_else(|| value.to_string(), name_of);
            let of = about.map_or_else(itself, str::to_owned);
            places.push(Place { at: at.to_owned(), of });
        }
    }
}

/// Whom an object names.
fn named(fields: &Map<String, Value>) -> Option<String> {
    let names = fields.iter().filter(|(field, _)| words::is_name(field)).filter_map(|(_, value)| value.as_str());
    names.map(name_of).find(|name| !name.is_empty())
}

/// The field with the value of a tag whose key is a personal word (`{key: Owner, value: …}`).
fn tag_value(fields: &Map<String, Value>) -> Option<&String> {
    let is = |field: &str, word: &str| field.eq_ignore_ascii_case(word);
    let key = fields.iter().find(|(field, _)| is(field, "key"))?.1.as_str()?;
    let value = fields.keys().find(|field| is(field, "value"))?;
    words::is_personal(key).then_some(value)
}
