//! Events, trails of them, and what is in the database afterwards.

use std::io::Write as _;

use fleet::audit::{Actor, ActorKind, Event, Outcome, Subject, SubjectKind};
use identifiers::AccountId;
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use store::audit::{
    Appended, Clear, Record, append,
    checkpoint::{self, Checkpoint},
    signing::{PublicKeys, SigningKey},
    verify::{Evidence, Report, verify},
};

/// The keys of RFC 8410, section 10.
pub(crate) const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
pub(crate) const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

pub(crate) fn account(number: u32) -> AccountId {
    format!("{number:012}").parse().unwrap()
}

/// The `number`th event: Alice makes a desktop for one of three users, and every fifth time
/// is refused with a sentence that names both.
pub(crate) fn an_event(number: u32) -> Event {
    let user = ["Bob", "carol", "dave.o\u{2019}neil"][number as usize % 3];
    let outcome = if number.is_multiple_of(5) {
        let message = format!("User alice@example.com may not give {user} a desktop");
        Outcome::Failed { code: "AccessDenied".to_owned(), message: Some(message) }
    } else {
        Outcome::Succeeded
    };
    Event {
        event_id: format!("event-{number}").try_into().unwrap(),
        event_time: jiff::Timestamp::from_second(1_795_000_000 + i64::from(number)).unwrap(),
        region: Some("eu-central-1".parse().unwrap()),
        event_source: "workspaces.amazonaws.com".to_owned(),
        event_name: "CreateWorkspaces".to_owned(),
        read_only: Some(false),
        actor: Actor {
            person: Some("alice@example.com".to_owned()),
            arn: Some("arn:aws:sts::111111111111:assumed-role/Admin/alice@example.com".to_owned()),
            account_id: Some("111111111111".to_owned()),
            role: Some("Admin".to_owned()),
            session_name: Some("alice@example.com".to_owned()),
            access_key_id: Some("ASIAALICE0000000KEY1".to_owned()),
            ..Actor::of(ActorKind::AssumedRole)
        },
        source_ip: Some("203.0.113.77".to_owned()),
        user_agent: Some("console \u{0}\"quoted\"\n".to_owned()),
        subjects: vec![Subject { kind: SubjectKind::Workspace, id: format!("ws-{number}") }],
        outcome,
        changes: Vec::new(),
        request: Some(
            json!({ "workspaces": [{ "userName": user, "bundleId": "wsb-1", "size": 1.5e300, "n": number }] }),
        ),
        response: None,
        truncated: false,
    }
}

pub(crate) fn events(numbers: impl IntoIterator<Item = u32>) -> Vec<Event> {
    numbers.into_iter().map(an_event).collect()
}

/// Appends in a transaction of its own.
pub(crate) async fn add(pool: &PgPool, account: &AccountId, events: &[Event]) -> Appended {
    let mut transaction = pool.begin().await.unwrap();
    let appended = append(&mut transaction, account, events).await.unwrap();
    transaction.commit().await.unwrap();
    appended
}

pub(crate) fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

pub(crate) fn signing_key() -> SigningKey {
    SigningKey::read(file(PRIVATE_KEY).path()).unwrap()
}

pub(crate) fn public_keys() -> PublicKeys {
    PublicKeys::read(file(PUBLIC_KEY).path()).unwrap()
}

/// Makes a checkpoint at noon of some day.
pub(crate) async fn checkpoint(pool: &PgPool, account: &AccountId) -> Option<Checkpoint> {
    let mut connection = pool.acquire().await.unwrap();
    let noon = "2026-11-25T12:00:00Z".parse().unwrap();
    checkpoint::make(&mut connection, account, (&signing_key(), &public_keys()), noon).await.unwrap()
}

/// Verifies with the public key and the given exported checkpoints.
pub(crate) async fn verified(pool: &PgPool, account: &AccountId, exported: &[Checkpoint]) -> Report {
    let keys = public_keys();
    let mut connection = pool.acquire().await.unwrap();
    verify(&mut connection, account, Evidence { exported, keys: Some(&keys) }).await.unwrap()
}

/// Verifies, expecting a whole chain through `sequence`.
pub(crate) async fn is_whole(pool: &PgPool, account: &AccountId, sequence: i64) {
    let report = verified(pool, account, &[]).await;
    assert_eq!(report.broken.map(|found| found.to_string()), None);
    assert_eq!(report.through, sequence);
}

/// Every event of the trail as the collector gave it, as far as it is still readable.
pub(crate) async fn opened(pool: &PgPool, account: &AccountId) -> Vec<Event> {
    let rows: Vec<(String, serde_json::Value)> =
        sqlx::query_as("select record, personal from audit_event where account_id = $1 order by sequence")
            .bind(account.as_str())
            .fetch_all(pool)
            .await
            .unwrap();
    let open = |(record, personal): (String, serde_json::Value)| {
        let clear: Vec<Clear> = serde_json::from_value(personal).unwrap();
        Record::read(&record).unwrap().opened(&clear).unwrap()
    };
    rows.into_iter().map(open).collect()
}

/// Every row of every table, as text, and the samples that the planner keeps of them: what
/// a dump of the database would hold.
pub(crate) async fn dump(pool: &PgPool) -> String {
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', schemaname, tablename) from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut text = String::new();
    for table in tables.into_iter().chain(["pg_stats".to_owned()]) {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("select kept::text from {table} as kept")))
            .fetch_all(pool)
            .await
            .unwrap();
        text.extend(rows);
    }
    text
}

/// Runs a statement as somebody for whom no trigger counts.
pub(crate) async fn force(pool: &PgPool, statement: &str) {
    let mut connection = pool.acquire().await.unwrap();
    let statement =
        format!("set session_replication_role = replica; {statement}; set session_replication_role = origin");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *connection).await.unwrap();
}
