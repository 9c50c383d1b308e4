//! Events in: sealed, chained and written, each once, in the caller's transaction.
//!
//! The row of the account's chain is the lock: one writer an account, however many pods
//! read. An event is known by account, region and AWS's id; one that is there already is
//! left as it is. Deliberately absent: what to leave out, which the collector decides.

use std::collections::{BTreeSet, HashSet};

use fleet::audit::{Event, Personal};
use identifiers::AccountId;
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{
    record::{Columns, Hash, Record, RecordError, as_kept},
    seal::{Clear, seal},
    subject,
};

/// What became of the events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Now in the chain.
    pub new: u64,
    /// There already, or twice among those given.
    pub repeated: u64,
}

/// Events could not be appended; the transaction is to be rolled back.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// A query failed.
    #[error("events of account {account} could not be added to its audit trail")]
    Query {
        /// The account.
        account: AccountId,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// What was made of the event would not be read back.
    #[error("event {event} of account {account} cannot be kept")]
    Record {
        /// The account.
        account: AccountId,
        /// AWS's id of the event.
        event: String,
        /// Why.
        #[source]
        source: RecordError,
    },
}

/// The end of a chain, locked.
#[derive(Debug)]
pub(super) struct End {
    pub(super) sequence: i64,
    pub(super) hash: Hash,
    /// The time of what is appended now.
    pub(super) now: Timestamp,
}

/// Appends `events` to the chain of `account`, in their order.
///
/// To be called inside a transaction, which also moves the cursor that `events` were read
/// from; the chain stays locked until it ends.
pub async fn append(
    connection: &mut PgConnection,
    account: &AccountId,
    events: &[Event],
) -> Result<Appended, AppendError> {
    let query = |source| AppendError::Query { account: account.clone(), source };
    let mut end = lock(connection, account).await.map_err(query)?;
    let mut known = known(connection, account, events).await.map_err(query)?;
    let new: Vec<&Event> = events.iter().filter(|event| known.insert(identity(event))).collect();
    let found: Vec<(Value, Vec<Personal>)> = new.iter().map(|event| event.personal()).collect();
    let names: BTreeSet<String> =
        found.iter().flat_map(|(_, places)| places).flat_map(|place| &place.of).cloned().collect();
    let people = subject::of_names(connection, account, &names).await.map_err(query)?;
    let mut rows = Vec::with_capacity(new.len());
    for (event, found) in new.iter().zip(found) {
        let mut sealed = seal(event, found, &people);
        let clear = std::mem::take(&mut sealed.clear);
        end.sequence += 1;
        let record = Record::new(account, end.sequence, end.now, sealed);
        let row = Row::new(&record, &end.hash, clear);
        let (row, hash) = row.map_err(|source| AppendError::Record {
            account: account.clone(),
            event: event.event_id.to_string(),
            source,
        })?;
        end.hash = hash;
        rows.push(row);
    }
    if !rows.is_empty() {
        insert(connection, account, &rows, &end).await.map_err(query)?;
    }
    let new = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    Ok(Appended { new, repeated: u64::try_from(events.len()).unwrap_or(u64::MAX) - new })
}

/// Adds to the number of events of a UTC day that were left out, because they only read and
/// deskfleet itself caused them.
///
/// Adding is not idempotent: to be called in the transaction that moves the cursor, with
/// events that the cursor had not passed before.
pub async fn count_left_out(
    connection: &mut PgConnection,
    account: &AccountId,
    day: Date,
    events: u64,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into audit_left_out as kept (account_id, day, events) values ($1, $2, $3)
         on conflict on constraint audit_left_out_pkey do update set events = kept.events + excluded.events",
        account.as_str(),
        jiff_sqlx::Date::from(day) as _,
        i64::try_from(events).unwrap_or(i64::MAX),
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Locks the chain of `account`, which begins now if there was none.
pub(super) async fn lock(connection: &mut PgConnection, account: &AccountId) -> Result<End, sqlx::Error> {
    sqlx::query!(
        "insert into audit_chain (account_id) values ($1) on conflict on constraint audit_chain_pkey do nothing",
        account.as_str(),
    )
    .execute(&mut *connection)
    .await?;
    let end = sqlx::query!(
        r#"select sequence, hash, greatest(recorded_at, clock_timestamp()) as "now!"
           from audit_chain where account_id = $1 for update"#,
        account.as_str(),
    )
    .fetch_one(connection)
    .await?;
    let hash = Hash::from_bytes(&end.hash).expect("the schema holds hashes to 32 bytes");
    Ok(End { sequence: end.sequence, hash, now: as_kept(end.now.to_jiff()) })
}

/// By what an event is known within its account.
type Identity = (Option<String>, String);

fn identity(event: &Event) -> Identity {
    (event.region.as_ref().map(ToString::to_string), event.event_id.to_string())
}

async fn known(
    connection: &mut PgConnection,
    account: &AccountId,
    events: &[Event],
) -> Result<HashSet<Identity>, sqlx::Error> {
    let (regions, ids): (Vec<Option<String>>, Vec<String>) = events.iter().map(identity).unzip();
    let rows = sqlx::query!(
        r#"select kept.region, kept.event_id as "event_id!"
           from unnest($2::text[], $3::text[]) as given (region, event_id)
           join audit_event as kept
             on kept.account_id = $1 and kept.region is not distinct from given.region
            and kept.event_id = given.event_id"#,
        account.as_str(),
        &regions as &[Option<String>],
        &ids,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.region, row.event_id)).collect())
}

/// A row of `audit_event` on its way there.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    sequence: i64,
    recorded_at: Timestamp,
    region: Option<String>,
    event_id: String,
    event_time: Timestamp,
    event_source: String,
    event_name: String,
    read_only: Option<bool>,
    actor_kind: String,
    actor_id: Option<i64>,
    outcome: String,
    subjects: Vec<String>,
    person_ids: Vec<i64>,
    record: String,
    hash: String,
    personal: Vec<Clear>,
}

impl Row {
    /// The row of `record`, which follows `before`, and its hash.
    pub(super) fn new(record: &Record, before: &Hash, personal: Vec<Clear>) -> Result<(Self, Hash), RecordError> {
        let columns = record.columns()?;
        let record = record.text();
        let hash = before.then(&record);
        let Columns { sequence, recorded_at, region, event_id, event_time, .. } = columns;
        let Columns { event_source, event_name, read_only, actor_kind, actor_id, outcome, .. } = columns;
        let Columns { subjects, person_ids, .. } = columns;
        let row = Self {
            sequence,
            recorded_at,
            region,
            event_id,
            event_time,
            event_source,
            event_name,
            read_only,
            actor_kind,
            actor_id,
            outcome,
            subjects,
            person_ids,
            record,
            hash: hash.to_string(),
            personal,
        };
        Ok((row, hash))
    }
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    account: &AccountId,
    rows: &[Row],
    end: &End,
) -> Result<(), sqlx::Error> {
    let json = serde_json::to_string(rows).expect("a row is plain data");
    sqlx::query_file!("src/audit/insert.sql", account.as_str(), json).execute(&mut *connection).await?;
    sqlx::query!(
        "update audit_chain set sequence = $2, hash = $3, recorded_at = $4 where account_id = $1",
        account.as_str(),
        end.sequence,
        &end.hash.0,
        jiff_sqlx::Timestamp::from(end.now) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
