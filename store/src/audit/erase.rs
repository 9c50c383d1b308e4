//! A person out of the trail: the key is destroyed, and with it everything readable.
//!
//! Deleting a row of `subject_key` also removes the person's values, by a trigger, so one
//! cannot happen without the other. The erasure itself becomes an event of the chain, by
//! number and without the name: `verify` takes a missing key for tampering unless such an
//! event says otherwise. A line of `access_log` says the same to who reads that.
//!
//! Deliberately absent: other tables. What AWS still tells about a person (a desktop's user
//! name, a tag) comes back with the next reading, so it ends in AWS. What backups hold ends
//! with the backups.

use std::collections::BTreeSet;

use fleet::audit::{Actor, ActorKind, Event, Outcome, name_of};
use identifiers::AccountId;
use serde_json::json;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use super::append::{AppendError, append, lock};
use crate::access_log::{self, Action, Entry};

/// The event that records an erasure.
pub(super) const SOURCE: &str = "deskfleet";
/// Its name.
pub(super) const NAME: &str = "ErasePerson";
/// The longest reference, in characters.
const LONGEST_REFERENCE: usize = 100;

/// Whom to erase, and why.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// The account; `None` for every one.
    pub account: Option<AccountId>,
    /// Every name the person is known by.
    pub names: Vec<String>,
    /// What the erasure is filed under, such as the number of a request. Kept for good, so
    /// it must not name the person; 1 to 100 characters.
    pub reference: String,
}

/// What was erased in one account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// The account.
    pub account: AccountId,
    /// Numbers of the keys that are gone; events keep the numbers.
    pub people: Vec<i64>,
    /// Events that held values of them.
    pub events: u64,
}

/// A person whose values the trail of an account holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// The account.
    pub account: AccountId,
    /// The name, in lower case.
    pub name: String,
    /// Events that hold values of them.
    pub events: u64,
}

/// An erasure failed. Accounts before it are done; doing it again does the others.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The reference would be kept with the name in it.
    #[error("the reference names the person, and it is kept for good: give the number of the request instead")]
    ReferenceNames,
    /// The reference is empty or too long.
    #[error("the reference must have 1 to {LONGEST_REFERENCE} characters")]
    ReferenceLength,
    /// A query failed.
    #[error("the person could not be erased")]
    Query(#[from] sqlx::Error),
    /// The record of the erasure could not be written.
    #[error("the erasure could not be recorded")]
    Record(#[from] AppendError),
}

/// Erases a person; tells what was found, account by account. Nothing when nobody of these
/// names is in any trail.
pub async fn erase_person(connection: &mut PgConnection, erasure: &Erasure) -> Result<Vec<Erased>, EraseError> {
    let names: BTreeSet<String> = erasure.names.iter().map(|name| name_of(name)).collect();
    check_reference(&erasure.reference, &names)?;
    let names: Vec<String> = names.into_iter().collect();
    let accounts = sqlx::query_scalar!(
        "select distinct account_id from subject_key
         where person = any($1) and account_id = coalesce($2, account_id) order by account_id",
        &names,
        erasure.account.as_ref().map(AccountId::as_str),
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut erased = Vec::new();
    for account in accounts {
        let account: AccountId = account.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        erased.extend(erase_in(connection, &account, &names, &erasure.reference).await?);
    }
    Ok(erased)
}

fn check_reference(reference: &str, names: &BTreeSet<String>) -> Result<(), EraseError> {
    if !(1..=LONGEST_REFERENCE).contains(&reference.trim().chars().count()) {
        return Err(EraseError::ReferenceLength);
    }
    let reference = name_of(reference);
    let tells = names.iter().any(|name| !name.is_empty() && reference.contains(name.as_str()));
    if tells { Err(EraseError::ReferenceNames) } else { Ok(()) }
}

async fn erase_in(
    connection: &mut PgConnection,
    account: &AccountId,
    names: &[String],
    reference: &str,
) -> Result<Option<Erased>, EraseError> {
    let mut transaction = connection.begin().await?;
    let end = lock(&mut transaction, account).await?;
    let people = sqlx::query_scalar!(
        "select subject_id from subject_key where account_id = $1 and person = any($2) order by subject_id",
        account.as_str(),
        names,
    )
    .fetch_all(&mut *transaction)
    .await?;
    if people.is_empty() {
        return Ok(None);
    }
    let events = sqlx::query_scalar!(
        r#"select count(*) as "events!" from audit_event where account_id = $1 and person_ids && $2"#,
        account.as_str(),
        &people,
    )
    .fetch_one(&mut *transaction)
    .await?;
    sqlx::query!("delete from subject_key where account_id = $1 and subject_id = any($2)", account.as_str(), &people)
        .execute(&mut *transaction)
        .await?;
    append(&mut transaction, account, &[record(&people, reference, end.now)]).await?;
    let details = json!({ "account": account.as_str(), "people": people, "events": events, "reference": reference });
    access_log::record(&mut *transaction, &Entry::by_installation(Action::PersonErased).with_details(details)).await?;
    transaction.commit().await?;
    Ok(Some(Erased { account: account.clone(), people, events: u64::try_from(events).unwrap_or(0) }))
}

/// The event that says so.
fn record(people: &[i64], reference: &str, at: jiff::Timestamp) -> Event {
    Event {
        event_id: Uuid::new_v4().to_string().try_into().expect("a UUID is an id"),
        event_time: at,
        region: None,
        event_source: SOURCE.to_owned(),
        event_name: NAME.to_owned(),
        read_only: Some(false),
        actor: Actor::of(ActorKind::Deskfleet),
        source_ip: None,
        user_agent: None,
        subjects: Vec::new(),
        outcome: Outcome::Succeeded,
        changes: Vec::new(),
        request: Some(json!({ "people": people, "reference": reference })),
        response: None,
        truncated: false,
    }
}

/// Everybody in a trail whose name contains `part`, so that no name of theirs is forgotten.
pub async fn people_like(
    connection: &mut PgConnection,
    account: Option<&AccountId>,
    part: &str,
) -> Result<Vec<KnownPerson>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select account_id, person,
                  (select count(*) from audit_event
                   where audit_event.account_id = subject_key.account_id
                     and person_ids @> array[subject_id]) as "events!"
           from subject_key
           where strpos(person, $1) > 0 and account_id = coalesce($2, account_id)
           order by account_id, person
           limit 200"#,
        name_of(part),
        account.map(AccountId::as_str),
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let account = row.account_id.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            Ok(KnownPerson { account, name: row.person, events: u64::try_from(row.events).unwrap_or(0) })
        })
        .collect()
}
