//! Pages and cursors.

use std::collections::BTreeSet;

use http::StatusCode;
use sqlx::PgPool;
use store::{person::Role, workspace_list::SORT_COLUMNS};

use crate::{
    bodies::stable,
    fixtures::a_desktop,
    server::{Browser, Server},
};

/// Twelve desktops with doubles and unknown values in most columns.
async fn write_fleet(pool: &PgPool) {
    let states = [Some("available"), None, Some("stopped")];
    let users = [Some("ann"), Some("Bob"), None, Some("ann")];
    for number in 0..12 {
        let desktop = a_desktop(&format!("ws-{number:02}")).state(states[number % 3]).user(users[number % 4]);
        let desktop = if number % 2 == 0 { desktop.region("eu-west-1") } else { desktop };
        let desktop = match number % 3 {
            0 => desktop.connected("2026-11-24T09:00:00Z"),
            1 => desktop.connected("2026-11-20T09:00:00.123456Z"),
            _ => desktop.never_connected(),
        };
        desktop.write(pool).await;
    }
}

/// Walks all pages of a list and gives the ids in order.
async fn walk(server: &Server, browser: &Browser, query: &str) -> Vec<String> {
    let (mut ids, mut cursor) = (Vec::new(), String::new());
    for _ in 0..20 {
        let path = format!("/api/v1/workspaces?limit=5&{query}&cursor={cursor}");
        let answer = server.get(browser, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let body = answer.json();
        let items = body["items"].as_array().unwrap();
        ids.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match body["nextCursor"].as_str() {
            Some(next) => next.clone_into(&mut cursor),
            None => return ids,
        }
    }
    panic!("the pages of {query} never end");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn in_every_order_the_pages_hold_each_row_once(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    for column in SORT_COLUMNS {
        for sign in ["", "-"] {
            let query = format!("sort={sign}{}", column.name);
            let ids = walk(&server, &browser, &query).await;
            let one_page = server.get(&browser, &format!("/api/v1/workspaces?limit=500&{query}")).await.json();
            let expected: Vec<_> =
                one_page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
            assert_eq!(ids, expected, "{query}");
            assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 12, "{query}");
        }
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn unknown_values_come_last_in_both_directions(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    for sort in ["lastConnectedAt", "-lastConnectedAt"] {
        let body = server.get(&browser, &format!("/api/v1/workspaces?sort={sort}")).await.json();
        let unknown: Vec<_> =
            body["items"].as_array().unwrap().iter().map(|item| item["lastConnectedAt"].is_null()).collect();
        assert_eq!(unknown, [[false; 8].as_slice(), &[true; 4]].concat(), "{sort}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_row_that_goes_between_two_pages_moves_no_other(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let first = server.get(&browser, "/api/v1/workspaces?limit=5").await.json();
    sqlx::query("delete from workspace where workspace_id in ('ws-01', 'ws-04')").execute(&pool).await.unwrap();
    let path = format!("/api/v1/workspaces?limit=5&cursor={}", first["nextCursor"].as_str().unwrap());
    let second = server.get(&browser, &path).await.json();
    assert_eq!(second["items"][0]["id"], "ws-05");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_cursor_that_was_changed_or_belongs_elsewhere_is_refused(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let body = server.get(&browser, "/api/v1/workspaces?limit=5&sort=state").await.json();
    let cursor = body["nextCursor"].as_str().unwrap();
    let changed = cursor.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
    for query in [
        format!("sort=state&cursor={changed}"),
        format!("sort=-state&cursor={cursor}"),
        format!("sort=state&filter=region%3Deu-west-1&cursor={cursor}"),
        "sort=state&cursor=eyJ9".to_owned(),
    ] {
        let answer = server.get(&browser, &format!("/api/v1/workspaces?limit=5&{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/query/cursor", "{query}");
    }
    let answer = server.get(&browser, "/api/v1/workspaces?cursor=nonsense").await;
    insta::assert_json_snapshot!(stable(answer.json()));
    let elsewhere = server.get(&browser, &format!("/api/v1/sync-runs?cursor={cursor}")).await;
    assert_eq!(elsewhere.status, StatusCode::BAD_REQUEST);
}
