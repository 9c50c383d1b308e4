//! Each login has the rights it needs and no others.

use std::str::FromStr;

use sqlx::{Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use store::role::{self, Login, Role};
use uuid::Uuid;

/// A login with `role`'s rights on the test's database. Roles belong to the server, so
/// its name is new, and the caller drops it.
async fn a_login(pool: &PgPool, role: Role) -> Login {
    let login = Login {
        name: format!("test \"{}\" {}", role.key(), Uuid::new_v4().simple()),
        password: "it's a 'password'".into(),
    };
    let mut owner = pool.acquire().await.unwrap();
    for _ in 0..2 {
        role::make(&mut owner, role, &login).await.unwrap();
    }
    login
}

async fn connect(pool: &PgPool, login: &Login) -> PgConnection {
    let url = std::env::var("DATABASE_URL").unwrap();
    let options = PgConnectOptions::from_str(&url)
        .unwrap()
        .database(pool.connect_options().get_database().unwrap())
        .username(&login.name)
        .password("it's a 'password'");
    PgConnection::connect_with(&options).await.unwrap()
}

async fn may(connection: &mut PgConnection, statement: &'static str) -> bool {
    match sqlx::raw_sql(statement).execute(connection).await {
        Ok(_) => true,
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => false,
        Err(error) => panic!("{statement}: {error}"),
    }
}

async fn forget(pool: &PgPool, login: &Login) {
    let name = login.name.replace('"', "\"\"");
    let statement = format!("drop owned by \"{name}\"; drop role \"{name}\"");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn sync_writes_the_fleet_and_nothing_else(pool: PgPool) {
    let login = a_login(&pool, Role::Sync).await;
    let mut sync = connect(&pool, &login).await;
    assert!(may(&mut sync, "update workspace set state = state").await);
    assert!(may(&mut sync, "select make_month_partitions(1)").await);
    assert!(may(&mut sync, "select max(version) from _sqlx_migrations").await);
    for forbidden in [
        "create table mine (id integer)",
        "drop table workspace",
        "delete from workspace",
        "truncate workspace_version",
        "update setting set value = value",
        "update _sqlx_migrations set success = false",
        "create role mine",
    ] {
        assert!(!may(&mut sync, forbidden).await, "{forbidden}");
    }
    sync.close().await.unwrap();
    forget(&pool, &login).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn reports_only_read(pool: PgPool) {
    let login = a_login(&pool, Role::Reports).await;
    let mut reports = connect(&pool, &login).await;
    assert!(may(&mut reports, "select count(*) from workspace").await);
    for forbidden in
        ["update workspace set state = state", "insert into setting values ('a', '1')", "select from aws_pace"]
    {
        assert!(!may(&mut reports, forbidden).await, "{forbidden}");
    }
    reports.close().await.unwrap();
    forget(&pool, &login).await;
}

/// A table added without a line in `grants` would be found by a user.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn api_has_a_right_on_every_table(pool: PgPool) {
    let login = a_login(&pool, Role::Api).await;
    let forgotten = "select relname::text from pg_class
                     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
                       and not has_any_column_privilege($1, oid, 'select, insert')";
    let forgotten: Vec<String> = sqlx::query_scalar(forgotten).bind(&login.name).fetch_all(&pool).await.unwrap();
    assert!(forgotten.is_empty(), "{forgotten:?}");
    forget(&pool, &login).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_password_is_kept_as_a_verifier(pool: PgPool) {
    let login = a_login(&pool, Role::Api).await;
    let kept: String = sqlx::query_scalar("select rolpassword from pg_authid where rolname = $1")
        .bind(&login.name)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(kept.starts_with("SCRAM-SHA-256$4096:"), "{kept}");
    forget(&pool, &login).await;
}
