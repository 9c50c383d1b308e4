//! From a row of CloudTrail's `LookupEvents` to an [`Event`].
//!
//! ```text
//! row ──► document (JSON text, mended) ──► actor, outcome, subjects, changes
//!                                     └──► redaction ──► bounds ──► request, response
//! ```
//!
//! ```text
//! document.rs    JSON text that may be cut, too deep, or hold half a character
//! actor.rs       userIdentity: who, and the person behind a session
//! outcome.rs     failed as a whole, or in parts inside an HTTP 200
//! subjects.rs    ids of things, wherever they stand
//! changes.rs     which property of what got which value
//! redaction.rs   what must never be kept
//! bounds.rs      how much of an event is kept
//! operations.rs  the operations that change something, by service
//! ```
//!
//! Whatever AWS sends becomes an event as long as it has an id and a time: an unknown member,
//! word or operation is kept, and a record that is no JSON keeps what stands outside of it.
//! Deliberately absent: the SDK, values before a change (the store knows those), and which
//! values are personal.

use identifiers::Region;
use jiff::Timestamp;
use serde_json::Value;

use super::{Actor, Event, Outcome};
use crate::EventId;

mod actor;
mod bounds;
mod changes;
mod document;
mod operations;
mod outcome;
mod redaction;
mod subjects;

pub use operations::{SOURCES, is_watched, knows, mutating_names};

/// One row of `LookupEvents`, as AWS sent it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// `EventId`.
    pub event_id: Option<String>,
    /// `EventName`.
    pub event_name: Option<String>,
    /// `EventTime`, to the second.
    pub event_time: Option<Timestamp>,
    /// `EventSource`.
    pub event_source: Option<String>,
    /// `ReadOnly`, which AWS writes as text.
    pub read_only: Option<String>,
    /// `Username`: of a session, its name.
    pub user_name: Option<String>,
    /// `AccessKeyId`.
    pub access_key_id: Option<String>,
    /// `Resources`, by name; mostly none.
    pub resources: Vec<String>,
    /// `CloudTrailEvent`: the record itself, a JSON text.
    pub record: Option<String>,
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The event.
    pub event: Event,
    /// Whether its record was no JSON. Then the event has only what stood outside of it,
    /// its outcome is not known, and it is marked as truncated.
    pub malformed: bool,
}

/// Reads a row of the trail of `region`; `None` without an id or a time, by which alone an
/// event can be told from others.
pub fn parse(row: &Row, region: &Region) -> Option<Parsed> {
    let text = row.record.as_deref().unwrap_or_default();
    let document = document::read(text);
    let malformed = document.is_none();
    let document = document.unwrap_or_default();
    let record = Record(&document.value);
    let id = row.event_id.as_deref().or_else(|| record.text("eventID"))?;
    let event_time = row.event_time.or_else(|| record.text("eventTime")?.parse().ok())?;
    let name = row.event_name.as_deref().or_else(|| record.text("eventName")).unwrap_or_default();
    let source = row.event_source.as_deref().or_else(|| record.text("eventSource")).unwrap_or_default();
    let read_only = match row.read_only.as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => record.0.get("readOnly").and_then(Value::as_bool),
    };
    let (request, response) = (record.0.get("requestParameters"), record.0.get("responseElements"));
    let outcome = if malformed { Outcome::Unknown } else { outcome::outcome(&record, response) };
    let names: Vec<&str> = row.resources.iter().map(String::as_str).collect();
    let mut found = subjects::Found::default();
    found.in_resources(&names, record.0.get("resources"));
    found.in_values([request, response]);
    found.in_text(if malformed { text } else { &document.skipped });
    let changes = request.map_or_else(Vec::new, |request| changes::changes(name, request, &outcome));
    let secrets = redaction::Secrets::of(&document.value);
    let clean = |text: &str| bounds::short(&secrets.without(text));
    let kept = bounds::keep(request, response, &secrets);
    let event = Event {
        event_id: EventId::try_from(id).ok()?,
        event_time,
        region: Some(region.clone()),
        event_source: clean(source),
        event_name: clean(name),
        read_only,
        actor: bounds::actor(actor_of(row, &record, malformed), &secrets),
        source_ip: record.text("sourceIPAddress").map(clean),
        user_agent: record.text("userAgent").map(clean),
        subjects: found.sorted(),
        outcome: bounds::outcome(outcome, &secrets),
        changes: bounds::changes(changes, &secrets),
        request: kept.request,
        response: kept.response,
        truncated: malformed || kept.truncated || !document.skipped.is_empty(),
    };
    Some(Parsed { event, malformed })
}

fn actor_of(row: &Row, record: &Record<'_>, malformed: bool) -> Actor {
    let outside = actor::Outside { user_name: row.user_name.as_deref(), access_key_id: row.access_key_id.as_deref() };
    if malformed { actor::named(outside) } else { actor::actor(record, outside) }
}

/// A record of CloudTrail: an object, or nothing.
struct Record<'a>(&'a Value);

impl<'a> Record<'a> {
    /// A text at the top of the record; `None` for an empty one.
    fn text(&self, name: &str) -> Option<&'a str> {
        text(self.0, name)
    }
}

/// The text of a member; `None` for an empty one.
fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
