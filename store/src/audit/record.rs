//! What is hashed: an event with its place in the chain, and the columns that follow from it.
//!
//! Flows in: a sealed event. Flows out: the canonical text, its hash, and every column that
//! queries use, so that a column that says something else than the record is found.

use std::{collections::BTreeMap, fmt};

use aws_lc_rs::digest;
use fleet::audit::Event;
use identifiers::AccountId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    canonical,
    seal::{Clear, Sealed},
};

/// The form of records that this release writes.
const VERSION: u32 = 1;

/// A SHA-256.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What stands before the first record of a chain.
    pub const START: Self = Self([0; 32]);

    /// The hash of `record`, which follows `self`.
    #[must_use]
    pub fn then(&self, record: &str) -> Self {
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(&self.0);
        context.update(record.as_bytes());
        Self::of_sha256(context.finish().as_ref())
    }

    /// From bytes that a SHA-256, or an HMAC of it, gave.
    pub(super) fn of_sha256(bytes: &[u8]) -> Self {
        Self(bytes.try_into().expect("SHA-256 has 32 bytes"))
    }

    /// From stored bytes; `None` unless they are 32.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// From hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (position, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * position..2 * position + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One link of a chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Record {
    version: u32,
    /// Whose chain.
    pub account: AccountId,
    /// The place in it, from 1.
    pub sequence: i64,
    /// When it was recorded, RFC 3339 in UTC with microseconds.
    pub recorded_at: String,
    /// Who acted, by number of the key; absent where it was nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<i64>,
    /// The event, with null for each personal value.
    pub event: Value,
    /// The HMAC of each person's name, by number of the key: what ties the key to the person.
    pub people: BTreeMap<i64, String>,
    /// For each personal value, by its place in the event: whose it is, and its HMAC.
    pub sealed: BTreeMap<String, Seal>,
}

/// What stands for a personal value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Whose value it is, by number of their keys, sorted.
    pub of: Vec<i64>,
    /// The HMAC, hexadecimal.
    pub hmac: String,
}

/// A text is no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not even JSON of the right form.
    #[error("it is not a record")]
    Form(#[source] serde_json::Error),
    /// It holds no event.
    #[error("it holds no event")]
    Event(#[source] serde_json::Error),
    /// A later release wrote it.
    #[error("it has version {0}, which this release does not know")]
    Version(u32),
    /// A time in it is none.
    #[error("its time is not one")]
    Time(#[source] jiff::Error),
}

/// The columns that follow from a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) account_id: String,
    pub(super) sequence: i64,
    pub(super) recorded_at: Timestamp,
    pub(super) region: Option<String>,
    pub(super) event_id: String,
    pub(super) event_time: Timestamp,
    pub(super) event_source: String,
    pub(super) event_name: String,
    pub(super) read_only: Option<bool>,
    pub(super) actor_kind: String,
    pub(super) actor_id: Option<i64>,
    pub(super) outcome: String,
    pub(super) subjects: Vec<String>,
    pub(super) person_ids: Vec<i64>,
}

impl Record {
    pub(super) fn new(account: &AccountId, sequence: i64, recorded_at: Timestamp, sealed: Sealed) -> Self {
        let Sealed { actor, event, people, seals, .. } = sealed;
        let recorded_at = in_microseconds(recorded_at);
        Self { version: VERSION, account: account.clone(), sequence, recorded_at, actor, event, people, sealed: seals }
    }

    /// Its canonical text.
    pub fn text(&self) -> String {
        canonical::text_of(self)
    }

    /// Reads a text.
    pub fn read(text: &str) -> Result<Self, RecordError> {
        let record: Self = serde_json::from_str(text).map_err(RecordError::Form)?;
        if record.version == VERSION { Ok(record) } else { Err(RecordError::Version(record.version)) }
    }

    /// The event, without its personal values.
    pub fn event(&self) -> Result<Event, RecordError> {
        Event::deserialize(&self.event).map_err(RecordError::Event)
    }

    /// The event with the personal values that are still there.
    pub fn opened(&self, clear: &[Clear]) -> Result<Event, RecordError> {
        let mut event = self.event.clone();
        for Clear { at, value, .. } in clear {
            if let (Some(place), Ok(value)) = (event.pointer_mut(at), serde_json::from_str(value)) {
                *place = value;
            }
        }
        Event::deserialize(event).map_err(RecordError::Event)
    }

    /// The columns that follow from it.
    pub(super) fn columns(&self) -> Result<Columns, RecordError> {
        let event = self.event()?;
        Ok(Columns {
            account_id: self.account.to_string(),
            sequence: self.sequence,
            recorded_at: self.recorded_at.parse().map_err(RecordError::Time)?,
            region: event.region.map(|region| region.to_string()),
            event_id: event.event_id.to_string(),
            event_time: as_kept(event.event_time),
            event_source: as_text(&event.event_source),
            event_name: as_text(&event.event_name),
            read_only: event.read_only,
            actor_kind: as_text(event.actor.kind.as_str()),
            actor_id: self.actor,
            outcome: event.outcome.as_str().to_owned(),
            subjects: event.subjects.iter().map(|subject| as_text(&subject.id)).collect(),
            person_ids: self.people.keys().copied().collect(),
        })
    }
}

/// As Postgres keeps a text: without the one character that it cannot hold.
fn as_text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// As Postgres keeps a time.
pub(super) fn as_kept(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}

pub(super) fn in_microseconds(time: Timestamp) -> String {
    format!("{time:.6}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_follows_from_the_one_before_and_the_text() {
        // Computed with Python's hashlib: sha256(bytes(32) + b"{}").
        let first = Hash::START.then("{}");
        assert_eq!(first.to_string(), PYTHON);
        assert_ne!(first.then("{}"), first);
        assert_eq!(Hash::from_hex(&first.to_string()), Some(first));
        assert_eq!(Hash::from_hex("0g"), None);
    }

    const PYTHON: &str = "fb1634c4e6cd4b1f1afe3ce2d6ef080f7ac5d1f357d723ad4dfca782733b62db";

    #[test]
    fn a_time_is_written_with_microseconds() {
        let time: Timestamp = "2026-11-25T09:30:00Z".parse().unwrap();
        assert_eq!(in_microseconds(time), "2026-11-25T09:30:00.000000Z");
    }

    #[test]
    fn a_record_of_a_later_release_is_told_from_a_broken_one() {
        let text =
            r#"{"version":2,"account":"111111111111","sequence":1,"recordedAt":"","event":{},"people":{},"sealed":{}}"#;
        assert!(matches!(Record::read(text), Err(RecordError::Version(2))));
        assert!(matches!(Record::read("{}"), Err(RecordError::Form(_))));
    }
}
