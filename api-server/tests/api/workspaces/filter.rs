//! Filters, as Postgres understands them.

use http::StatusCode;
use sqlx::PgPool;
use store::{filter::Kind, person::Role, workspace_list::PROPERTIES};

use crate::{
    fixtures::a_desktop,
    server::{Browser, Server, escaped},
};

async fn write_fleet(pool: &PgPool) {
    a_desktop("ws-1").user(Some("ann.perez")).connected("2026-11-24T09:00:00Z").write(pool).await;
    a_desktop("ws-2").user(Some("100%_\\ bob")).state(Some("stopped")).never_connected().write(pool).await;
    a_desktop("ws-3").user(None).state(None).region("eu-west-1").write(pool).await;
    a_desktop("ws-4").gone().write(pool).await;
}

async fn found(server: &Server, browser: &Browser, filter: &str) -> Vec<String> {
    let answer = server.get(browser, &format!("/api/v1/workspaces?filter={}", escaped(filter))).await;
    assert_eq!(answer.status, StatusCode::OK, "{filter}: {}", answer.text);
    let body = answer.json();
    let ids: Vec<_> =
        body["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(body["total"]["value"], ids.len(), "{filter}: the total counts what the filter finds");
    ids
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn filters_find_what_they_say(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    for (filter, expected) in [
        ("", &["ws-1", "ws-2", "ws-3"][..]),
        ("state = available", &["ws-1"]),
        ("state = AVAILABLE", &["ws-1"]),
        ("state = (available, stopped)", &["ws-1", "ws-2"]),
        ("state != available", &["ws-2", "ws-3"]),
        ("state = unknown", &["ws-3"]),
        ("state != unknown", &["ws-1", "ws-2"]),
        ("state = (stopped, unknown)", &["ws-2", "ws-3"]),
        ("userName : PEREZ", &["ws-1"]),
        ("userName !: perez", &["ws-2", "ws-3"]),
        ("userName ^ ann", &["ws-1"]),
        ("userName : \"0%_\\\\ b\"", &["ws-2"]),
        ("userName : \"%\"", &["ws-2"]),
        ("userName : \"_\"", &["ws-2"]),
        ("protocols = wsp", &["ws-1", "ws-2", "ws-3"]),
        ("protocols != wsp", &[]),
        ("rootVolumeGib >= 80 and userVolumeGib < 51", &["ws-1", "ws-2", "ws-3"]),
        ("lastConnectedAt = 2026-11-24", &["ws-1"]),
        ("lastConnectedAt > 2026-11-24", &[]),
        ("lastConnectedAt = unknown", &["ws-2", "ws-3"]),
        ("rootVolumeEncrypted = true and region = (eu-west-1, us-west-2)", &["ws-3"]),
        ("gone = true", &["ws-4"]),
        ("gone = (true, false) and (id = ws-1 or id = ws-4)", &["ws-1", "ws-4"]),
        ("goneAt > 2026-01-01", &["ws-4"]),
    ] {
        assert_eq!(found(&server, &browser, filter).await, expected, "{filter}");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_unknown_property_is_answered_with_all_there_are(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    let answer = server.get(&browser, &format!("/api/v1/workspaces?filter={}", escaped("regoin = x"))).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let body = answer.json();
    let told = body["errors"][0]["detail"].as_str().unwrap();
    for property in PROPERTIES {
        assert!(told.contains(property.name), "{} is missing in: {told}", property.name);
    }
}

/// Every declared property is a column of the table and has its kind.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_property_can_be_filtered_by(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    for property in PROPERTIES {
        let values: &[&str] = match property.kind {
            Kind::Text => &["= x", "!= x", ": x", "!: x", "^ x", "= (x, unknown)"],
            Kind::Word | Kind::Words => &["= x", "!= (x, y)", "= unknown"],
            Kind::Number => &["= 1", "!= 1", "> 1", ">= 1", "< 1", "<= 1", "= unknown"],
            Kind::Instant => &["= 2026-11-24", "> 1d", ">= 1d", "< 1d", "<= 2026-11-24", "!= unknown"],
            Kind::Boolean => &["= true", "!= true", "= unknown"],
        };
        for value in values {
            found(&server, &browser, &format!("{} {value}", property.name)).await;
        }
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn sql_in_a_filter_is_text_or_a_fault(pool: PgPool) {
    let server = Server::start(&pool).await;
    write_fleet(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    for text in ["' or '1'='1", "'; drop table workspace; --", "$1", "x\\' or true --", "\u{0}", "%' or 1=1"] {
        for operator in ["=", ":", "^"] {
            let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
            let filter = format!("userName {operator} \"{quoted}\"");
            let path = format!("/api/v1/workspaces?filter={}", escaped(&filter));
            let answer = server.get(&browser, &path).await;
            if text == "\u{0}" {
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{filter:?}: {}", answer.text);
            } else {
                assert_eq!(answer.json()["items"], serde_json::json!([]), "{filter}");
            }
        }
    }
    for filter in ["1=1", "state = 'x'", "id = ws-1; delete from workspace", "w.user_name = ann", "state = a --"] {
        let answer = server.get(&browser, &format!("/api/v1/workspaces?filter={}", escaped(filter))).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{filter}");
    }
    assert_eq!(found(&server, &browser, "").await.len(), 3, "the table is as it was");
}
