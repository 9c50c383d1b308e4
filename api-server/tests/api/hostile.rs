//! Requests that nobody sends by mistake. What a connection can do wrong is tried in
//! `serve/connections/tests.rs`.

use std::{collections::BTreeMap, num::NonZeroU32, time::Duration};

use api_server::{list::Cursor, middleware::RateLimits, router::openapi};
use axum::body::Body;
use futures::{StreamExt as _, future::join_all, stream};
use http::{HeaderValue, Method, Request, StatusCode, header};
use serde_json::json;
use sqlx::PgPool;
use store::{
    list::{Position, SortValue},
    person::Role,
};

use crate::{
    fixtures::{a_desktop, write_run},
    server::{Browser, PASSWORD, Server},
};

/// Every documented route with its methods, and what the document does not speak of.
fn every_route() -> Vec<(Method, String)> {
    let document = serde_json::to_value(openapi()).unwrap();
    let documented = document["paths"].as_object().unwrap().iter().flat_map(|(path, operations)| {
        let methods = operations.as_object().unwrap().keys().map(|method| method.to_uppercase().parse().unwrap());
        methods.map(move |method| (method, path.replace("{id}", "ws-0a1b2c3d4"))).collect::<Vec<_>>()
    });
    let others = [
        "/health/live",
        "/health/ready",
        "/api/openapi.json",
        "/api/docs/",
        "/api/docs/swagger-ui.css",
        "/api/v1/nothing",
        "/api/nothing",
        "/",
        "/workspaces",
        "/assets/nothing.js",
    ];
    documented.chain(others.map(|path| (Method::GET, path.to_owned()))).collect()
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_route_has_its_limit(pool: PgPool) {
    let one = NonZeroU32::MIN;
    let server = Server::with_limits(&pool, RateLimits::new(one, one, one)).await;
    let browser = server.signed_in(Role::Admin).await;
    // Uses up what each class has, for nobody and for somebody.
    for browser in [&Browser::default(), &browser] {
        for path in ["/api/v1/nothing", "/health/live"] {
            server.get(browser, path).await;
        }
    }
    for (method, path) in every_route() {
        for browser in [&Browser::default(), &browser] {
            let answer = server.send(Server::request(browser, method.clone(), &path, "")).await;
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path}");
            assert!(answer.headers.contains_key("retry-after") && answer.headers.contains_key("ratelimit"), "{path}");
        }
        // Nor is what is refused for its origin free.
        let mut request = Server::request(&browser, method.clone(), &path, "");
        request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
        assert_eq!(server.send(request).await.status, StatusCode::TOO_MANY_REQUESTS, "{method} {path} from elsewhere");
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn strangers_cannot_use_up_the_limit_of_a_known_device(pool: PgPool) {
    let [few, many] = [3, 10_000].map(|number| NonZeroU32::new(number).unwrap());
    let server = Server::with_limits(&pool, RateLimits::new(few, few, many)).await;
    server.person("ann", Role::Viewer).await;
    let device = Browser { device: Browser::after(&server.sign_in("ann").await).device, ..Browser::default() };
    while server.sign_in_with("nobody", "guess").await.status != StatusCode::TOO_MANY_REQUESTS {}
    assert_eq!(server.sign_in_on(&device, "ann", PASSWORD).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn nested_repeated_and_countless_members_get_a_short_answer(pool: PgPool) {
    let server = Server::start(&pool).await;
    let countless: BTreeMap<_, _> = (0..6_000).map(|number| (format!("m{number}"), 0)).collect();
    let bodies = [
        "[".repeat(60_000),
        "{\"username\":".repeat(5_000),
        format!("{{\"username\": {}1{}}}", "[".repeat(30_000), "]".repeat(30_000)),
        format!("{{\"username\": 1e{}}}", "9".repeat(60_000)),
        format!("{{\"{}\": 1}}", "x".repeat(60_000)),
        json!(countless).to_string(),
        "{\"username\": \"\\ud800\", \"password\": \"x\"}".to_owned(),
    ];
    for body in bodies {
        let answer = server.post(&Browser::default(), "/api/v1/session", &body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", &body[..40]);
        assert!(answer.text.len() < 8_000, "{} bytes for {}", answer.text.len(), &body[..40]);
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn queries_and_paths_that_are_no_utf_8_or_far_too_long_are_refused_shortly(pool: PgPool) {
    let server = Server::start(&pool).await;
    a_desktop("ws-1").write(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    let many = (0..8_000).map(|number| format!("p{number}=1")).collect::<Vec<_>>().join("&");
    let paths = [
        "/api/v1/workspaces?filter=userName%20=%20%FF".to_owned(),
        "/api/v1/workspaces?filter=userName%20=%20%C0%80".to_owned(),
        "/api/v1/workspaces?filter=userName%20=%20%ED%A0%80".to_owned(),
        "/api/v1/workspaces?%FF=1".to_owned(),
        "/api/v1/workspaces/%FF".to_owned(),
        "/api/v1/workspaces/%00".to_owned(),
        "/api/v1/sync-runs/%2e%2e%2f".to_owned(),
        format!("/api/v1/workspaces/{}", "a".repeat(60_000)),
        format!("/api/v1/sync-runs/{}", "a".repeat(60_000)),
        format!("/api/v1/workspaces?{many}"),
        format!("/api/v1/workspaces?limit={}", "9".repeat(60_000)),
        format!("/api/v1/workspaces?sort={}", "a".repeat(60_000)),
        format!("/api/v1/workspaces?fields={}", "a,".repeat(30_000)),
        format!("/api/v1/workspaces?filter={}", "(".repeat(60_000)),
        format!("/api/v1/workspaces?filter={}", "not%20".repeat(10_000)),
        format!("/api/v1/workspaces?cursor={}", "a".repeat(60_000)),
        "/api/v1/workspaces?filter=lastConnectedAt%20%3C%2099999999999999999999d".to_owned(),
        "/api/v1/workspaces?filter=lastConnectedAt%20%3C%20999999999d".to_owned(),
        "/api/v1/workspaces?filter=rootVolumeGib%20%3E%2099999999999999999999".to_owned(),
    ];
    for path in paths {
        let answer = server.get(&browser, &path).await;
        let start: String = path.chars().take(60).collect();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{start}: {}", answer.text);
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{start}");
        assert!(answer.text.len() < 20_000, "{} bytes for {start}", answer.text.len());
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn odd_headers_change_nothing(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let odd = [
        (header::COOKIE, [b"__Host-deskfleet-access=\xff\xfe; ".as_slice(), &vec![b'a'; 50_000]].concat()),
        (header::COOKIE, b"__Host-deskfleet-device=".repeat(2_000)),
        (header::USER_AGENT, b"\xc3\x28 agent".to_vec()),
        (header::HeaderName::from_static("x-forwarded-for"), b"1.2.3.4,".repeat(8_000)),
        (header::HeaderName::from_static("last-event-id"), b"test-99999999999999999999999".to_vec()),
        (header::HeaderName::from_static("x-request-id"), b"<script>".to_vec()),
        (header::ORIGIN, b"null".to_vec()),
        (header::ACCEPT_ENCODING, b"br;q=0.1,".repeat(5_000)),
        (header::RANGE, b"bytes=0-0,1-1".to_vec()),
        (header::HeaderName::from_static("x-http-method-override"), b"DELETE".to_vec()),
    ];
    for (name, value) in odd {
        let mut request = Server::request(&browser, Method::GET, "/api/v1/me", "");
        request.headers_mut().append(name.clone(), HeaderValue::from_bytes(&value).unwrap());
        let answer = server.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text);
        assert!(!answer.headers["x-request-id"].as_bytes().contains(&b'<'), "{name}");
    }
}

/// Signed by the server itself, so that only what a cursor is bound to stands against it.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_cursor_fits_no_other_list_sort_filter_or_kind_of_value(pool: PgPool) {
    let server = Server::start(&pool).await;
    a_desktop("ws-1").write(&pool).await;
    write_run(&pool, 1, "complete").await;
    let browser = server.signed_in(Role::Admin).await;
    let keys = server.state.keys.current();
    let text = || Some(SortValue::Text("a".into()));
    let position = |value, key: &[&str]| Position { value, key: key.iter().map(|part| (*part).to_owned()).collect() };
    let desktop = ["1", "us-east-1", "ws-0"];
    for (list, order, position) in [
        ("workspaces", "state", position(Some(SortValue::Number(1)), &desktop)),
        ("workspaces", "lastConnectedAt", position(text(), &desktop)),
        ("workspaces", "state", position(text(), &["1"])),
        ("workspaces", "state", position(text(), &["1", "2", "3", "4"])),
        ("sync-runs", "-startedAt", position(text(), &["no uuid"])),
        ("sync-runs", "-startedAt", position(Some(SortValue::Instant(jiff::Timestamp::MIN)), &["' or true --"])),
        ("sync-runs", "outcome", position(text(), &desktop)),
    ] {
        let cursor = Cursor { list: list.into(), order: order.into(), filter: String::new(), position };
        let cursor = cursor.encode(&keys);
        let answer = server.get(&browser, &format!("/api/v1/{list}?sort={order}&cursor={cursor}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{list} {order}: {}", answer.text);
        assert_eq!(answer.json()["errors"][0]["pointer"], "/query/cursor");
        for elsewhere in
            ["workspaces?sort=-id", "workspaces?sort=region&filter=gone%20=%20true", "sync-runs?sort=accountId"]
        {
            let answer = server.get(&browser, &format!("/api/v1/{elsewhere}&cursor={cursor}")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{elsewhere}");
        }
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_token_replayed_many_times_at_once_rotates_once_and_ends_the_session(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    let stolen = Browser::after(&server.sign_in("ann").await);
    let answers = join_all((0..20).map(|_| server.post(&stolen, "/api/v1/session/refresh", ""))).await;
    let rotated: Vec<_> = answers.iter().filter(|answer| answer.status == StatusCode::NO_CONTENT).collect();
    assert_eq!(rotated.len(), 1);
    let winner = Browser::after(rotated[0]);
    assert_eq!(server.post(&winner, "/api/v1/session/refresh", "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        server.get(&winner, "/api/v1/me").await.status,
        StatusCode::UNAUTHORIZED,
        "its access token is dead too"
    );
    let rows: Vec<(i32, String)> =
        sqlx::query_as("select rotations, revoked_because from session").fetch_all(&pool).await.unwrap();
    assert_eq!(rows, [(1, "token_reuse".to_owned())]);
    let logged: i64 = sqlx::query_scalar("select count(*) from access_log where action = 'token_reused'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(logged, 1);
}

/// Signing out and refreshing at once: whichever comes first, nobody is left signed in.
#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_refresh_does_not_bring_a_session_back_that_is_signed_out_meanwhile(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.person("ann", Role::Viewer).await;
    for _ in 0..5 {
        let browser = Browser::after(&server.sign_in("ann").await);
        let (refreshed, _) = tokio::join!(
            server.post(&browser, "/api/v1/session/refresh", ""),
            server.delete(&browser, "/api/v1/session")
        );
        let after = Browser::after(&refreshed);
        for browser in [after, browser] {
            assert_eq!(server.get(&browser, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
            assert_eq!(server.post(&browser, "/api/v1/session/refresh", "").await.status, StatusCode::UNAUTHORIZED);
        }
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_body_that_never_comes_is_not_waited_for(pool: PgPool) {
    let server = Server::start(&pool).await.hurried(Duration::from_millis(200));
    let dribble = stream::once(async { Ok::<_, std::io::Error>("{\"username\":") }).chain(stream::pending());
    let request = Request::post("/api/v1/session").header("sec-fetch-site", "same-origin");
    let answer = server.send(request.body(Body::from_stream(dribble)).unwrap()).await;
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.json()["title"], "Request Timeout");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn strangers_who_ask_for_health_do_not_ask_the_database_each_time(pool: PgPool) {
    let server = Server::start(&pool).await;
    server.set_time("2026-11-25T12:00:00Z".parse().unwrap());
    let status = async || server.get(&Browser::default(), "/api/v1/health").await.json()["status"].clone();
    assert_eq!(status().await, "ok");
    write_run(&pool, 1, "failed").await;
    assert_eq!(status().await, "ok", "as it was a moment ago");
    server.advance(jiff::SignedDuration::from_secs(5));
    assert_eq!(status().await, "degraded");
}
