//! Guessing passwords: what strangers get, and that no answer tells which names exist.

use std::collections::BTreeSet;

use futures::future::join_all;
use http::{StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use sqlx::PgPool;
use store::person::{self, Role, sign_in_attempts};

use crate::{
    bodies::stable,
    server::{Answer, Browser, PASSWORD, Server},
};

pub(super) fn noon() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

/// A server with a person `ann`, whose clock stands still at noon.
pub(super) async fn at_noon(pool: &PgPool) -> Server {
    let server = Server::start(pool).await;
    server.person("ann", Role::Viewer).await;
    server.set_time(noon());
    server
}

/// Wrong passwords of `count` strangers, each from a network of its own, a minute ago.
pub(super) async fn strangers_fail(pool: &PgPool, name: &str, count: i32) {
    sqlx::query(
        "insert into sign_in_attempt (at, name_digest, network)
         select $1::text::timestamptz, sha256(convert_to($2, 'UTF8')), ('198.51.' || i / 256 || '.' || i % 256)::cidr
         from generate_series(1, $3) as i",
    )
    .bind((noon() - SignedDuration::from_mins(1)).to_string())
    .bind(name)
    .bind(count)
    .execute(pool)
    .await
    .unwrap();
}

fn retry_after(answer: &Answer) -> &str {
    answer.headers[header::RETRY_AFTER].to_str().unwrap()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn fifty_guesses_at_once_get_five_looks(pool: PgPool) {
    let server = at_noon(&pool).await;
    for name in ["ann", "nobody"] {
        let answers = join_all((0..50).map(|_| server.sign_in_with(name, "guess"))).await;
        let looked_at = answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count();
        assert_eq!(looked_at, 5, "{name}");
        let others: BTreeSet<_> = answers
            .iter()
            .filter(|answer| answer.status != StatusCode::UNAUTHORIZED)
            .map(|answer| answer.status)
            .collect();
        assert_eq!(others, [StatusCode::TOO_MANY_REQUESTS].into(), "{name}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn one_source_rests_longer_with_each_failure_whether_or_not_the_name_exists(pool: PgPool) {
    let server = at_noon(&pool).await;
    let mut told = Vec::new();
    for name in ["ann", "nobody"] {
        server.set_time(noon());
        let mut answers = Vec::new();
        for _ in 0..5 {
            answers.push(server.sign_in_with(name, "guess").await);
        }
        for rest in [1, 2, 4] {
            let resting = server.sign_in_with(name, PASSWORD).await;
            assert_eq!(resting.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
            assert_eq!(retry_after(&resting), rest.to_string());
            answers.push(resting);
            server.advance(SignedDuration::from_secs(rest));
            answers.push(server.sign_in_with(name, "guess").await);
        }
        let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
        told.push(
            answers.iter().map(|answer| (answer.status, names(answer), stable(answer.json()))).collect::<Vec<_>>(),
        );
    }
    assert_eq!(told[0], told[1], "no answer tells which name exists");
    let rows: Vec<i64> =
        sqlx::query_scalar("select count(*) from sign_in_attempt group by name_digest").fetch_all(&pool).await.unwrap();
    assert_eq!(rows, [8, 8], "nor does what is written");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn fifteen_quiet_minutes_are_forgiven(pool: PgPool) {
    let server = at_noon(&pool).await;
    for _ in 0..5 {
        server.sign_in_with("ann", "guess").await;
    }
    assert_eq!(server.sign_in("ann").await.status, StatusCode::TOO_MANY_REQUESTS);
    server.advance(SignedDuration::from_mins(15));
    for _ in 0..5 {
        assert_eq!(server.sign_in_with("ann", "guess").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_stranger_s_rest_is_not_that_of_another_network(pool: PgPool) {
    let server = at_noon(&pool).await;
    let stranger = server.from("2001:db8:1:2::1");
    for _ in 0..5 {
        stranger.sign_in_with("ann", "guess").await;
    }
    let same_network = server.from("2001:db8:1:2:ffff::9").sign_in("ann").await;
    assert_eq!(same_network.status, StatusCode::TOO_MANY_REQUESTS, "a host chooses from its /64");
    assert_eq!(server.from("2001:db8:1:3::1").sign_in("ann").await.status, StatusCode::OK);
    assert_eq!(server.from("192.0.2.7").sign_in("ann").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_name_has_a_hundred_failures_an_hour_of_all_strangers_together(pool: PgPool) {
    let server = at_noon(&pool).await;
    strangers_fail(&pool, "ann", 99).await;
    assert_eq!(server.sign_in_with("ann", "guess").await.status, StatusCode::UNAUTHORIZED);
    let resting = server.sign_in("ann").await;
    assert_eq!((resting.status, retry_after(&resting)), (StatusCode::TOO_MANY_REQUESTS, "3540"));
    server.advance(SignedDuration::from_secs(3_540));
    assert_eq!(server.sign_in("ann").await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_network_has_a_hundred_failures_an_hour_on_all_names_together(pool: PgPool) {
    let server = at_noon(&pool).await;
    sqlx::query(
        "insert into sign_in_attempt (at, name_digest, network)
         select $1::text::timestamptz, sha256(convert_to('name' || i, 'UTF8')), '192.0.2.7'::cidr from generate_series(1, 100) as i",
    )
    .bind(noon().to_string())
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(server.from("192.0.2.7").sign_in("ann").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(server.from("192.0.2.8").sign_in("ann").await.status, StatusCode::OK);
}

/// Who has an account could otherwise guess others' passwords between sign-ins of their own.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_success_clears_the_failures_of_its_own_name_only(pool: PgPool) {
    let server = at_noon(&pool).await;
    for _ in 0..4 {
        server.sign_in_with("ann", "guess").await;
        server.sign_in_with("bob", "guess").await;
    }
    assert_eq!(server.sign_in("ann").await.status, StatusCode::OK);
    for _ in 0..5 {
        assert_eq!(server.sign_in_with("ann", "guess").await.status, StatusCode::UNAUTHORIZED);
    }
    server.sign_in_with("bob", "guess").await;
    assert_eq!(server.sign_in_with("bob", "guess").await.status, StatusCode::TOO_MANY_REQUESTS);
    let failed: i64 = sqlx::query_scalar("select count(*) from sign_in_attempt where outcome = 'failed'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(failed, 14, "the totals of name and network keep them all");
}

/// Postgres finds a person by more spellings than Rust would count as one.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_spelling_that_finds_a_person_is_counted_as_their_name(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ANNIΣ", Role::Viewer).await;
    let digest = person::for_sign_in(&pool, "anniσ").await.unwrap().name_digest;
    for name in ["ANNİΣ", "anniΣ", "Annıς", "ANNIΣ", "anniσ", "annis"] {
        let asked = person::for_sign_in(&pool, name).await.unwrap();
        assert_eq!(asked.found.is_some(), asked.name_digest == digest, "{name}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_password_that_nobody_looked_at_does_not_count(pool: PgPool) {
    let attempt = sign_in_attempts::NewAttempt {
        name_digest: [1; 32],
        network: "192.0.2.7".parse().unwrap(),
        device: None,
        at: noon(),
    };
    let windows = sign_in_attempts::Windows { own: SignedDuration::from_mins(1), total: SignedDuration::from_mins(2) };
    let reserved = sign_in_attempts::reserve(&pool, &attempt, windows, |_| Ok::<_, ()>(())).await.unwrap().unwrap();
    sign_in_attempts::withdraw(&pool, reserved).await.unwrap();
    let seen = sign_in_attempts::reserve(&pool, &attempt, windows, |tally| Err::<(), _>(*tally)).await.unwrap();
    assert_eq!(seen, Err(sign_in_attempts::Tally::default()));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_no_rule_looks_back_to_is_forgotten(pool: PgPool) {
    strangers_fail(&pool, "ann", 3).await;
    let kept = sign_in_attempts::forget_before(&pool, noon() - SignedDuration::from_mins(2)).await.unwrap();
    let all = sign_in_attempts::forget_before(&pool, noon()).await.unwrap();
    assert_eq!((kept, all), (0, 3));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_new_password_lets_its_person_in_at_once(pool: PgPool) {
    let server = at_noon(&pool).await;
    strangers_fail(&pool, "ann", 100).await;
    assert_eq!(server.sign_in("ann").await.status, StatusCode::TOO_MANY_REQUESTS);
    let hash = server.state.passwords.hash("another fine password".into()).await.unwrap();
    person::reset_password(&pool, "Ann", &hash).await.unwrap();
    let answer = server.sign_in_on(&Browser::default(), "ann", "another fine password").await;
    assert_eq!(answer.status, StatusCode::OK);
}
