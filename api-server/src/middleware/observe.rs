//! One log line and one histogram entry a request.
//!
//! The line has the route (`/api/v1/workspaces/{id}`), never the path or the query: those
//! hold ids and filters, and a filter can hold a person's name.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use tracing::Level;

use super::request_id::RequestId;
use crate::{AppState, identity::Caller};

/// The caller of a request, left in the answer for the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered(pub(super) Caller);

/// Middleware: logs and measures.
pub async fn observe(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("console", MatchedPath::as_str).to_owned();
    let id = request.extensions().get::<RequestId>().copied().unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let elapsed = started.elapsed();
    state.metrics.record(&method, &route, status, elapsed);
    let person = response.extensions().get::<Answered>().map(|answered| answered.0.person.to_string());
    let duration_ms = elapsed.as_secs_f64() * 1_000.0;
    // The macro wants the level at compile time, hence three calls with the same fields.
    macro_rules! line {
        ($level:expr) => {
            tracing::event!($level, request.id = %id, http.method = %method, http.route = %route, http.status = status,
                duration_ms, person.id = person, "{method} {route} answered {status}")
        };
    }
    match status {
        // Kubelets ask every few seconds, also while a server waits for its schema.
        _ if route.starts_with("/health/") => line!(Level::DEBUG),
        500.. => line!(Level::ERROR),
        _ => line!(Level::INFO),
    }
    response
}
