//! `POST /session`

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use super::credentials::Credentials;
use crate::{
    AppState,
    controllers::me::Me,
    identity::{self, Caller, Visitor, session_cookies},
    problem::{ApiError, Problem},
};

/// Signs in with name and password.
///
/// Sets two cookies that scripts cannot read: an access token for five minutes and a refresh
/// token for thirty days. After five wrong passwords a name rests for 1, 2, 4 … seconds, at
/// most five minutes; whether the name exists makes no difference to answer or time.
#[utoipa::path(
    post, path = "/session", tag = "session", operation_id = "signIn",
    request_body(content = Credentials, content_type = "application/json"),
    responses(
        (status = 200, description = "Signed in; two cookies are set", body = Me),
        (status = 400, description = "Every wrong field", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The name or the password is wrong", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Sent by a browser for another site", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "Too many tries; see Retry-After", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn sign_in(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    body: Bytes,
) -> Result<Response, ApiError> {
    let credentials = Credentials::parse(&body)?;
    let Credentials { username, password } = credentials;
    let begun = identity::sign_in(&state.pool, &state.passwords, &username, password, &visitor).await?;
    let caller = Caller { person: begun.person.id, session: begun.session, role: begun.person.role };
    let access = state.tokens.issue(&caller, Timestamp::now())?;
    let cookies = session_cookies(&access, begun.refresh.expose());
    Ok((cookies, Json(Me::from(begun.person))).into_response())
}
