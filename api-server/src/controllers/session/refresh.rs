//! `POST /session/refresh`

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use http::StatusCode;
use store::{
    access_log::{self, Action, Entry},
    session::{self, Rotation},
};

use crate::{
    AppState,
    identity::{Caller, REFRESH_COOKIE, REFRESH_LIFETIME, RefreshToken, Visitor, expired_cookies, session_cookies},
    problem::{ApiError, Problem},
};

/// Exchanges the refresh cookie for new cookies.
///
/// Each refresh token is good once. One that comes a second time shows that somebody has a
/// copy: the whole session ends, for the thief and for the owner. Browsers with several tabs
/// must therefore refresh one at a time (Web Locks).
#[utoipa::path(
    post, path = "/session/refresh", tag = "session", operation_id = "refreshSession",
    responses(
        (status = 204, description = "New cookies are set"),
        (status = 401, description = "The session is over; sign in again", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Sent by a browser for another site", body = Problem, content_type = "application/problem+json"),
    ),
    security(())
)]
pub async fn refresh(
    State(state): State<AppState>,
    Extension(visitor): Extension<Visitor>,
    cookies: CookieJar,
) -> Result<Response, ApiError> {
    let received = cookies.get(REFRESH_COOKIE).and_then(|cookie| RefreshToken::received(cookie.value()));
    let Some(received) = received else {
        return Ok(over());
    };
    let session = received.session();
    let next = RefreshToken::generate(session);
    match session::rotate(&state.pool, session, &received.digest(), &next.digest(), REFRESH_LIFETIME).await? {
        Rotation::Rotated { person, role } => {
            let access = state.tokens.issue(&Caller { person, session, role }, state.clock.now())?;
            Ok((StatusCode::NO_CONTENT, session_cookies(&access, next.expose())).into_response())
        }
        Rotation::Reused { person } => {
            state.standings.end(session);
            tracing::warn!(person.id = %person, session.id = %session, "a refresh token came twice; its session is revoked");
            let entry = Entry::by_visitor(Action::TokenReused, visitor.address, visitor.request_id);
            access_log::record(&state.pool, &entry.about_person(person)).await?;
            Ok(over())
        }
        Rotation::Over => Ok(over()),
    }
}

/// 401, and the browser forgets cookies that are good for nothing.
fn over() -> Response {
    let mut response = ApiError::Unauthenticated.into_response();
    response.headers_mut().extend(expired_cookies());
    response
}
