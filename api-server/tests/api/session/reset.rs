//! A sign-in under way while its person changes.

use api_server::identity::{Claim, Devices, Verified, Visitor, begin, reserve, verify};
use sqlx::PgPool;
use store::{
    person::{self, Role},
    session::{self, NewSession},
};
use uuid::Uuid;

use crate::server::{PASSWORD, Server};

/// Ann, whose password was verified a moment ago.
async fn verified(server: &Server) -> Verified {
    server.person("ann", Role::Viewer).await;
    let visitor = Visitor { address: "192.0.2.7".parse().unwrap(), user_agent: None, request_id: Uuid::nil() };
    let (username, password) = ("ann".to_owned(), PASSWORD.into());
    let claim = Claim { username, password, devices: Devices::default(), visitor };
    let reserved = reserve(&server.state, claim).await.unwrap();
    verify(&server.state, reserved).await.unwrap()
}

async fn sessions(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from session where revoked_at is null").fetch_one(pool).await.unwrap()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_reset_ends_a_sign_in_that_is_under_way(pool: PgPool) {
    let server = Server::start(&pool).await;
    let verified = verified(&server).await;
    person::reset_password(&pool, "ann", "another hash").await.unwrap();
    assert_eq!(begin(&server.state, verified).await.unwrap_err().to_string(), "the user name or the password is wrong");
    assert_eq!(sessions(&pool).await, 0);
    let logged: Vec<String> = sqlx::query_scalar("select action from access_log").fetch_all(&pool).await.unwrap();
    assert_eq!(logged, ["sign_in_refused"]);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn who_was_disabled_or_lost_their_role_meanwhile_gets_no_session(pool: PgPool) {
    for change in ["update person set disabled_at = now()", "delete from role_grant", "delete from person"] {
        let server = Server::start(&pool).await;
        let verified = verified(&server).await;
        sqlx::query(change).execute(&pool).await.unwrap();
        begin(&server.state, verified).await.unwrap_err();
        assert_eq!(sessions(&pool).await, 0, "{change}");
        sqlx::query("delete from person").execute(&pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn the_token_has_the_role_of_the_moment_the_session_begins(pool: PgPool) {
    let server = Server::start(&pool).await;
    let verified = verified(&server).await;
    sqlx::query("update role_grant set role = 'auditor'").execute(&pool).await.unwrap();
    assert_eq!(begin(&server.state, verified).await.unwrap().person.role, Role::Auditor);
}

/// A reset that has not committed yet: the session waits for it, and then is none.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_session_waits_for_a_reset_that_is_under_way(pool: PgPool) {
    let server = Server::start(&pool).await;
    let person = server.person("ann", Role::Viewer).await;
    let hash: String = sqlx::query_scalar("select password_hash from person").fetch_one(&pool).await.unwrap();
    let mut reset = pool.begin().await.unwrap();
    sqlx::query("update person set password_hash = 'another hash'").execute(&mut *reset).await.unwrap();
    let new = NewSession {
        id: Uuid::from_u128(1),
        person,
        token_digest: [7; 32],
        lifetime: jiff::SignedDuration::from_hours(1),
        address: "192.0.2.7".parse().unwrap(),
        user_agent: None,
    };
    let starting = tokio::spawn({
        let pool = pool.clone();
        async move { session::start(&pool, &new, &hash).await.unwrap() }
    });
    // Asked outside of the transaction: inside, Postgres shows the activity of its beginning.
    let waiting = "select exists (select from pg_stat_activity where datname = current_database()
        and wait_event_type = 'Lock' and query like 'with holder as%')";
    while !sqlx::query_scalar::<_, bool>(waiting).fetch_one(&pool).await.unwrap() {
        assert!(!starting.is_finished(), "it must wait for the reset");
        tokio::task::yield_now().await;
    }
    sqlx::query("update session set revoked_at = now(), revoked_because = 'person_changed'")
        .execute(&mut *reset)
        .await
        .unwrap();
    reset.commit().await.unwrap();
    assert_eq!(starting.await.unwrap(), None);
    assert_eq!(sessions(&pool).await, 0);
}
