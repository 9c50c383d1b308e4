//! `GET /workspaces/{id}`

use axum::{
    Extension, Json,
    extract::{Path, State},
};
use store::{
    access_log::{self, Action, Entry},
    workspace_list,
};

use super::body::WorkspaceBody;
use crate::{
    AppState,
    identity::{Caller, Capability, Visitor},
    problem::{ApiError, Problem},
};

/// Shows one WorkSpace, gone ones included.
#[utoipa::path(
    get, path = "/workspaces/{id}", tag = "workspaces", operation_id = "showWorkspace",
    params(("id" = String, Path, description = "The WorkSpace's id", example = "ws-0a1b2c3d4")),
    responses(
        (status = 200, description = "The WorkSpace", body = WorkspaceBody),
        (status = 400, description = "That is no WorkSpace id", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Your role lacks `workspaces:read`", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such WorkSpace, or outside of what you may see", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<WorkspaceBody>, ApiError> {
    caller.require(Capability::WorkspacesRead)?;
    let id = fleet::WorkspaceId::try_from(id.as_str())
        .map_err(|error| ApiError::field("/path/id", error.to_string(), "send an id such as ws-0a1b2c3d4"))?;
    let row = workspace_list::one(&state.pool, id.as_str()).await?;
    let row = row.ok_or(ApiError::NotFound { thing: "WorkSpace" })?;
    if caller.may(Capability::PersonalRead) {
        let entry = Entry::by_person(Action::PersonalDataRead, caller.person, visitor.address, visitor.request_id);
        access_log::record(&state.pool, &entry.about_workspace(id.as_str())).await?;
    }
    Ok(Json(WorkspaceBody::seen_by(&caller, row)))
}
