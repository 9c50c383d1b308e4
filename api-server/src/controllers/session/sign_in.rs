//! `POST /session`

use axum::{
    Extension, Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;

use http::header;

use super::credentials::Credentials;
use crate::{
    AppState,
    controllers::me::Me,
    identity::{self, Caller, Claim, DEVICE_COOKIE, Devices, Visitor, device_cookie, session_cookies},
    problem::{ApiError, Problem},
};

/// Signs in with name and password.
///
/// Sets three cookies that scripts cannot read: an access token for five minutes, a refresh
/// token for thirty days, and a mark of the device for a year. After five wrong passwords from
/// one network a name rests there for 1, 2, 4 … seconds, at most five minutes; a name, and a
/// network, have 100 failures an hour. A device that signed in as the person before is counted
/// by itself. Whether the name exists makes no difference to answer or time.
#[utoipa::path(
    post, path = "/session", tag = "session", operation_id = "signIn",
    request_body(content = Credentials, content_type = "application/json"),
    responses(
        (status = 200, description = "Signed in; three cookies are set", body = Me),
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
    cookies: CookieJar,
    body: Bytes,
) -> Result<Response, ApiError> {
    let Credentials { username, password } = Credentials::parse(&body)?;
    let keys = state.keys.current();
    let marks = cookies.get(DEVICE_COOKIE).map_or("", |cookie| cookie.value());
    let devices = Devices::received(marks, &keys, state.clock.now());
    let begun = identity::sign_in(&state, Claim { username, password, devices, visitor }).await?;
    let caller = Caller { person: begun.person.id, session: begun.session, role: begun.person.role };
    let access = state.tokens.issue(&caller, state.clock.now())?;
    let mut response = Json(Me::from(begun.person)).into_response();
    // Two maps of the same name: `append`, as `extend` would replace the first.
    let device = device_cookie(&begun.devices.cookie(&keys));
    for (_, cookie) in session_cookies(&access, begun.refresh.expose()).iter().chain(&device) {
        response.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(response)
}
