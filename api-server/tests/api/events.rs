//! `GET /events`.

use std::{collections::HashMap, time::Duration};

use api_server::live::{LiveEvent, keep_listening};
use axum::body::{Body, BodyDataStream};
use futures::StreamExt as _;
use http::{Method, StatusCode};
use jiff::SignedDuration;
use sqlx::PgPool;
use store::person::Role;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::server::{Browser, Server};

/// An open stream.
struct Stream {
    body: BodyDataStream,
    text: String,
}

impl Stream {
    async fn open(server: &Server, browser: &Browser, last_event_id: Option<&str>) -> Self {
        let mut request = Server::request(browser, Method::GET, "/api/v1/events", "");
        if let Some(id) = last_event_id {
            request.headers_mut().insert("last-event-id", id.parse().unwrap());
        }
        let response = server.router().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { body: Body::into_data_stream(response.into_body()), text: String::new() }
    }

    /// Reads until `wanted` has come.
    async fn read_until(&mut self, wanted: &str) {
        while !self.text.contains(wanted) {
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.body.next()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("{wanted} did not come: {}", self.text));
            self.text += std::str::from_utf8(&chunk.expect("the stream goes on").unwrap()).unwrap();
        }
    }

    /// Reads to the end, which must come.
    async fn ends(self) -> String {
        tokio::time::timeout(Duration::from_secs(20), self.read_to_end()).await.expect("the stream ends")
    }

    async fn read_to_end(mut self) -> String {
        while let Some(chunk) = self.body.next().await {
            self.text += std::str::from_utf8(&chunk.unwrap()).unwrap();
        }
        self.text
    }
}

fn run(number: u128, outcome: &str) -> LiveEvent {
    LiveEvent::Run { run_id: Uuid::from_u128(number), outcome: outcome.to_owned() }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_a_job_notifies_reaches_the_browser(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let listener = keep_listening(pool.clone(), server.state.events.clone(), server.state.stop.clone());
    let listener = tokio::spawn(listener);
    let mut stream = Stream::open(&server, &browser, None).await;
    let message = r#"{"event":"run_step","run_id":"00000000-0000-0000-0000-000000000001","step_id":7,"source":"inventory","region":"us-east-1","state":"running","items":25}"#;
    let expected = r#"data: {"runId":"00000000-0000-0000-0000-000000000001","stepId":7,"source":"inventory","region":"us-east-1","state":"running","items":25}"#;
    // The listener may not listen yet, and Postgres keeps nothing for later: said until heard.
    let mut again = tokio::time::interval(Duration::from_millis(50));
    let say = async {
        loop {
            again.tick().await;
            sqlx::query("select pg_notify('deskfleet_events', $1)").bind(message).execute(&pool).await.unwrap();
        }
    };
    let heard = async {
        stream.read_until("event: run_step\n").await;
        stream.read_until(expected).await;
    };
    tokio::select! {
        () = say => unreachable!("it never ends"),
        () = heard => {}
    }
    server.state.stop.cancel();
    listener.await.unwrap();
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_stream_that_comes_back_gets_what_it_missed(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    for (number, outcome) in [(1, "running"), (2, "running"), (1, "complete")] {
        server.state.events.publish(run(number, outcome));
    }
    let mut stream = Stream::open(&server, &browser, Some("test-1")).await;
    stream.read_until("complete").await;
    server.state.stop.cancel();
    insta::assert_snapshot!(stream.read_to_end().await);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_stream_that_was_away_too_long_is_told_to_read_anew(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let mut stream = Stream::open(&server, &browser, Some("another-server-17")).await;
    stream.read_until("event: reset\ndata: {}\n\n").await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_stream_ends_with_its_session(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let stream = Stream::open(&server, &browser, None).await;
    assert_eq!(server.delete(&browser, "/api/v1/session").await.status, StatusCode::NO_CONTENT);
    stream.ends().await;
}

/// The task that reads every second is played by the test.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_stream_ends_with_the_next_reading_after_its_right_is_gone(pool: PgPool) {
    for change in [
        "update session set revoked_at = now(), revoked_because = 'person_changed'",
        "update session set expires_at = now()",
        "update person set disabled_at = now()",
        "update role_grant set role = 'analyst'",
        "delete from role_grant",
        "delete from session",
        "delete from person",
    ] {
        let server = Server::start(&pool).await;
        let browser = server.signed_in(Role::Viewer).await;
        // Older than any token: the stream's session is read because it is watched.
        sqlx::query("update session set last_used_at = now() - interval '1 hour'").execute(&pool).await.unwrap();
        let mut stream = Stream::open(&server, &browser, None).await;
        server.state.standings.read(&pool).await.unwrap();
        server.state.events.publish(run(1, "running"));
        stream.read_until("running").await;
        sqlx::query(change).execute(&pool).await.unwrap();
        server.state.standings.read(&pool).await.unwrap();
        // Whatever comes now is not told any more.
        server.state.events.publish(run(1, "complete"));
        let text = stream.ends().await;
        assert!(!text.contains("complete"), "{change}: {text}");
        // A session that is missing altogether may have begun on a server whose clock is behind.
        if !["delete from session", "delete from person"].contains(&change) {
            let answer = server.get(&browser, "/api/v1/sync-runs").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{change}");
        }
        sqlx::query("delete from person").execute(&pool).await.unwrap();
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_stream_ends_when_nobody_can_say_whether_its_session_stands(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let now = "2026-11-25T12:00:00Z".parse().unwrap();
    server.set_time(now);
    server.state.standings.replace(HashMap::new(), now);
    let browser = Browser { access: Some(server.token_of(&browser)), ..browser };
    let stream = Stream::open(&server, &browser, None).await;
    server.advance(SignedDuration::from_secs(5));
    // As the task does after a reading that failed.
    server.state.standings.look_again();
    stream.ends().await;
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_person_has_eight_streams_at_most(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let mut streams = Vec::new();
    for _ in 0..8 {
        streams.push(Stream::open(&server, &browser, None).await);
    }
    let ninth = server.get(&browser, "/api/v1/events").await;
    assert_eq!(ninth.status, StatusCode::TOO_MANY_REQUESTS);
    drop(streams);
    Stream::open(&server, &browser, None).await;
}
