//! The three routes of a program that serves, and a plain listener for them.
//!
//! Flows in: a [`Health`]. Flows out: `/health/live` and `/health/ready` as JSON
//! with 200 or 503, `/metrics` as OpenMetrics text. The listener is for port 9090,
//! inside the cluster; a program with a port of its own for users merges
//! [`health_routes`] into its router too. Deliberately absent: TLS and sign-in.

use std::{fmt, io, net::SocketAddr, time::Instant};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{Liveness, MetricsRegistry, Readiness, ReadinessReport, metrics};

/// What the routes answer from; clones share all three.
#[derive(Clone, Debug)]
pub struct Health {
    /// The program's metrics, from [`crate::init`].
    pub metrics: MetricsRegistry,
    /// The checks that say whether it can do its work.
    pub readiness: Readiness,
    /// The loops that say whether it still works.
    pub liveness: Liveness,
}

/// Why the health listener ended.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The port cannot be had.
    #[error("cannot listen for health checks on {address}; is the port taken?")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The listener broke while serving.
    #[error("the health listener on {address} broke")]
    Serve {
        /// The address it listened on.
        address: SocketAddr,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// `/health/live`, `/health/ready` and `/metrics`, to serve or to merge.
pub fn health_routes(health: Health) -> Router {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(scrape))
        .with_state(health)
}

/// Serves [`health_routes`] in plain HTTP until `shutdown` is cancelled.
pub async fn serve_health(address: SocketAddr, health: Health, shutdown: CancellationToken) -> Result<(), ServeError> {
    let listener = TcpListener::bind(address).await.map_err(|source| ServeError::Bind { address, source })?;
    tracing::info!(%address, "serving health and metrics");
    axum::serve(listener, health_routes(health))
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
        .map_err(|source| ServeError::Serve { address, source })
}

async fn live(State(health): State<Health>) -> Response {
    liveness_at(&health, Instant::now())
}

fn liveness_at(health: &Health, now: Instant) -> Response {
    let silent = health.liveness.silent_loops(now);
    let status = status_of(silent.is_empty());
    let body = json!({"live": silent.is_empty(), "silentLoops": silent});
    (status, Json(body)).into_response()
}

async fn ready(State(health): State<Health>) -> (StatusCode, Json<ReadinessReport>) {
    let report = health.readiness.report();
    (status_of(report.ready), Json(report))
}

async fn scrape(State(health): State<Health>) -> Result<Response, EncodeFailed> {
    let body = health.metrics.encode()?;
    Ok(([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], body).into_response())
}

fn status_of(good: bool) -> StatusCode {
    if good { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}

/// A metric whose own encoding failed; the scrape fails as a whole, because half
/// of the metrics would read like a drop to zero.
struct EncodeFailed;

impl From<fmt::Error> for EncodeFailed {
    fn from(_: fmt::Error) -> Self {
        Self
    }
}

impl IntoResponse for EncodeFailed {
    fn into_response(self) -> Response {
        tracing::error!("a metric could not be encoded");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;
    use crate::BuildInfo;

    fn a_health() -> Health {
        Health {
            metrics: MetricsRegistry::new(&BuildInfo::of("deskfleet-test")),
            readiness: Readiness::default(),
            liveness: Liveness::default(),
        }
    }

    async fn get(health: &Health, path: &str) -> (StatusCode, String) {
        let request = Request::get(path).body(Body::empty()).unwrap();
        read(health_routes(health.clone()).oneshot(request).await.unwrap()).await
    }

    async fn read(response: Response) -> (StatusCode, String) {
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn readiness_is_503_until_every_check_has_passed() {
        let health = a_health();
        let postgres = health.readiness.check("postgres", "not connected yet");
        let (status, body) = get(&health, "/health/ready").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains(r#""waitingFor":["postgres"]"#), "{body}");
        postgres.pass();
        assert_eq!(get(&health, "/health/ready").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn liveness_does_not_depend_on_readiness() {
        let health = a_health();
        let _postgres = health.readiness.check("postgres", "down");
        assert_eq!(get(&health, "/health/live").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_silent_loop_makes_liveness_503_and_is_named() {
        let health = a_health();
        let _silent = health.liveness.watch("watch", Duration::from_secs(30));
        let response = liveness_at(&health, Instant::now() + Duration::from_mins(1));
        let (status, body) = read(response).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains(r#""silentLoops":["watch"]"#), "{body}");
    }

    #[tokio::test]
    async fn metrics_are_served_as_openmetrics() {
        let (status, body) = get(&a_health(), "/metrics").await;
        assert_eq!(status, StatusCode::OK);
        assert!(body.ends_with("# EOF\n"));
    }

    #[tokio::test]
    async fn the_listener_ends_when_told_to() {
        let shutdown = CancellationToken::new();
        shutdown.cancel();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        serve_health(address, a_health(), shutdown).await.unwrap();
    }

    #[tokio::test]
    async fn a_taken_port_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let refusal = serve_health(address, a_health(), CancellationToken::new()).await.unwrap_err();
        assert!(refusal.to_string().contains(&address.to_string()));
    }
}
