//! Which values of an event are personal, and whose they are.
//!
//! Flows in: an event. Flows out: the places of its JSON form that hold personal values,
//! each with the people concerned, by name. The store seals these places, and erasing a
//! person empties theirs.
//!
//! ```text
//! words.rs   names of fields that hold personal values
//! naming.rs  fields that name a person: userName, emailAddress, a tag Owner, …
//! mention.rs texts that mention somebody named elsewhere in the event
//! ```
//!
//! What the actor is known by, where it came from and with which program concerns the
//! actor; a user name in a request concerns that user; a sentence of AWS that mentions
//! somebody concerns whoever it mentions. Too much is better than too little: a value
//! sealed without need is readable until the person is erased.
//!
//! Deliberately absent: ids of things, regions, operations, role names. They stay readable
//! after an erasure, because without them the trail would prove nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Actor, ActorKind, Event};

mod mention;
mod naming;
mod words;

/// A place that holds a personal value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Personal {
    /// A JSON pointer (RFC 6901) into the event's JSON form.
    pub at: String,
    /// Whom the value concerns, by name (see [`name_of`]); never empty.
    pub of: BTreeSet<String>,
}

/// Who acted without being named in any way.
const NAMELESS: &str = "(nameless)";

/// The name under which a person is known: names differ by more than case and outer space.
/// A zero character, which Postgres cannot hold, becomes the replacement character.
pub fn name_of(text: &str) -> String {
    text.trim().to_lowercase().replace('\0', "\u{fffd}")
}

impl Event {
    /// The name of who acted: the person, else the most telling of what AWS says. `None`
    /// for services of AWS and for deskfleet itself, which are nobody.
    pub fn actor_name(&self) -> Option<String> {
        let Actor { kind, person, arn, session_name, access_key_id, .. } = &self.actor;
        let told = [person, arn, session_name, access_key_id].into_iter().flatten().map(|text| name_of(text));
        match told.into_iter().find(|name| !name.is_empty()) {
            Some(name) => Some(name),
            None if matches!(kind, ActorKind::AwsService | ActorKind::Deskfleet) => None,
            None => Some(NAMELESS.to_owned()),
        }
    }

    /// The event's JSON form, and the places in it that hold personal values, sorted. Zero
    /// characters in names of fields are replaced, so that places can be written down.
    pub fn personal(&self) -> (Value, Vec<Personal>) {
        let json = self.json();
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut mentions = mention::Mentions::default();
        if let Some(actor) = self.actor_name() {
            for at in words::OF_THE_ACTOR {
                if json.pointer(at).is_some() {
                    found.entry((*at).to_owned()).or_default().insert(actor.clone());
                }
            }
            for text in self.actor_texts() {
                mentions.add(text, &actor);
            }
        }
        for place in naming::places(self, &json) {
            if let Some(text) = json.pointer(&place.at).and_then(Value::as_str) {
                mentions.add(text, &place.of);
            }
            found.entry(place.at).or_default().insert(place.of);
        }
        mentions.find(&json, &mut found);
        let outermost = without_inner(found);
        (json, outermost)
    }

    fn json(&self) -> Value {
        let mut json = serde_json::to_value(self).expect("an event is plain data with names as keys");
        rename_unwritable(&mut json);
        json
    }

    /// What a sentence may call the actor.
    fn actor_texts(&self) -> impl Iterator<Item = &str> {
        let Actor { person, arn, session_name, access_key_id, .. } = &self.actor;
        [person, arn, session_name, access_key_id, &self.source_ip].into_iter().flatten().map(String::as_str)
    }
}

fn rename_unwritable(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(rename_unwritable),
        Value::Object(fields) => {
            if fields.keys().any(|field| field.contains('\0')) {
                let renamed = std::mem::take(fields).into_iter();
                *fields = renamed.map(|(field, value)| (field.replace('\0', "\u{fffd}"), value)).collect();
            }
            fields.values_mut().for_each(rename_unwritable);
        }
        _ => {}
    }
}

/// Joins places inside other places to these: a place is emptied as a whole.
fn without_inner(found: BTreeMap<String, BTreeSet<String>>) -> Vec<Personal> {
    let mut outermost: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    // Sorted by pointer, so an outer place comes before what is inside it.
    for (at, of) in found {
        let outer = at.match_indices('/').map(|(end, _)| &at[..end]).find(|outer| outermost.contains_key(*outer));
        let place = outer.unwrap_or(&at).to_owned();
        outermost.entry(place).or_default().extend(of);
    }
    outermost.into_iter().map(|(at, of)| Personal { at, of }).collect()
}

/// The pointer to `key` of what is at `at`.
fn child(at: &str, key: &str) -> String {
    format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
