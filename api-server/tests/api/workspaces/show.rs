//! `GET /workspaces/{id}`.

use http::StatusCode;
use serde_json::json;
use sqlx::PgPool;
use store::person::Role;

use crate::{
    bodies::stable,
    fixtures::a_desktop,
    server::{Browser, Server},
};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_desktop_is_shown_and_the_look_logged(pool: PgPool) {
    let server = Server::start(&pool).await;
    a_desktop("ws-0a1b2c3d4").connected("2026-11-24T09:00:00Z").write(&pool).await;
    let browser = server.signed_in(Role::Operator).await;
    let answer = server.get(&browser, "/api/v1/workspaces/ws-0a1b2c3d4").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    insta::assert_json_snapshot!(answer.json());
    let about: String = sqlx::query_scalar("select object_id from access_log where object_kind = 'workspace'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(about, "ws-0a1b2c3d4");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_viewer_sees_no_person_in_it(pool: PgPool) {
    let server = Server::start(&pool).await;
    a_desktop("ws-0a1b2c3d4").write(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let body = server.get(&browser, "/api/v1/workspaces/ws-0a1b2c3d4").await.json();
    assert_eq!((&body["userName"], &body["ipAddress"]), (&json!(null), &json!(null)));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_is_not_there_not_an_id_or_not_signed_in_is_said(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let missing = server.get(&browser, "/api/v1/workspaces/ws-0a1b2c3d4").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    insta::assert_json_snapshot!("missing", stable(missing.json()));
    let wrong = server.get(&browser, "/api/v1/workspaces/desk%207").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    insta::assert_json_snapshot!("wrong", stable(wrong.json()));
    let nobody = server.get(&Browser::default(), "/api/v1/workspaces/ws-0a1b2c3d4").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}
