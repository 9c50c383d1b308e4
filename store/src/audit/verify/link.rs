//! One row of a chain, judged by the hash before it and by the keys that are there.

use std::collections::{BTreeMap, BTreeSet};

use jiff_sqlx::Timestamp;

use super::fault::Fault;
use crate::audit::{
    erase,
    record::{Columns, Hash, Record, as_kept},
    seal::{Clear, People, hmac_of, name_seal},
};

/// A row of `audit_event` as it is there.
#[derive(Debug)]
pub(super) struct Row {
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
    pub(super) record: String,
    pub(super) hash: Vec<u8>,
    pub(super) personal: serde_json::Value,
}

/// How far a chain is proved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Proved {
    pub(super) sequence: i64,
    pub(super) hash: Hash,
}

/// The sequence and hash of `row`, if it follows `before`.
pub(super) fn follows(before: Proved, row: &Row) -> Result<(Proved, Record), Fault> {
    if row.sequence <= before.sequence {
        return Err(Fault::Twice);
    }
    if row.sequence > before.sequence + 1 {
        return Err(Fault::Missing { next: row.sequence });
    }
    let hash = before.hash.then(&row.record);
    if row.hash != hash.0 {
        return Err(Fault::Hash);
    }
    let record = Record::read(&row.record).map_err(|_| Fault::Record)?;
    let columns = record.columns().map_err(|_| Fault::Record)?;
    match other_column(&columns, row) {
        Some(column) => Err(Fault::Column(column)),
        None => Ok((Proved { sequence: row.sequence, hash }, record)),
    }
}

/// The first column of `row` that does not follow from the record.
fn other_column(columns: &Columns, row: &Row) -> Option<&'static str> {
    let same = [
        ("account_id", columns.account_id == row.account_id),
        ("sequence", columns.sequence == row.sequence),
        ("recorded_at", columns.recorded_at == as_kept(row.recorded_at.to_jiff())),
        ("region", columns.region == row.region),
        ("event_id", columns.event_id == row.event_id),
        ("event_time", columns.event_time == as_kept(row.event_time.to_jiff())),
        ("event_source", columns.event_source == row.event_source),
        ("event_name", columns.event_name == row.event_name),
        ("read_only", columns.read_only == row.read_only),
        ("actor_kind", columns.actor_kind == row.actor_kind),
        ("actor_id", columns.actor_id == row.actor_id),
        ("outcome", columns.outcome == row.outcome),
        ("subjects", columns.subjects == row.subjects),
        ("person_ids", columns.person_ids == row.person_ids),
    ];
    same.into_iter().find(|(_, same)| !same).map(|(column, _)| column)
}

/// Judges the personal values of `record`: those of people who are there must be the ones
/// that were sealed, and of the `erased` there must be none.
pub(super) fn values(
    record: &Record,
    personal: &serde_json::Value,
    people: &People,
    erased: &BTreeSet<i64>,
) -> Result<(), Fault> {
    for (person, sealed) in &record.people {
        match name_seal(*person, people) {
            Some(seal) if seal == *sealed => {}
            Some(_) => return Err(Fault::Person { person: *person }),
            None if erased.contains(person) => {}
            None => return Err(Fault::KeyGone { person: *person }),
        }
    }
    let clear: Vec<Clear> = serde::Deserialize::deserialize(personal).map_err(|_| Fault::Column("personal"))?;
    let mut values: BTreeMap<&str, &Clear> = BTreeMap::new();
    for value in &clear {
        if values.insert(&value.at, value).is_some() {
            return Err(Fault::ValueUnsealed { at: value.at.clone() });
        }
    }
    for (at, seal) in &record.sealed {
        let at = || at.clone();
        let is_readable = seal.of.iter().all(|person| people.contains_key(person));
        match values.remove(at().as_str()) {
            Some(_) if !is_readable => return Err(Fault::ValueUnsealed { at: at() }),
            Some(value)
                if value.of != seal.of || hmac_of(&value.value, &seal.of, people).as_ref() != Some(&seal.hmac) =>
            {
                return Err(Fault::Value { at: at() });
            }
            None if is_readable => return Err(Fault::ValueGone { at: at() }),
            _ => {}
        }
    }
    match values.into_keys().next() {
        Some(at) => Err(Fault::ValueUnsealed { at: at.to_owned() }),
        None => Ok(()),
    }
}

/// The people whom a record of an erasure names.
pub(super) fn erased_by(record: &Record) -> Vec<i64> {
    let Ok(event) = record.event() else { return Vec::new() };
    if event.event_source != erase::SOURCE || event.event_name != erase::NAME || event.region.is_some() {
        return Vec::new();
    }
    let people = event.request.as_ref().and_then(|request| request.get("people")).and_then(|list| list.as_array());
    people.into_iter().flatten().filter_map(serde_json::Value::as_i64).collect()
}
