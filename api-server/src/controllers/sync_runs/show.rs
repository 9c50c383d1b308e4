//! `GET /sync-runs/{id}`

use axum::{
    Json,
    extract::{Path, State},
};
use store::run_list;
use uuid::Uuid;

use super::body::RunDetailBody;
use crate::{
    AppState,
    identity::{Caller, Capability},
    problem::{ApiError, Problem},
};

/// Shows one run with its steps, in the order in which they were planned.
#[utoipa::path(
    get, path = "/sync-runs/{id}", tag = "sync-runs", operation_id = "showSyncRun",
    params(("id" = Uuid, Path, description = "The run's id: the UID of its Job")),
    responses(
        (status = 200, description = "The run", body = RunDetailBody),
        (status = 400, description = "That is no run id", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role lacks `runs:read`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such run", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RunDetailBody>, ApiError> {
    caller.require(Capability::RunsRead)?;
    let id: Uuid = id.parse().map_err(|_| {
        ApiError::field("/path/id", format!("`{id}` is no UUID"), "send the `id` of a run from GET /api/v1/sync-runs")
    })?;
    let run = run_list::one(&state.pool, id).await?.ok_or(ApiError::NotFound { thing: "sync run" })?;
    let steps = run_list::steps(&state.pool, id).await?;
    Ok(Json(RunDetailBody::new(run, steps)))
}
