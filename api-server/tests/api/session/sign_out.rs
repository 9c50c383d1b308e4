//! `DELETE /session`, and sessions that end elsewhere.

use std::collections::HashMap;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use sqlx::PgPool;
use store::person::{self, Role};

use crate::server::{Browser, Server};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn signing_out_ends_access_and_refresh_at_once(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let browser = Browser::after(&server.sign_in("ann").await);
    let answer = server.delete(&browser, "/api/v1/session").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.cookie("__Host-deskfleet-access").as_deref(), Some(""));
    assert_eq!(server.get(&browser, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.post(&browser, "/api/v1/session/refresh", "").await.status, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_refresh_token_alone_is_enough_and_nothing_is_fine_too(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let signed_in = Browser::after(&server.sign_in("ann").await);
    let later = Browser { access: None, ..signed_in.clone() };
    assert_eq!(server.delete(&later, "/api/v1/session").await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.get(&signed_in, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.delete(&Browser::default(), "/api/v1/session").await.status, StatusCode::NO_CONTENT);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_session_that_ended_on_another_server_ends_here_with_the_next_reading(pool: PgPool) {
    let (here, there) = (Server::start(&pool).await, Server::start(&pool).await);
    let browser = here.signed_in(Role::Viewer).await;
    assert_eq!(here.get(&browser, "/api/v1/me").await.status, StatusCode::OK);
    person::reset_password(&there.state.pool, "viewer", "another hash").await.unwrap();
    here.state.standings.read(&pool).await.unwrap();
    assert_eq!(here.get(&browser, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_server_that_cannot_tell_lets_nobody_in(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    server.state.standings.replace(HashMap::new(), Timestamp::now() - SignedDuration::from_secs(6));
    let answer = server.get(&browser, "/api/v1/me").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["type"], "https://deskfleet.dev/problems/dependency-down");
}
