//! `GET /me`.

use http::StatusCode;
use sqlx::PgPool;
use store::person::Role;

use crate::server::{Browser, Server};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn each_role_has_its_capabilities(pool: PgPool) {
    let server = Server::start(&pool).await;
    let mut capabilities = serde_json::Map::new();
    for role in Role::ALL {
        let browser = server.signed_in(role).await;
        let me = server.get(&browser, "/api/v1/me").await;
        assert_eq!(me.status, StatusCode::OK);
        capabilities.insert(role.to_string(), me.json()["capabilities"].clone());
    }
    insta::assert_yaml_snapshot!(capabilities);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_person_who_was_removed_is_nobody(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    sqlx::query("delete from person").execute(&pool).await.unwrap();
    assert_eq!(server.get(&browser, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get(&Browser::default(), "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}
