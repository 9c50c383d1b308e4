//! The access cookie becomes a [`Caller`].
//!
//! Two layers: [`identify`] on every API route knows who it is, if anybody; and
//! [`require_sign_in`] on all routes but the public ones refuses nobody. A handler that
//! forgets to ask for a caller is thus still not open.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;

use super::observe::Answered;
use crate::{
    AppState,
    identity::{ACCESS_COOKIE, Caller, Verdict},
    problem::ApiError,
};

/// What the access cookie came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Identity {
    Known(Caller),
    Nobody,
    /// The token is good, and nobody can say whether its session still stands.
    Undecided,
}

/// Middleware: leaves the [`Caller`] in the request, if there is one.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let identity = identity(&state, &CookieJar::from_headers(request.headers()));
    request.extensions_mut().insert(identity);
    let Identity::Known(caller) = identity else {
        return next.run(request).await;
    };
    request.extensions_mut().insert(caller);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Answered(caller));
    response
}

/// Middleware: 401 without a caller.
pub async fn require_sign_in(request: Request, next: Next) -> Response {
    match request.extensions().get::<Identity>() {
        Some(Identity::Known(_)) => next.run(request).await,
        Some(Identity::Undecided) => ApiError::DependencyDown { dependency: "the database" }.into_response(),
        Some(Identity::Nobody) | None => ApiError::Unauthenticated.into_response(),
    }
}

fn identity(state: &AppState, cookies: &CookieJar) -> Identity {
    let token = cookies.get(ACCESS_COOKIE).map(axum_extra::extract::cookie::Cookie::value);
    let Some(Ok((caller, issued))) = token.map(|token| state.tokens.check(token, state.clock.now())) else {
        return Identity::Nobody;
    };
    match state.standings.of_token(&caller, issued) {
        Verdict::Stands => Identity::Known(caller),
        // With another role the refresh token still fits, and gets a token that says so.
        Verdict::Over | Verdict::Changed => Identity::Nobody,
        Verdict::Unknown => Identity::Undecided,
    }
}
