//! `POST /session/refresh`.

use http::StatusCode;
use sqlx::PgPool;
use store::person::Role;

use crate::server::{Browser, Server};

const REFRESH: &str = "/api/v1/session/refresh";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_refresh_token_is_exchanged_for_the_next(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let first = Browser::after(&server.sign_in("ann").await);
    let answer = server.post(&first, REFRESH, "").await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
    let second = Browser::after(&answer);
    assert_ne!(first.refresh, second.refresh);
    assert_eq!(server.get(&second, "/api/v1/me").await.status, StatusCode::OK);
    assert_eq!(server.post(&second, REFRESH, "").await.status, StatusCode::NO_CONTENT);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_token_that_comes_twice_ends_the_session_for_thief_and_owner(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let stolen = Browser::after(&server.sign_in("ann").await);
    let owner = Browser::after(&server.post(&stolen, REFRESH, "").await);
    let thief = server.post(&stolen, REFRESH, "").await;
    assert_eq!(thief.status, StatusCode::UNAUTHORIZED);
    assert_eq!(thief.cookie("__Host-deskfleet-refresh").as_deref(), Some(""), "the browser forgets the token");
    assert_eq!(server.post(&owner, REFRESH, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get(&owner, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    let reasons: Vec<String> =
        sqlx::query_scalar("select revoked_because from session").fetch_all(&pool).await.unwrap();
    assert_eq!(reasons, ["token_reuse"]);
    let logged: i64 = sqlx::query_scalar("select count(*) from access_log where action = 'token_reused'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(logged, 1);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn of_two_that_come_at_once_one_wins(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let browser = Browser::after(&server.sign_in("ann").await);
    let (one, other) = tokio::join!(server.post(&browser, REFRESH, ""), server.post(&browser, REFRESH, ""));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 401]);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn no_token_a_strange_one_and_an_expired_one_are_refused_alike(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let browser = Browser::after(&server.sign_in("ann").await);
    sqlx::query("update session set expires_at = now() - interval '1 second'").execute(&pool).await.unwrap();
    let strange = Browser { refresh: Some("x".repeat(64)), ..Browser::default() };
    for browser in [Browser::default(), strange, browser] {
        assert_eq!(server.post(&browser, REFRESH, "").await.status, StatusCode::UNAUTHORIZED, "{browser:?}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_changed_role_is_in_the_next_access_token(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let browser = Browser::after(&server.sign_in("ann").await);
    sqlx::query("update role_grant set role = 'auditor'").execute(&pool).await.unwrap();
    let browser = Browser::after(&server.post(&browser, REFRESH, "").await);
    assert_eq!(server.get(&browser, "/api/v1/me").await.json()["role"], "auditor");
}
