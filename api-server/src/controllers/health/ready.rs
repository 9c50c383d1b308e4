//! `GET /health/ready`

use axum::{Json, extract::State};
use http::StatusCode;
use telemetry::ReadinessReport;

use crate::AppState;

/// 200 once the database has this build's schema and there is an administrator. It stays
/// ready when the database goes away later: an answer that says so helps people more than
/// no answer.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, Json<ReadinessReport>) {
    let report = state.readiness.report();
    let status = if report.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(report))
}
