//! The keys of people: made when a person first occurs in an account's trail, read to seal
//! and to verify, deleted to erase.
//!
//! Only ever made with the account's chain locked, so no key goes while an event is sealed
//! with it. Deliberately absent: keys shared by accounts; two of the same name in two accounts
//! may be two people, and one lock at a time cannot deadlock.

use std::collections::BTreeSet;

use aws_lc_rs::rand;
use identifiers::AccountId;
use sqlx::PgConnection;

use super::seal::{People, Person};

/// Bytes of a key: as many as the HMAC has.
const KEY_BYTES: usize = 32;

/// The people of these `names`, whose keys are made where they are missing.
pub(super) async fn of_names(
    connection: &mut PgConnection,
    account: &AccountId,
    names: &BTreeSet<String>,
) -> Result<People, sqlx::Error> {
    if names.is_empty() {
        // Who erases has no right on keys, and needs none: an erasure names nobody.
        return Ok(People::new());
    }
    let names: Vec<String> = names.iter().cloned().collect();
    let mut people = read(connection, account, &names).await?;
    let known: BTreeSet<&str> = people.values().map(|person| person.name.as_str()).collect();
    let missing: Vec<String> = names.iter().filter(|name| !known.contains(name.as_str())).cloned().collect();
    if !missing.is_empty() {
        let keys: Vec<Vec<u8>> = missing.iter().map(|_| new_key()).collect();
        sqlx::query!(
            "insert into subject_key (account_id, person, key)
             select $1, person, key from unnest($2::text[], $3::bytea[]) as made (person, key)",
            account.as_str(),
            &missing,
            &keys,
        )
        .execute(&mut *connection)
        .await?;
        people.extend(read(connection, account, &missing).await?);
    }
    Ok(people)
}

async fn read(connection: &mut PgConnection, account: &AccountId, names: &[String]) -> Result<People, sqlx::Error> {
    let rows = sqlx::query!(
        "select subject_id, person, key from subject_key where account_id = $1 and person = any($2)",
        account.as_str(),
        names,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject_id, Person { name: row.person, key: row.key.into() })).collect())
}

/// The people with these `numbers` who are not erased.
pub(super) async fn of_numbers(
    connection: &mut PgConnection,
    account: &AccountId,
    numbers: &[i64],
) -> Result<People, sqlx::Error> {
    let rows = sqlx::query!(
        "select subject_id, person, key from subject_key where account_id = $1 and subject_id = any($2)",
        account.as_str(),
        numbers,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.subject_id, Person { name: row.person, key: row.key.into() })).collect())
}

fn new_key() -> Vec<u8> {
    let mut key = vec![0; KEY_BYTES];
    rand::fill(&mut key).expect("the system gives random bytes");
    key
}
