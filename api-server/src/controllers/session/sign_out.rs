//! `DELETE /session`

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use store::{
    access_log::{self, Action, Entry},
    person::PersonId,
    session,
};
use uuid::Uuid;

use crate::{
    AppState,
    identity::{Caller, REFRESH_COOKIE, RefreshToken, Visitor, expired_cookies},
    problem::{ApiError, Problem},
};

/// Signs out: the session is over on this server at once, on all others within five seconds.
///
/// Works with either cookie, and answers 204 also where there was nothing to end.
#[utoipa::path(
    delete, path = "/session", tag = "session", operation_id = "signOut",
    responses(
        (status = 204, description = "Signed out; the cookies are removed"),
        (status = 403, description = "Sent by a browser for another site", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn sign_out(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    caller: Option<Extension<Caller>>,
    cookies: CookieJar,
) -> Result<Response, ApiError> {
    let ended = match caller {
        Some(Extension(Caller { person, session, .. })) => {
            session::sign_out(&state.pool, session).await?;
            Some((person, session))
        }
        None => end_by_refresh_token(&state, &cookies).await?,
    };
    if let Some((person, session)) = ended {
        state.standings.end(session);
        let entry = Entry::by_person(Action::SignOut, person, visitor.address, visitor.request_id);
        access_log::record(&state.pool, &entry).await?;
    }
    Ok((StatusCode::NO_CONTENT, expired_cookies()).into_response())
}

/// For who comes after the access token has expired.
async fn end_by_refresh_token(state: &AppState, cookies: &CookieJar) -> Result<Option<(PersonId, Uuid)>, ApiError> {
    let token = cookies.get(REFRESH_COOKIE).and_then(|cookie| RefreshToken::received(cookie.value()));
    let Some(token) = token else {
        return Ok(None);
    };
    let person = session::sign_out_with_token(&state.pool, token.session(), &token.digest()).await?;
    Ok(person.map(|person| (person, token.session())))
}
