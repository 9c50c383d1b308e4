//! A device that signed in before is no stranger: nobody else can keep it out.

use http::StatusCode;
use jiff::SignedDuration;
use sqlx::PgPool;
use store::person::Role;

use super::guessing::{at_noon, strangers_fail};
use crate::server::{Browser, PASSWORD, Server};

/// The browser of somebody who signed in, and out again.
async fn known_device(server: &Server, name: &str) -> Browser {
    let browser = Browser::after(&server.sign_in(name).await);
    let left = server.delete(&browser, "/api/v1/session").await;
    assert_eq!(left.cookie("__Host-deskfleet-device"), None, "signing out leaves the mark");
    Browser { device: browser.device, ..Browser::default() }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn strangers_cannot_keep_a_known_device_out(pool: PgPool) {
    let server = at_noon(&pool).await;
    let device = known_device(&server, "ann").await;
    strangers_fail(&pool, "ann", 100).await;
    for name in ["ann", "bob", "cleo"] {
        for _ in 0..6 {
            server.sign_in_with(name, "guess").await;
        }
    }
    assert_eq!(server.sign_in("ann").await.status, StatusCode::TOO_MANY_REQUESTS, "a new device waits");
    assert_eq!(server.sign_in_on(&device, "ann", PASSWORD).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_device_that_fell_into_wrong_hands_guesses_no_faster(pool: PgPool) {
    let server = at_noon(&pool).await;
    let device = known_device(&server, "ann").await;
    for _ in 0..5 {
        assert_eq!(server.sign_in_on(&device, "ann", "guess").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(server.sign_in_on(&device, "ann", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(server.sign_in("ann").await.status, StatusCode::OK, "and keeps no other device out");
    server.advance(SignedDuration::from_secs(1));
    assert_eq!(server.sign_in_on(&device, "ann", PASSWORD).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_device_is_known_to_its_person_only(pool: PgPool) {
    let server = at_noon(&pool).await;
    server.person("bob", Role::Viewer).await;
    let device = known_device(&server, "ann").await;
    strangers_fail(&pool, "bob", 100).await;
    assert_eq!(server.sign_in_on(&device, "bob", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_shared_device_knows_each_of_its_people(pool: PgPool) {
    let server = at_noon(&pool).await;
    server.person("bob", Role::Viewer).await;
    let device = known_device(&server, "ann").await;
    let answer = server.sign_in_on(&device, "bob", PASSWORD).await;
    let device = Browser { device: Browser::after(&answer).device, ..Browser::default() };
    for name in ["ann", "bob"] {
        strangers_fail(&pool, name, 100).await;
        assert_eq!(server.sign_in_on(&device, name, PASSWORD).await.status, StatusCode::OK, "{name}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_mark_of_a_year_ago_or_of_another_s_making_is_a_stranger_s(pool: PgPool) {
    let server = at_noon(&pool).await;
    let device = known_device(&server, "ann").await;
    let forged = Browser { device: known_device(&at_another(&pool).await, "ann").await.device, ..Browser::default() };
    strangers_fail(&pool, "ann", 100).await;
    assert_eq!(server.sign_in_on(&forged, "ann", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(server.sign_in_on(&device, "ann", PASSWORD).await.status, StatusCode::OK);
    server.advance(SignedDuration::from_hours(24 * 365));
    sqlx::query("update sign_in_attempt set at = at + interval '365 days'").execute(&pool).await.unwrap();
    assert_eq!(server.sign_in_on(&device, "ann", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

/// A server of another installation: its keys differ.
async fn at_another(pool: &PgPool) -> Server {
    let server = Server::start(pool).await;
    server.set_time(super::guessing::noon());
    server
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_mark_alone_opens_nothing(pool: PgPool) {
    let server = at_noon(&pool).await;
    let device = known_device(&server, "ann").await;
    assert_eq!(server.get(&device, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.post(&device, "/api/v1/session/refresh", "").await.status, StatusCode::UNAUTHORIZED);
}
