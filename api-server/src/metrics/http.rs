//! Requests.

use std::time::Duration;

use http::Method;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{family::Family, histogram::Histogram},
    registry::{Registry, Unit},
};

/// Upper bounds in seconds: lists should answer within the first half.
const BUCKETS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    method: &'static str,
    route: String,
    status: u16,
}

/// Durations of requests, by method, route and status.
#[derive(Debug, Clone)]
pub struct HttpMetrics {
    durations: Family<Labels, Histogram>,
}

impl HttpMetrics {
    /// Registers the histograms.
    pub fn register(registry: &mut Registry) -> Self {
        let durations = Family::<Labels, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        registry.register_with_unit(
            "http_request_duration",
            "Time to answer a request, by route (not path) and status",
            Unit::Seconds,
            durations.clone(),
        );
        Self { durations }
    }

    /// Notes a request. `route` is a template such as `/api/v1/workspaces/{id}`.
    pub fn record(&self, method: &Method, route: &str, status: u16, elapsed: Duration) {
        let labels = Labels { method: known_method(method), route: route.to_owned(), status };
        self.durations.get_or_create(&labels).observe(elapsed.as_secs_f64());
    }
}

/// Anybody can invent methods; a label must not grow with them.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
