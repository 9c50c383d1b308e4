//! `POST /session`.

use http::{Method, StatusCode, header};
use sqlx::PgPool;
use store::person::Role;

use crate::{
    bodies::stable,
    server::{Browser, PASSWORD, Server},
};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn who_knows_the_password_gets_cookies_that_scripts_cannot_read(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    // Names are compared without regard to case.
    let answer = server.sign_in("Ann").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let mut body = answer.json();
    body["id"] = "[id]".into();
    insta::assert_json_snapshot!(body);
    let cookies: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().map(|c| c.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 3);
    for (cookie, start, seconds) in [
        (cookies[0], "__Host-deskfleet-access=", 300),
        (cookies[1], "__Host-deskfleet-refresh=", 2_592_000),
        (cookies[2], "__Host-deskfleet-device=", 31_536_000),
    ] {
        assert!(cookie.starts_with(start), "{cookie}");
        let attributes = format!("; Path=/; Max-Age={seconds}; HttpOnly; Secure; SameSite=Strict");
        assert!(cookie.ends_with(&attributes), "{cookie}");
    }
    let me = server.get(&Browser::after(&answer), "/api/v1/me").await;
    assert_eq!(me.json()["username"], "ann");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let wrong = server.sign_in_with("ann", "not the password").await;
    let unknown = server.sign_in_with("bob", PASSWORD).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert_eq!(wrong.headers.get(header::SET_COOKIE), None);
    assert_eq!(stable(wrong.json()), stable(unknown.json()));
    insta::assert_json_snapshot!(stable(wrong.json()));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_disabled_person_is_refused_like_a_wrong_password(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Admin).await;
    sqlx::query("update person set disabled_at = now()").execute(&pool).await.unwrap();
    assert_eq!(server.sign_in("ann").await.status, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_wrong_field_is_named(pool: PgPool) {
    let server = Server::start(&pool).await;
    let answer = server
        .post(&Browser::default(), "/api/v1/session", r#"{"username": 7, "password": "", "remember": true}"#)
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_json_snapshot!(stable(answer.json()));
    let nul = r#"{"username": "a\u0000", "password": "x"}"#;
    for body in ["", "[]", "{\"username\":", "\u{fffd}", nul] {
        let answer = server.post(&Browser::default(), "/api/v1/session", body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_request_from_another_site_is_refused_before_anything_is_checked(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let body = format!(r#"{{"username": "ann", "password": "{PASSWORD}"}}"#);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
        let mut request = Server::request(&Browser::default(), Method::POST, "/api/v1/session", &body);
        request.headers_mut().remove("sec-fetch-site");
        request.headers_mut().insert(name, value.parse().unwrap());
        let answer = server.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        assert_eq!(answer.json()["type"], "https://deskfleet.dev/problems/forbidden");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_log_has_each_try_and_never_what_was_typed(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    server.sign_in_with("my secret passphrase", "x").await;
    server.sign_in("ann").await;
    let log: Vec<(String, bool, String)> = sqlx::query_as(
        "select action, person_id is not null, to_jsonb(access_log)::text from access_log order by access_log_id",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let actions: Vec<_> = log.iter().map(|(action, known, _)| (action.as_str(), *known)).collect();
    assert_eq!(actions, [("sign_in_refused", false), ("sign_in", true)]);
    assert!(log.iter().all(|(_, _, row)| !row.contains("passphrase") && !row.contains(PASSWORD)), "{log:?}");
}
