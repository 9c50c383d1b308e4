//! Headers that tell browsers what not to do.
//!
//! The console loads nothing from elsewhere and has no inline script or style (Cloudscape
//! works so), which its policy says. The API's answers are never stored. The API pages
//! under `/api/docs` use inline styles and data images, so they have a policy of their own.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, header};

const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    font-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Headers of every answer.
const EVERYWHERE: [(HeaderName, &str); 6] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Middleware for the API: nothing is stored, nothing is embedded.
pub async fn api_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add(response.headers_mut(), API_POLICY);
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Middleware for the console.
pub async fn console_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add(response.headers_mut(), CONSOLE_POLICY);
    response
}

/// Middleware for the API's pages.
pub async fn docs_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    add(response.headers_mut(), DOCS_POLICY);
    response
}

fn add(headers: &mut HeaderMap, policy: &'static str) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    for (name, value) in EVERYWHERE {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
