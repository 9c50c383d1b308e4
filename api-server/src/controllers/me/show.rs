//! `GET /me`

use axum::{Json, extract::State};
use store::person;

use super::body::Me;
use crate::{
    AppState,
    identity::Caller,
    problem::{ApiError, Problem},
};

/// Who am I, and what may I do?
#[utoipa::path(
    get, path = "/me", tag = "session", operation_id = "showMe",
    responses(
        (status = 200, description = "The signed-in person", body = Me),
        (status = 401, description = "Not signed in", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<Me>, ApiError> {
    let person = person::by_id(&state.pool, caller.person).await?;
    // Without a role, or removed: the token outlived the person.
    person
        .filter(|person| person.disabled_at.is_none())
        .map(|person| Json(person.into()))
        .ok_or(ApiError::Unauthenticated)
}
