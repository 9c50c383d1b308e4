//! The rights of the database role `api`: enough for every route, and no more.

use http::StatusCode;
use sqlx::{PgPool, postgres::PgPoolOptions};
use store::{
    person,
    role::{Login, Role as DatabaseRole, make},
};

use crate::{
    fixtures::{a_desktop, write_run, write_step},
    server::{Browser, Server},
};

/// A pool that logs in as a role of its own, made as `deskfleet-store migrate` makes it.
async fn as_api_role(pool: &PgPool) -> (PgPool, String) {
    let database: String = sqlx::query_scalar("select current_database()").fetch_one(pool).await.unwrap();
    let name = format!("api_{}", database.to_lowercase().chars().rev().take(20).collect::<String>());
    let login = Login { name: name.clone(), password: "test".into() };
    make(&mut pool.acquire().await.unwrap(), DatabaseRole::Api, &login).await.unwrap();
    let options = (*pool.connect_options()).clone().username(&name).password("test");
    (PgPoolOptions::new().max_connections(3).connect_with(options).await.unwrap(), name)
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_api_works_with_its_own_role_and_cannot_touch_the_log(pool: PgPool) {
    let (api_pool, role) = as_api_role(&pool).await;
    let server = Server::start(&api_pool).await;
    a_desktop("ws-0a1b2c3d4").write(&pool).await;
    let run = write_run(&pool, 1, "complete").await;
    write_step(&pool, run, "inventory", "us-east-1", "complete").await;
    assert!(!person::any_administrator(&api_pool).await.unwrap());
    server.person("ann", person::Role::Admin).await;
    let browser = Browser::after(&server.sign_in("ann").await);
    let browser = Browser::after(&server.post(&browser, "/api/v1/session/refresh", "").await);
    for path in [
        "/api/v1/me",
        "/api/v1/workspaces",
        "/api/v1/workspaces/ws-0a1b2c3d4",
        "/api/v1/paces",
        "/api/v1/paces?format=csv",
        "/api/v1/sync-runs",
        "/api/v1/workspaces?format=csv",
        "/api/v1/sync-runs?format=xlsx",
        &format!("/api/v1/sync-runs/{run}"),
    ] {
        let answer = server.get(&browser, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    }
    assert_eq!(server.get(&browser, "/api/v1/health").await.json()["status"], "ok");
    store::job_totals::job_totals(&api_pool).await.unwrap();
    assert_eq!(server.delete(&browser, "/api/v1/session").await.status, StatusCode::NO_CONTENT);
    for forbidden in [
        "update access_log set action = 'x'",
        "delete from access_log",
        "delete from workspace",
        "update run set outcome = 'complete'",
        "create table x ()",
    ] {
        let error = sqlx::query(forbidden).execute(&api_pool).await.unwrap_err();
        let code = error.as_database_error().and_then(|error| error.code().map(std::borrow::Cow::into_owned));
        assert_eq!(code.as_deref(), Some("42501"), "{forbidden}: {error}");
    }
    api_pool.close().await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("drop owned by \"{role}\"; drop role \"{role}\"")))
        .execute(&pool)
        .await
        .unwrap();
}
