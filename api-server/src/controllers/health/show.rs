//! `GET /health`

use axum::{Extension, Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::checks::{self, CheckBody, HealthStatus};
use crate::{AppState, identity::Caller};

/// How deskfleet is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthBody {
    /// The worst of the checks.
    status: HealthStatus,
    #[schema(example = "0.1.0")]
    version: &'static str,
    /// Only for who is signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<Vec<CheckBody>>,
}

/// Tells how deskfleet is.
///
/// Anybody gets status and version, at most five seconds old; who is signed in also gets each
/// check with what to do.
#[utoipa::path(
    get, path = "/health", tag = "health", operation_id = "showHealth",
    responses((status = 200, description = "Also when something is down: the answer says what", body = HealthBody)),
    security(())
)]
pub async fn show(State(state): State<AppState>, caller: Option<Extension<Caller>>) -> Json<HealthBody> {
    let version = state.build.version;
    if caller.is_none() {
        let status = state.recent_health.status(&state.pool, state.clock.now()).await;
        return Json(HealthBody { status, version, checks: None });
    }
    let checks = checks::all(&state.pool).await;
    Json(HealthBody { status: checks::worst(&checks), version, checks: Some(checks) })
}
