//! `?format=` on lists: whole lists as files.

use std::time::Duration;

use axum::body::Body;
use futures::StreamExt as _;
use http::{HeaderMap, Method, StatusCode, header};
use serde_json::{Value, json};
use sqlx::PgPool;
use store::person::Role;
use tower::ServiceExt as _;

use crate::{
    bodies::stable,
    fixtures::{a_desktop, many_desktops, write_run, write_step},
    server::{Answer, Browser, Server, escaped},
};

async fn write_fleet(pool: &PgPool) {
    a_desktop("ws-1").user(Some("=cmd|' /C calc'!A0")).connected("2026-11-24T09:00:00Z").write(pool).await;
    a_desktop("ws-2").user(None).never_connected().region("eu-west-1").write(pool).await;
    a_desktop("ws-3").gone().write(pool).await;
    let run = write_run(pool, 1, "partial").await;
    write_step(pool, run, "inventory", "us-east-1", "complete").await;
    write_step(pool, run, "connection_status", "us-east-1", "failed").await;
}

async fn export(server: &Server, browser: &Browser, list: &str, query: &str) -> Answer {
    let answer = server.get(browser, &format!("/api/v1/{list}?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text);
    answer
}

fn lines(answer: &Answer) -> Vec<Value> {
    answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ids(answer: &Answer) -> Vec<String> {
    lines(answer).iter().filter_map(|line| line["id"].as_str().map(str::to_owned)).collect()
}

fn named(headers: &HeaderMap, name: &str) -> String {
    headers[name].to_str().unwrap().to_owned()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_file_of_desktops_is_safe_typed_and_says_how_complete_it_is(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.set_time("2026-11-25T12:00:00Z".parse().unwrap());
    server.state.standings.read(&pool).await.unwrap();
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Analyst).await;
    let answer = export(&server, &browser, "workspaces", "format=csv").await;
    assert_eq!(named(&answer.headers, "content-type"), "text/csv; charset=utf-8; header=present");
    assert_eq!(
        named(&answer.headers, "content-disposition"),
        "attachment; filename=\"deskfleet-workspaces-20261125T120000Z.csv\""
    );
    assert_eq!(named(&answer.headers, "cache-control"), "no-store");
    assert_eq!(named(&answer.headers, "x-content-type-options"), "nosniff");
    assert_eq!(named(&answer.headers, "x-deskfleet-rows"), "2");
    assert_eq!(named(&answer.headers, "x-deskfleet-as-of"), "2026-11-25T12:00:00Z");
    assert_eq!(named(&answer.headers, "x-deskfleet-coverage"), "incomplete; sources=2; complete=1");
    insta::assert_snapshot!(answer.text);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn json_lines_end_with_what_is_said_about_them(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Operator).await;
    let filter = escaped("region = us-east-1");
    let answer =
        export(&server, &browser, "workspaces", &format!("format=jsonl&fields=id,userName&filter={filter}")).await;
    let mut lines = lines(&answer);
    let mut about = lines.pop().unwrap();
    about["about"]["asOf"] = about["about"]["asOf"].is_string().into();
    for source in about["about"]["sources"].as_array_mut().unwrap() {
        source["asOf"] = source["asOf"].is_string().into();
    }
    assert_eq!(lines, [json!({"id": "ws-1", "userName": "=cmd|' /C calc'!A0"})]);
    insta::assert_json_snapshot!(about);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_file_of_runs_has_a_column_for_each_part(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    write_run(&pool, 2, "running").await;
    let browser = server.signed_in(Role::Auditor).await;
    let answer = export(&server, &browser, "sync-runs", "format=csv").await;
    insta::assert_snapshot!(answer.text);
    let chosen = export(&server, &browser, "sync-runs", "format=csv&fields=estimatedCost,id").await;
    assert_eq!(chosen.text.lines().next(), Some("estimatedCost.amount,estimatedCost.currency,id"));
}

/// As browsers and most clients ask; a workbook is compressed already.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn texts_are_compressed_on_their_way_and_workbooks_are_not(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    for coding in ["gzip", "br"] {
        for (format, compressed) in [("csv", true), ("jsonl", true), ("xlsx", false)] {
            let path = format!("/api/v1/workspaces?format={format}");
            let mut request = Server::request(&browser, Method::GET, &path, "");
            request.headers_mut().insert(header::ACCEPT_ENCODING, coding.parse().unwrap());
            let response = server.router().oneshot(request).await.unwrap();
            let found =
                response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(found.as_deref(), compressed.then_some(coding), "{format}");
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("it comes to its end");
            assert!(bytes.len() > 100, "{format} {coding}: {} bytes", bytes.len());
        }
    }
}

/// What a reader makes of it is asked in `tabular/tests/readers.rs`.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_workbook_comes_whole(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    let request = Server::request(&browser, Method::GET, "/api/v1/workspaces?format=xlsx", "");
    let response = server.router().oneshot(request).await.unwrap();
    assert!(named(response.headers(), "content-disposition").ends_with(".xlsx\""));
    assert_eq!(
        named(response.headers(), "content-type"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    );
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    assert!(bytes.starts_with(b"PK\x03\x04"));
    let end = bytes.windows(4).rposition(|window| window == b"PK\x05\x06").unwrap();
    assert_eq!(bytes.len(), end + 22, "the end of a zip file without a comment");
}

/// Several batches, in each direction of an order, with doubles and unknown values.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_file_holds_every_row_of_the_filter_once_in_the_list_s_order(pool: PgPool) {
    let server = Server::start(&pool).await;
    sqlx::query(
        "insert into workspace (account_id, region, workspace_id, state, configuration_since, first_seen_at,
             last_read_at)
         select '123456789012', case when i % 2 = 0 then 'us-east-1' else 'eu-west-1' end, 'ws-' || i,
             (array['available', 'stopped', null])[i % 3 + 1], now(), now(), now()
         from generate_series(1, 2500) as i",
    )
    .execute(&pool)
    .await
    .unwrap();
    let browser = server.signed_in(Role::Analyst).await;
    for sort in ["id", "-state", "state", "-region"] {
        for format in ["csv", "jsonl"] {
            let answer =
                export(&server, &browser, "workspaces", &format!("format={format}&fields=id&sort={sort}")).await;
            let mut paged = Vec::new();
            let mut cursor = String::new();
            loop {
                let path = format!("/api/v1/workspaces?limit=500&fields=id&sort={sort}&cursor={cursor}");
                let page = server.get(&browser, &path).await.json();
                paged.extend(
                    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()),
                );
                match page["nextCursor"].as_str() {
                    Some(next) => next.clone_into(&mut cursor),
                    None => break,
                }
            }
            let found =
                if format == "csv" { answer.text.lines().skip(1).map(str::to_owned).collect() } else { ids(&answer) };
            assert_eq!(found, paged, "{format} {sort}");
            assert_eq!(named(&answer.headers, "x-deskfleet-rows"), "2500");
        }
    }
    let filter = escaped("state = unknown and region = eu-west-1");
    let answer = export(&server, &browser, "workspaces", &format!("format=jsonl&filter={filter}")).await;
    let expected: i64 =
        sqlx::query_scalar("select count(*) from workspace where state is null and region = 'eu-west-1'")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(ids(&answer).len(), usize::try_from(expected).unwrap());
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn who_takes_a_list_away_is_logged_once(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Analyst).await;
    export(&server, &browser, "workspaces", "format=csv&filter=id%20%3D%20ws-1").await;
    export(&server, &browser, "sync-runs", "format=jsonl").await;
    let logged: Vec<(String, Value)> =
        sqlx::query_as("select action, details from access_log order by access_log_id").fetch_all(&pool).await.unwrap();
    assert_eq!(
        logged,
        [
            (
                "personal_data_read".to_owned(),
                json!({"list": "workspaces", "filter": "id = ws-1", "rows": 1, "format": "csv"})
            ),
            ("list_exported".to_owned(), json!({"list": "sync-runs", "filter": "", "rows": 1, "format": "jsonl"})),
        ]
    );
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn exports_need_their_capability_and_a_session(pool: PgPool) {
    let server = Server::start(&pool).await;
    let viewer = server.signed_in(Role::Viewer).await;
    for path in ["/api/v1/workspaces?format=csv", "/api/v1/sync-runs?format=xlsx"] {
        let answer = server.get(&viewer, path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.json()["detail"].as_str().unwrap().contains("exports:create"), "{}", answer.text);
        assert_eq!(server.get(&Browser::default(), path).await.status, StatusCode::UNAUTHORIZED);
    }
    let logged: i64 = sqlx::query_scalar("select count(*) from access_log").fetch_one(&pool).await.unwrap();
    assert_eq!(logged, 0);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_cannot_be_exported_is_said(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Analyst).await;
    let answer = server.get(&browser, "/api/v1/workspaces?format=pdf").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_json_snapshot!("no_format", stable(answer.json()));
    let answer = server.get(&browser, "/api/v1/workspaces?format=csv&limit=5&cursor=x").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_json_snapshot!("a_page", stable(answer.json()));
    many_desktops(&pool, 50001).await;
    let answer = server.get(&browser, "/api/v1/workspaces?format=csv").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_json_snapshot!("too_many", stable(answer.json()));
    assert_eq!(server.state.exports.taken(), 0, "a refusal keeps no place");
    let fits = export(&server, &browser, "workspaces", "format=csv&fields=id&filter=id%20!%3D%20ws-1").await;
    assert_eq!(fits.text.lines().count(), 50_001, "the limit itself, and the head");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_session_has_one_export_at_a_time_and_gets_its_place_back(pool: PgPool) {
    let server = Server::start(&pool).await;
    // Enough that the body waits for its reader.
    many_desktops(&pool, 9000).await;
    let browser = server.signed_in(Role::Analyst).await;
    let request = Server::request(&browser, Method::GET, "/api/v1/workspaces?format=csv", "");
    let response = server.router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let refused = server.get(&browser, "/api/v1/sync-runs?format=csv").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers[header::RETRY_AFTER], "5");
    let other = server.signed_in(Role::Operator).await;
    export(&server, &other, "sync-runs", "format=csv").await;
    // The client goes away in the middle.
    drop(response);
    let free = async {
        while server.state.exports.taken() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), free).await.expect("the place is free again");
    export(&server, &browser, "sync-runs", "format=csv").await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_file_breaks_off_with_its_session_and_does_not_end_early(pool: PgPool) {
    let server = Server::start(&pool).await;
    many_desktops(&pool, 20000).await;
    let browser = server.signed_in(Role::Analyst).await;
    let request = Server::request(&browser, Method::GET, "/api/v1/workspaces?format=csv", "");
    let response = server.router().oneshot(request).await.unwrap();
    let mut body = Body::into_data_stream(response.into_body());
    body.next().await.unwrap().unwrap();
    assert_eq!(server.delete(&browser, "/api/v1/session").await.status, StatusCode::NO_CONTENT);
    let rest: Vec<_> = body.collect().await;
    assert!(rest.len() < 10 && rest.last().unwrap().is_err(), "{} pieces", rest.len());
    assert_eq!(server.state.exports.taken(), 0);
}
