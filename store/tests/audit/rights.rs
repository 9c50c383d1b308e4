//! What each login may do with the trail, and what nobody may.

use std::str::FromStr;

use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use store::{
    audit::{Erasure, append, count_left_out, erase_person, people_like},
    role::{self, Login, Role},
};
use uuid::Uuid;

use crate::trail::{account, add, checkpoint, events, is_whole};

/// A connection with `role`'s rights, and the login's name, for the caller to drop.
async fn with_role(pool: &PgPool, role: Role) -> (PgConnection, String) {
    let login = Login { name: format!("audit_{}_{}", role.key(), Uuid::new_v4().simple()), password: "x".into() };
    role::make(&mut pool.acquire().await.unwrap(), role, &login).await.unwrap();
    let options = PgConnectOptions::from_str(&std::env::var("DATABASE_URL").unwrap())
        .unwrap()
        .database(pool.connect_options().get_database().unwrap())
        .username(&login.name)
        .password("x");
    (PgConnection::connect_with(&options).await.unwrap(), login.name)
}

async fn forget(pool: &PgPool, connection: PgConnection, name: &str) {
    connection.close().await.unwrap();
    let statement = format!("drop owned by {name}; drop role {name}");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(pool).await.unwrap();
}

/// The SQLSTATE that `statement` is refused with.
async fn refused(connection: &mut PgConnection, statement: &'static str) -> Option<String> {
    let mut transaction = connection.begin().await.unwrap();
    let result = sqlx::raw_sql(statement).execute(&mut *transaction).await;
    let code = result.err().and_then(|error| error.as_database_error()?.code().map(|code| code.to_string()));
    transaction.rollback().await.unwrap();
    code
}

const NO_RIGHT: &str = "42501";
const NEVER: &str = "23000";

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn sync_appends_and_changes_nothing(pool: PgPool) {
    let (mut sync, name) = with_role(&pool, Role::Sync).await;
    let mut transaction = sync.begin().await.unwrap();
    append(&mut transaction, &account(1), &events(0..3)).await.unwrap();
    count_left_out(&mut transaction, &account(1), "2026-11-25".parse().unwrap(), 2).await.unwrap();
    transaction.commit().await.unwrap();
    is_whole(&pool, &account(1), 3).await;
    for statement in [
        "update audit_event set event_name = 'x'",
        "update audit_event set personal = '[]'",
        "delete from audit_event",
        "delete from subject_key",
        "update subject_key set person = 'x'",
        "select from audit_checkpoint",
        "insert into audit_checkpoint select",
        "delete from audit_chain",
    ] {
        assert_eq!(refused(&mut sync, statement).await.as_deref(), Some(NO_RIGHT), "{statement}");
    }
    assert_eq!(refused(&mut sync, "update audit_chain set sequence = 1").await.as_deref(), Some(NEVER));
    forget(&pool, sync, &name).await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn api_erases_people_and_sees_no_key(pool: PgPool) {
    add(&pool, &account(1), &events(0..3)).await;
    let (mut api, name) = with_role(&pool, Role::Api).await;
    for statement in [
        "select key from subject_key",
        "insert into subject_key (account_id, person, key) values ('x', 'y', '')",
        "update audit_event set personal = '[]'",
        "delete from audit_event",
        "insert into audit_checkpoint select",
    ] {
        assert_eq!(refused(&mut api, statement).await.as_deref(), Some(NO_RIGHT), "{statement}");
    }
    let erasure = Erasure { account: None, names: vec!["carol".to_owned()], reference: "1".to_owned() };
    assert_eq!(people_like(&mut api, None, "carol").await.unwrap().len(), 1);
    let erased = erase_person(&mut api, &erasure).await.unwrap();
    assert_eq!(erased.len(), 1);
    is_whole(&pool, &account(1), 4).await;
    forget(&pool, api, &name).await;
}

/// The owner may do everything to a table but what its triggers refuse.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_owner_makes_no_mistake_with_the_trail(pool: PgPool) {
    add(&pool, &account(1), &events(0..3)).await;
    checkpoint(&pool, &account(1)).await;
    add(&pool, &account(1), &events(3..5)).await;
    let mut owner = pool.acquire().await.unwrap();
    for statement in [
        "update audit_event set event_name = 'x'",
        "update audit_event set personal = '[]'",
        "update audit_event set sequence = sequence + 100",
        "delete from audit_event where sequence = 1",
        "truncate audit_event",
        "update audit_chain set sequence = 1",
        "update audit_chain set pruned_through = 9",
        "delete from audit_chain",
        "truncate audit_chain",
        "update audit_checkpoint set events = 9",
        "delete from audit_checkpoint",
        "truncate audit_checkpoint cascade",
        "update subject_key set person = 'x'",
        "truncate subject_key",
    ] {
        let code = refused(&mut owner, statement).await;
        // Or a constraint: the chain cannot be cut beyond its end.
        assert!(matches!(code.as_deref(), Some(NEVER | "23514" | "0A000")), "{statement}: {code:?}");
    }
    let cut = refused(&mut owner, "update audit_chain set pruned_through = 4").await;
    assert_eq!(cut.as_deref(), Some("23503"), "only at a checkpoint");
    is_whole(&pool, &account(1), 5).await;
}
