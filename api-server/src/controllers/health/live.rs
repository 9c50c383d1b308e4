//! `GET /health/live`

use std::time::Instant;

use axum::{Json, extract::State};
use http::StatusCode;
use serde_json::{Value, json};

use crate::AppState;

/// 200 while the background loops go on. Postgres being down does not make a server dead:
/// restarting it would not help.
pub async fn live(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let silent = state.liveness.silent_loops(Instant::now());
    let status = if silent.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(json!({"live": silent.is_empty(), "silentLoops": silent})))
}
