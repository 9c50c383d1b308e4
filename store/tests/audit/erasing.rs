//! An erased person is nowhere in the database, and the chain holds.

use fleet::audit::{ActorKind, Event};
use sqlx::PgPool;
use store::audit::{EraseError, Erasure, erase_person, people_like};

use crate::trail::{account, add, an_event, checkpoint, dump, events, is_whole, opened, verified};

fn erasure(names: &[&str]) -> Erasure {
    Erasure {
        account: None,
        names: names.iter().map(ToString::to_string).collect(),
        reference: "request 4711".to_owned(),
    }
}

/// Everything by which an event tells of Alice.
const OF_ALICE: [&str; 4] = ["alice", "ASIAALICE0000000KEY1", "203.0.113.77", "quoted"];

async fn is_anywhere(pool: &PgPool, texts: &[&str]) -> Vec<bool> {
    let dump = dump(pool).await.to_lowercase();
    texts.iter().map(|text| dump.contains(&text.to_lowercase())).collect()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_erased_person_is_nowhere_and_the_chain_holds(pool: PgPool) {
    add(&pool, &account(1), &events(0..10)).await;
    add(&pool, &account(2), &events(0..3)).await;
    checkpoint(&pool, &account(1)).await;
    sqlx::query("analyze").execute(&pool).await.unwrap();
    assert_eq!(is_anywhere(&pool, &OF_ALICE).await, [true; 4], "the search can find");
    let mut connection = pool.acquire().await.unwrap();
    let erased = erase_person(&mut connection, &erasure(&["Alice@Example.com "])).await.unwrap();
    let events: Vec<(u64, usize)> = erased.iter().map(|one| (one.events, one.people.len())).collect();
    assert_eq!(events, [(10, 1), (3, 1)]);
    assert_eq!(is_anywhere(&pool, &OF_ALICE).await, [false; 4]);
    is_whole(&pool, &account(1), 11).await;
    is_whole(&pool, &account(2), 4).await;
    let report = verified(&pool, &account(1), &[]).await;
    assert_eq!((report.erased, report.kept), (1, 1));
    // Others, and what concerns nobody, are as they were.
    let kept = opened(&pool, &account(1)).await;
    assert_eq!(kept[1].request, Some(reread(&an_event(1))));
    assert_eq!((kept[1].actor.kind.clone(), kept[1].actor.role.as_deref()), (ActorKind::AssumedRole, Some("Admin")));
    assert_eq!((kept[1].actor.person.as_deref(), kept[1].source_ip.as_deref()), (None, None));
}

fn reread(event: &Event) -> serde_json::Value {
    serde_json::from_str(&event.request.as_ref().unwrap().to_string()).unwrap()
}

/// The planner samples columns; a sample of names would outlive an erasure.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn no_sample_of_personal_columns_is_kept(pool: PgPool) {
    store::partitions::make(&pool).await.unwrap();
    let sampled = "select format('%s.%s', attrelid::regclass, attname) from pg_attribute
                   where (attrelid = 'subject_key'::regclass and attname = 'person'
                          or attrelid in (select relid from pg_partition_tree('audit_event')) and attname = 'personal')
                     and attstattarget is distinct from 0";
    let sampled: Vec<String> = sqlx::query_scalar(sampled).fetch_all(&pool).await.unwrap();
    assert!(sampled.is_empty(), "{sampled:?}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_value_of_two_goes_with_the_first(pool: PgPool) {
    add(&pool, &account(1), &events(0..6)).await;
    let mut connection = pool.acquire().await.unwrap();
    erase_person(&mut connection, &erasure(&["bob"])).await.unwrap();
    // Event 0 was refused with a sentence that names Alice and Bob.
    assert_eq!(is_anywhere(&pool, &["bob", "alice", "carol"]).await, [false, true, true]);
    is_whole(&pool, &account(1), 7).await;
    erase_person(&mut connection, &erasure(&["alice@example.com", "carol"])).await.unwrap();
    assert_eq!(is_anywhere(&pool, &["bob", "alice", "carol", "dave"]).await, [false, false, false, true]);
    is_whole(&pool, &account(1), 8).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_erasure_is_an_event_and_a_line_of_the_access_log_without_the_name(pool: PgPool) {
    add(&pool, &account(1), &events(0..3)).await;
    let mut connection = pool.acquire().await.unwrap();
    let erased = erase_person(&mut connection, &erasure(&["carol"])).await.unwrap();
    let event = opened(&pool, &account(1)).await.pop().unwrap();
    assert_eq!((event.event_source.as_str(), event.event_name.as_str()), ("deskfleet", "ErasePerson"));
    assert_eq!(event.actor.kind, ActorKind::Deskfleet);
    let request = serde_json::json!({ "people": erased[0].people, "reference": "request 4711" });
    assert_eq!(event.request, Some(request));
    let logged: serde_json::Value = sqlx::query_scalar("select details from access_log where action = 'person_erased'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!((&logged["reference"], &logged["events"]), (&"request 4711".into(), &1.into()));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_key_that_goes_without_a_record_is_tampering(pool: PgPool) {
    add(&pool, &account(1), &events(0..3)).await;
    sqlx::query("delete from subject_key where person = 'carol'").execute(&pool).await.unwrap();
    assert_eq!(is_anywhere(&pool, &["carol"]).await, [false], "the trigger took the values along");
    let found = verified(&pool, &account(1), &[]).await.broken.unwrap().to_string();
    assert!(found.contains("sequence 2, event event-1") && found.contains("no erasure of them is recorded"), "{found}");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn who_acts_again_after_an_erasure_is_somebody_new(pool: PgPool) {
    add(&pool, &account(1), &events(0..2)).await;
    let mut connection = pool.acquire().await.unwrap();
    let first = erase_person(&mut connection, &erasure(&["alice@example.com"])).await.unwrap();
    // The overlap of the next reading brings the erased events again, and a new one.
    add(&pool, &account(1), &events(0..3)).await;
    assert_eq!(is_anywhere(&pool, &["alice"]).await, [true], "of the new event only");
    let second = erase_person(&mut connection, &erasure(&["alice@example.com"])).await.unwrap();
    assert_ne!(first[0].people, second[0].people);
    assert_eq!(second[0].events, 1);
    is_whole(&pool, &account(1), 5).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_reference_that_names_the_person_is_refused(pool: PgPool) {
    add(&pool, &account(1), &events(0..2)).await;
    let mut connection = pool.acquire().await.unwrap();
    for (reference, wrong) in [("on behalf of CAROL", true), (" ", true), ("request 1", false)] {
        let erasure = Erasure { reference: reference.to_owned(), ..erasure(&["carol"]) };
        let refused = erase_person(&mut connection, &erasure).await;
        let is_refused = matches!(refused, Err(EraseError::ReferenceNames | EraseError::ReferenceLength));
        assert_eq!(is_refused, wrong, "{reference:?}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn only_the_account_asked_for_is_touched(pool: PgPool) {
    for number in [1, 2] {
        add(&pool, &account(number), &events(0..2)).await;
    }
    let mut connection = pool.acquire().await.unwrap();
    let one = Erasure { account: Some(account(1)), ..erasure(&["carol"]) };
    erase_person(&mut connection, &one).await.unwrap();
    let known = people_like(&mut connection, None, "CAR").await.unwrap();
    let known: Vec<_> = known.into_iter().map(|one| (one.account, one.name, one.events)).collect();
    assert_eq!(known, [(account(2), "carol".to_owned(), 1)]);
    is_whole(&pool, &account(2), 2).await;
}
