//! How much of an event is kept: AWS takes 256 KiB for one, and whoever may call AWS decides
//! what is in it.
//!
//! Flows in: request and answer. Flows out: the same without secrets, with long texts and
//! long lists cut, in so many bytes altogether, and whether anything is missing. Cut texts
//! end in `…`. A NUL, which Postgres takes in no text, becomes the sign for a broken
//! character.

use serde_json::{Map, Value};

use super::redaction::{Secrets, holds_secret, instead_of, is_secret};
use crate::audit::{Actor, Change, FailedRequest, Outcome};

/// Bytes of request and answer of one event, each, about as JSON.
const MOST_BYTES: usize = 32 << 10;
/// Bytes of one text in them.
const LONGEST_TEXT: usize = 2 << 10;
/// Bytes of a text beside them.
const LONGEST_WORD: usize = 512;
/// Refused parts that are kept of a bulk operation.
const MOST_PARTS: usize = 100;
/// Objects and lists inside each other that are kept; see also `document`.
const DEEPEST: usize = 32;

/// What is kept of request and answer.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) request: Option<Value>,
    pub(super) response: Option<Value>,
    /// Whether anything is missing.
    pub(super) truncated: bool,
}

/// Keeps what fits.
pub(super) fn keep(request: Option<&Value>, response: Option<&Value>, secrets: &Secrets) -> Kept {
    let mut truncated = false;
    let mut one = |value: Option<&Value>| {
        let mut copy = Copy { secrets, left: MOST_BYTES, cut: false };
        let kept = value.filter(|value| !value.is_null()).map(|value| copy.value(value, 0));
        truncated |= copy.cut;
        kept
    };
    let (request, response) = (one(request), one(response));
    Kept { request, response, truncated }
}

/// A text of a few words; longer ones are cut.
pub(super) fn short(text: &str) -> String {
    cut(text, LONGEST_WORD).0
}

/// The actor without secrets.
pub(super) fn actor(actor: Actor, secrets: &Secrets) -> Actor {
    let clean = |text: Option<String>| text.map(|text| secrets.without(&text).into_owned());
    Actor {
        kind: actor.kind,
        person: clean(actor.person),
        arn: clean(actor.arn),
        account_id: clean(actor.account_id),
        role: clean(actor.role),
        session_name: clean(actor.session_name),
        access_key_id: clean(actor.access_key_id),
    }
}

/// The outcome without secrets, in a bounded number of words.
pub(super) fn outcome(outcome: Outcome, secrets: &Secrets) -> Outcome {
    let clean = |text: String| short(&secrets.without(&text));
    match outcome {
        Outcome::Failed { code, message } => Outcome::Failed { code: clean(code), message: message.map(clean) },
        Outcome::Partly { failed } => {
            let part = |part: FailedRequest| FailedRequest {
                id: part.id.map(clean),
                code: part.code.map(clean),
                message: part.message.map(clean),
            };
            Outcome::Partly { failed: failed.into_iter().take(MOST_PARTS).map(part).collect() }
        }
        outcome @ (Outcome::Succeeded | Outcome::Unknown) => outcome,
    }
}

/// The changes without secrets, with bounded values.
pub(super) fn changes(changes: Vec<Change>, secrets: &Secrets) -> Vec<Change> {
    let mut copy = Copy { secrets, left: MOST_BYTES, cut: false };
    let mut one = |mut change: Change| {
        let hidden = |value: &Value| is_secret(&change.property).then(|| instead_of(value)).flatten();
        change.after = change.after.as_ref().map(|value| hidden(value).unwrap_or_else(|| copy.value(value, 0)));
        change.property = short(&secrets.without(&change.property));
        change
    };
    changes.into_iter().map(&mut one).collect()
}

struct Copy<'a> {
    secrets: &'a Secrets,
    /// Bytes that may still be kept.
    left: usize,
    cut: bool,
}

impl Copy<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) if depth < DEEPEST => {
                let mut kept = Vec::new();
                for item in items {
                    if !self.has_room(2) {
                        break;
                    }
                    kept.push(self.value(item, depth + 1));
                }
                Value::Array(kept)
            }
            Value::Object(members) if depth < DEEPEST => Value::Object(self.members(members, depth)),
            Value::Array(_) | Value::Object(_) => {
                self.cut = true;
                Value::String("…".to_owned())
            }
            plain => {
                self.has_room(8);
                plain.clone()
            }
        }
    }

    fn members(&mut self, members: &Map<String, Value>, depth: usize) -> Map<String, Value> {
        let mut kept = Map::new();
        for (name, value) in members {
            if !self.has_room(name.len() + 4) {
                break;
            }
            let hidden = holds_secret(members, name).then(|| instead_of(value)).flatten();
            let value = hidden.unwrap_or_else(|| self.value(value, depth + 1));
            let name = short(&self.secrets.without(name));
            kept.insert(name, value);
        }
        kept
    }

    fn text(&mut self, text: &str) -> String {
        let clean = self.secrets.without(text);
        let (kept, is_cut) = cut(&clean, LONGEST_TEXT.min(self.left));
        self.cut |= is_cut;
        self.left = self.left.saturating_sub(kept.len());
        kept
    }

    fn has_room(&mut self, bytes: usize) -> bool {
        let room = self.left >= bytes;
        self.cut |= !room;
        self.left = self.left.saturating_sub(bytes);
        room
    }
}

/// At most `most` bytes of `text` without NULs, and whether any are missing.
fn cut(text: &str, most: usize) -> (String, bool) {
    let whole = text.len() <= most;
    let end = if whole { text.len() } else { text.floor_char_boundary(most) };
    let mut kept = text[..end].replace('\0', "\u{fffd}");
    if !whole {
        kept.push('…');
    }
    (kept, !whole)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kept(request: &Value) -> Kept {
        keep(Some(request), None, &Secrets::of(request))
    }

    #[test]
    fn what_is_small_is_kept_as_it_is() {
        let request = json!({"a": [1, null, true, "x"], "b": {"c": "é"}});
        let kept = kept(&request);
        assert_eq!((kept.request, kept.truncated), (Some(request), false));
    }

    #[test]
    fn a_quarter_of_a_mebibyte_is_cut_and_says_so() {
        for request in [
            json!({"clientToken": "A".repeat(252 << 10), "after": "kept"}),
            json!({"list": vec!["B".repeat(100); 3_000]}),
            json!((0..20_000).map(|n| (format!("member{n}"), json!(n))).collect::<Map<_, _>>()),
        ] {
            let kept = kept(&request);
            assert!(kept.truncated);
            assert!(kept.request.unwrap().to_string().len() < 2 * MOST_BYTES);
        }
    }

    #[test]
    fn no_text_holds_what_postgres_refuses() {
        let kept = kept(&json!({"a\u{0}": "b\u{0}c"}));
        assert_eq!(kept.request, Some(json!({"a\u{fffd}": "b\u{fffd}c"})));
    }

    #[test]
    fn a_text_is_never_cut_inside_a_character() {
        assert_eq!(cut("aé", 2), ("a…".to_owned(), true));
    }
}
