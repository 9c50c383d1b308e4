//! Health, for kubelets and for people.

use http::StatusCode;
use serde_json::json;
use sqlx::PgPool;
use store::person::Role;

use crate::{
    bodies::stable,
    fixtures::{write_run, write_step},
    server::{Browser, Server},
};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn anybody_gets_the_status_and_who_is_signed_in_the_checks(pool: PgPool) {
    let server = Server::start(&pool).await;
    let run = write_run(&pool, 1, "complete").await;
    write_step(&pool, run, "inventory", "us-east-1", "complete").await;
    write_run(&pool, 2, "failed").await;
    let public = server.get(&Browser::default(), "/api/v1/health").await;
    assert_eq!(stable(public.json()), json!({"status": "degraded", "version": "[version]"}));
    let browser = server.signed_in(Role::Viewer).await;
    let mut body = server.get(&browser, "/api/v1/health").await.json();
    // The server's version and size, and the schema's version, differ from place to place.
    for check in body["checks"].as_array_mut().unwrap().iter_mut().take(2) {
        check["detail"] = "[detail]".into();
    }
    insta::assert_json_snapshot!(stable(body));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_database_that_is_gone_is_down_with_a_remedy_and_a_503(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    pool.close().await;
    let health = server.get(&browser, "/api/v1/health").await.json();
    assert_eq!(health["status"], "down");
    assert!(health["checks"][0]["remedy"].as_str().unwrap().contains("deskfleet-database"));
    let list = server.get(&browser, "/api/v1/workspaces").await;
    assert_eq!(list.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(list.headers["retry-after"], "5");
    insta::assert_json_snapshot!(stable(list.json()));
    assert_eq!(server.get(&browser, "/health/live").await.status, StatusCode::OK, "a restart would not help");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_server_is_ready_when_what_it_waits_for_is_there(pool: PgPool) {
    let server = Server::start(&pool).await;
    let schema = server.state.readiness.check("schema", "not asked yet");
    let waiting = server.get(&Browser::default(), "/health/ready").await;
    assert_eq!(waiting.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(waiting.json()["waitingFor"], json!(["schema"]));
    schema.pass();
    assert_eq!(server.get(&Browser::default(), "/health/ready").await.status, StatusCode::OK);
}
