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
/// Anybody gets status and version; who is signed in also gets each check with what to do.
#[utoipa::path(
    get, path = "/health", tag = "health", operation_id = "showHealth",
    responses((status = 200, description = "Also when something is down: the answer says what", body = HealthBody)),
    security(())
)]
pub async fn show(State(state): State<AppState>, caller: Option<Extension<Caller>>) -> Json<HealthBody> {
    let checks = checks::all(&state.pool).await;
    let status = checks.iter().map(|check| check.status).max().unwrap_or(HealthStatus::Ok);
    Json(HealthBody { status, version: state.build.version, checks: caller.map(|_| checks) })
}
