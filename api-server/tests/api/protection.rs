//! What holds for every route.

use std::num::NonZeroU32;

use api_server::{middleware::RateLimits, router::openapi};
use http::{Method, StatusCode, header};
use sqlx::PgPool;
use store::person::Role;

use crate::{
    bodies::stable,
    server::{Browser, Server},
};

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn every_route_that_is_not_declared_public_needs_a_sign_in(pool: PgPool) {
    let server = Server::start(&pool).await;
    let document = serde_json::to_value(openapi()).unwrap();
    let mut public = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if operation["security"] == serde_json::json!([{}]) {
                public.push(format!("{method} {path}"));
                continue;
            }
            let method: Method = method.to_uppercase().parse().unwrap();
            let path = path.replace("{id}", "ws-0a1b2c3d4");
            let answer = server.send(Server::request(&Browser::default(), method, &path, "")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
    insta::assert_yaml_snapshot!(public);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn an_access_token_that_expired_or_was_changed_is_nobody_s(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Admin).await;
    let token = browser.access.clone().unwrap();
    let (caller, _) = server.state.tokens.check(&token, jiff::Timestamp::now()).unwrap();
    let old = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(301);
    let expired = server.state.tokens.issue(&caller, old).unwrap();
    for token in [expired, token.replace('.', "A."), String::new()] {
        let browser = Browser { access: Some(token), ..Browser::default() };
        assert_eq!(server.get(&browser, "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
    }
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn answers_tell_browsers_what_not_to_do(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    for path in ["/api/v1/me", "/api/v1/nothing", "/health/live"] {
        let headers = server.get(&browser, path).await.headers;
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff", "{path}");
        assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"), "{path}");
        assert!(headers.contains_key("x-request-id") && headers.contains_key("ratelimit"), "{path}");
    }
    let console = server.get(&browser, "/workspaces").await.headers;
    let policy = console[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"), "{policy}");
    let docs = server.get(&browser, "/api/docs/").await;
    assert_eq!(docs.status, StatusCode::OK);
    assert!(docs.headers.contains_key(header::CONTENT_SECURITY_POLICY));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn what_is_no_route_or_no_method_is_a_problem_too(pool: PgPool) {
    let server = Server::start(&pool).await;
    let nobody = Browser::default();
    for path in ["/api/v1/nothing", "/api/v2/workspaces", "/api/x"] {
        let answer = server.get(&nobody, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
    }
    let answer = server.send(Server::request(&nobody, Method::PUT, "/api/v1/me", "")).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    insta::assert_json_snapshot!(stable(answer.json()));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn a_body_that_is_too_large_is_refused_unread(pool: PgPool) {
    let server = Server::start(&pool).await;
    let answer = server.post(&Browser::default(), "/api/v1/session", &"x".repeat(70_000)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["type"], "https://deskfleet.dev/problems/too-large");
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn who_asks_too_often_waits_and_others_do_not(pool: PgPool) {
    let [few, many] = [3, 10_000].map(|number| NonZeroU32::new(number).unwrap());
    let server = Server::with_limits(&pool, RateLimits::new(few, few, many)).await;
    let (ann, bob) = (server.signed_in(Role::Viewer).await, server.signed_in(Role::Analyst).await);
    for left in ["2", "1", "0"] {
        let answer = server.get(&ann, "/api/v1/me").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers["ratelimit"], format!("\"api\";r={left}").as_str());
        assert_eq!(answer.headers["ratelimit-policy"], "\"api\";q=3;w=60");
    }
    let refused = server.get(&ann, "/api/v1/me").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers[header::RETRY_AFTER].to_str().unwrap().parse::<u32>().unwrap() <= 21);
    assert_eq!(refused.json()["type"], "https://deskfleet.dev/problems/rate-limited");
    assert_eq!(server.get(&bob, "/api/v1/me").await.status, StatusCode::OK);
    for _ in 0..3 {
        server.post(&Browser::default(), "/api/v1/session", "{}").await;
    }
    let refused = server.post(&Browser::default(), "/api/v1/session", "{}").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn no_other_origin_may_read_answers(pool: PgPool) {
    let server = Server::start(&pool).await;
    let browser = server.signed_in(Role::Viewer).await;
    let mut request = Server::request(&browser, Method::GET, "/api/v1/me", "");
    request.headers_mut().insert(header::ORIGIN, "https://other.example".parse().unwrap());
    let answer = server.send(request).await;
    assert!(!answer.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[sqlx::test(migrator = "store::schema::MIGRATOR")]
async fn large_answers_are_compressed_where_the_browser_takes_it(pool: PgPool) {
    let server = Server::start(&pool).await;
    let mut request = Server::request(&Browser::default(), Method::GET, "/api/openapi.json", "");
    request.headers_mut().insert(header::ACCEPT_ENCODING, "br, gzip".parse().unwrap());
    assert_eq!(server.send(request).await.headers[header::CONTENT_ENCODING], "br");
}
