//! Each event once, in one chain, however it comes and whoever dies on the way.

use std::collections::BTreeMap;

use fleet::audit::Event;
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use serde_json::{Value, json};
use sqlx::PgPool;
use store::audit::{Appended, append, canonical, count_left_out};

use crate::trail::{account, add, an_event, events, is_whole, opened};

fn by_id(events: Vec<Event>) -> BTreeMap<String, Event> {
    events.into_iter().map(|event| (event.event_id.to_string(), event)).collect()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_event_comes_back_as_it_was_given(pool: PgPool) {
    let given = events(0..7);
    assert_eq!(add(&pool, &account(1), &given).await, Appended { new: 7, repeated: 0 });
    let mut expected = given;
    for event in &mut expected {
        // An integer without fraction is what JSON makes of 1.5e300: the same double.
        event.request = Some(serde_json::from_str(&event.request.as_ref().unwrap().to_string()).unwrap());
    }
    assert_eq!(opened(&pool, &account(1)).await, expected);
    is_whole(&pool, &account(1), 7).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_event_is_known_by_account_region_and_id(pool: PgPool) {
    let elsewhere = Event { region: Some("us-east-1".parse().unwrap()), ..an_event(1) };
    let again = Event { event_name: "Other".to_owned(), ..an_event(1) };
    add(&pool, &account(1), &[an_event(1)]).await;
    let appended = add(&pool, &account(1), &[again, elsewhere.clone(), elsewhere]).await;
    assert_eq!(appended, Appended { new: 1, repeated: 2 });
    assert_eq!(add(&pool, &account(2), &[an_event(1)]).await.new, 1);
    assert_eq!(opened(&pool, &account(1)).await[0].event_name, "CreateWorkspaces", "the first one stays");
}

/// Batches that hold each of `count` events at least once, in any order, with repeats, and
/// for each whether its transaction dies the first time.
fn batches(count: u32) -> impl Strategy<Value = Vec<(Vec<u32>, bool)>> {
    let some = prop::collection::vec((prop::collection::vec(0..count, 0..6), any::<bool>()), 0..5);
    let all = Just((0..count).collect::<Vec<u32>>()).prop_shuffle();
    (some, all, prop::collection::vec(1..4_usize, 1..12)).prop_map(|(mut batches, all, sizes)| {
        let mut rest = all.as_slice();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (batch, others) = rest.split_at((*size).min(rest.len()));
            batches.push((batch.to_vec(), batch[0] % 3 == 0));
            rest = others;
        }
        batches
    })
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn any_split_with_repeats_and_deaths_gives_the_same_events(pool: PgPool) {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let expected = by_id(events(0..10).into_iter().collect());
    for case in 1..=24 {
        let batches = batches(10).new_tree(&mut runner).unwrap().current();
        let account = account(case);
        for (numbers, dies) in &batches {
            if *dies {
                let mut transaction = pool.begin().await.unwrap();
                append(&mut transaction, &account, &events(numbers.iter().copied())).await.unwrap();
                transaction.rollback().await.unwrap();
            }
            add(&pool, &account, &events(numbers.iter().copied())).await;
        }
        let found = by_id(opened(&pool, &account).await);
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{batches:?}");
        is_whole(&pool, &account, 10).await;
    }
}

/// Any JSON that AWS might send, with words among its names that make places personal.
fn any_request() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(Value::from("Bob told alice@example.com")),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let field =
            prop_oneof!["\\PC{0,6}", Just("userName".to_owned()), Just("a/b~c".to_owned()), Just("owner".to_owned())];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((field, inner), 0..5).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn any_request_comes_back_as_it_was_given(pool: PgPool) {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut given = Vec::new();
    for number in 0..200 {
        // As the collector has it: read from JSON text.
        let request = any_request().new_tree(&mut runner).unwrap().current().to_string();
        given.push(Event { request: Some(serde_json::from_str(&request).unwrap()), ..an_event(number) });
    }
    add(&pool, &account(1), &given).await;
    for (found, given) in opened(&pool, &account(1)).await.iter().zip(&given) {
        let text = |event: &Event| canonical::text(event.request.as_ref().unwrap_or(&Value::Null));
        assert_eq!(text(found), text(given));
    }
    is_whole(&pool, &account(1), 200).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_postgres_cannot_hold_is_kept_all_the_same(pool: PgPool) {
    let mut event = Event { event_name: "Zero\0".to_owned(), ..an_event(1) };
    event.actor.person = Some("zero\0@example.com".to_owned());
    event.request = Some(json!({ "zero\0": { "userName": "bob\0" }, "large": "x".repeat(256 * 1024) }));
    add(&pool, &account(1), &[event.clone()]).await;
    let found = opened(&pool, &account(1)).await.remove(0);
    assert_eq!((&found.event_name, &found.actor.person), (&event.event_name, &event.actor.person));
    let request = found.request.unwrap();
    assert_eq!(request["zero\u{fffd}"]["userName"], "bob\0", "only the name of the field is another");
    assert_eq!(request["large"], event.request.unwrap()["large"]);
    is_whole(&pool, &account(1), 1).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_writer_whose_connection_is_cut_leaves_nothing(pool: PgPool) {
    add(&pool, &account(1), &events(0..2)).await;
    let mut cut = pool.begin().await.unwrap();
    let backend: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut *cut).await.unwrap();
    append(&mut cut, &account(1), &events(2..9)).await.unwrap();
    sqlx::query("select pg_terminate_backend($1)").bind(backend).execute(&pool).await.unwrap();
    assert!(cut.commit().await.is_err());
    assert_eq!(add(&pool, &account(1), &events(0..9)).await, Appended { new: 7, repeated: 2 });
    is_whole(&pool, &account(1), 9).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn writers_at_once_make_one_chain(pool: PgPool) {
    let writer = |offset: u32| {
        let pool = pool.clone();
        async move {
            let mut new = 0;
            // Every writer reads the same forty events, each beginning elsewhere.
            for batch in 0..20 {
                let from = (offset + batch * 2) % 40;
                new += add(&pool, &account(1), &events([from, from + 1])).await.new;
            }
            new
        }
    };
    let (one, two, three) = tokio::join!(tokio::spawn(writer(0)), tokio::spawn(writer(14)), tokio::spawn(writer(26)));
    assert_eq!(one.unwrap() + two.unwrap() + three.unwrap(), 40);
    is_whole(&pool, &account(1), 40).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_is_left_out_is_counted_by_day(pool: PgPool) {
    let mut connection = pool.acquire().await.unwrap();
    for (day, events) in [("2026-11-24", 3), ("2026-11-25", 1), ("2026-11-24", 4)] {
        count_left_out(&mut connection, &account(1), day.parse().unwrap(), events).await.unwrap();
    }
    let counted: Vec<(String, i64)> = sqlx::query_as("select day::text, events from audit_left_out order by day")
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    assert_eq!(counted, [("2026-11-24".to_owned(), 7), ("2026-11-25".to_owned(), 1)]);
}
