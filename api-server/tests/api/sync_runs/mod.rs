//! `/sync-runs`.

use http::StatusCode;
use serde_json::json;
use sqlx::PgPool;
use store::{person::Role, run_list::SORT_COLUMNS};

use crate::{
    bodies::stable,
    fixtures::{write_run, write_step},
    server::{Browser, Server, escaped},
};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn runs_come_newest_first_with_the_sums_of_their_steps(pool: PgPool) {
    let server = Server::start(&pool).await;
    let run = write_run(&pool, 1, "partial").await;
    write_step(&pool, run, "inventory", "us-east-1", "complete").await;
    write_step(&pool, run, "inventory", "eu-west-1", "failed").await;
    write_run(&pool, 2, "running").await;
    let browser = server.signed_in(Role::Viewer).await;
    let answer = server.get(&browser, "/api/v1/sync-runs").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    insta::assert_json_snapshot!(stable(answer.json()));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_run_is_shown_with_its_steps(pool: PgPool) {
    let server = Server::start(&pool).await;
    let run = write_run(&pool, 1, "partial").await;
    write_step(&pool, run, "inventory", "us-east-1", "complete").await;
    write_step(&pool, run, "connection_status", "us-east-1", "partial").await;
    let browser = server.signed_in(Role::Viewer).await;
    let answer = server.get(&browser, &format!("/api/v1/sync-runs/{run}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    insta::assert_json_snapshot!(answer.json());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn pages_hold_each_run_once_in_every_order(pool: PgPool) {
    let server = Server::start(&pool).await;
    for number in 1..=7 {
        write_run(&pool, number, ["complete", "failed", "running"][number as usize % 3]).await;
    }
    let browser = server.signed_in(Role::Viewer).await;
    for column in SORT_COLUMNS {
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        while seen.len() < 8 {
            let path = format!("/api/v1/sync-runs?limit=2&fields=id&sort=-{}&cursor={cursor}", column.name);
            let body = server.get(&browser, &path).await.json();
            seen.extend(body["items"].as_array().unwrap().iter().map(|item| item["id"].to_string()));
            match body["nextCursor"].as_str() {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        assert_eq!(seen.len(), 7, "{}", column.name);
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 7, "{}", column.name);
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn runs_can_be_filtered(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_run(&pool, 1, "complete").await;
    write_run(&pool, 2, "failed").await;
    let browser = server.signed_in(Role::Viewer).await;
    let filter = escaped("outcome != complete and regions = us-east-1 and startedAt > 2026-11-01");
    let body = server.get(&browser, &format!("/api/v1/sync-runs?fields=outcome&filter={filter}")).await.json();
    assert_eq!(body["items"], json!([{"outcome": "failed"}]));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn bad_input_unknown_runs_and_nobody_are_refused(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let wrong = server.get(&browser, "/api/v1/sync-runs?filter=colour%3Dred&sort=colour").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    insta::assert_json_snapshot!(stable(wrong.json()));
    for (path, status) in [
        ("/api/v1/sync-runs/seven", StatusCode::BAD_REQUEST),
        ("/api/v1/sync-runs/00000000-0000-0000-0000-000000000009", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(server.get(&browser, path).await.status, status, "{path}");
        assert_eq!(server.get(&Browser::default(), path).await.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}
