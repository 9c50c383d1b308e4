//! The body of a problem, and the layer that writes it.
//!
//! A handler's error becomes an empty response that carries the [`Problem`] as an extension;
//! [`render`], outside of everything else, adds the request's id and writes JSON. So a
//! refusal by a layer (405, timeout, body limit) looks the same as one by a handler.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::error::ApiError;
use super::fields::FieldError;
use crate::middleware::RequestId;

/// Media type of a problem (RFC 9457).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// An RFC 9457 problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `https://deskfleet.dev/problems/<slug>`, or `about:blank` where the status says it all.
    #[schema(example = "https://deskfleet.dev/problems/validation")]
    pub r#type: &'static str,
    /// The same for every problem of this type.
    #[schema(example = "The request has wrong fields")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(example = 400)]
    pub status: u16,
    /// What happened here, and what can be done.
    #[schema(example = "Correct the fields named in `errors` and send the request again.")]
    pub detail: String,
    /// Finds this request in the server's log; also the header `x-request-id`.
    #[schema(example = "0193605e-97a3-7c1e-8d0e-3f0f5c8f2a11")]
    pub request_id: String,
    /// Every wrong field; empty where the problem is not about fields.
    pub errors: Vec<FieldError>,
    /// Seconds until the next try may pass; also the header `Retry-After`.
    #[serde(skip)]
    retry_after_seconds: Option<u64>,
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        let status = error.status().as_u16();
        let (r#type, title) = kind(&error);
        let detail = detail(&error);
        let mut retry_after_seconds = None;
        let mut errors = Vec::new();
        match error {
            ApiError::Validation(fields) => errors = fields,
            ApiError::RateLimited { retry_after } => retry_after_seconds = Some(retry_after.as_secs().max(1)),
            ApiError::DependencyDown { .. } => retry_after_seconds = Some(5),
            _ => {}
        }
        Self { r#type, title, status, detail, request_id: String::new(), errors, retry_after_seconds }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Middleware: writes the body of every problem, and turns bare refusals into problems.
pub async fn render(request: Request, next: Next) -> Response {
    let request_id = request.extensions().get::<RequestId>().copied().unwrap_or_default();
    let mut response = next.run(request).await;
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if is_bare_refusal(&response) => ApiError::of_status(response.status()).into(),
        None => return response,
    };
    let problem = Problem { request_id: request_id.to_string(), ..problem };
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.status = StatusCode::from_u16(problem.status).unwrap_or(parts.status);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    Response::from_parts(parts, body.into())
}

fn is_bare_refusal(response: &Response) -> bool {
    let refused = response.status().is_client_error() || response.status().is_server_error();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    // Health answers 503 with its own JSON; that is an answer, not a refusal.
    refused && content_type.is_none_or(|value| value.as_bytes().starts_with(b"text/plain"))
}

/// Type and title: the closed list that clients may match on.
const fn kind(error: &ApiError) -> (&'static str, &'static str) {
    match error {
        ApiError::Validation(_) => ("https://deskfleet.dev/problems/validation", "The request has wrong fields"),
        ApiError::Unauthenticated | ApiError::WrongCredentials => {
            ("https://deskfleet.dev/problems/unauthenticated", "Not signed in")
        }
        ApiError::Forbidden { .. } | ApiError::CrossSite => ("https://deskfleet.dev/problems/forbidden", "Not allowed"),
        ApiError::NotFound { .. } => ("https://deskfleet.dev/problems/not-found", "Not found"),
        ApiError::TooLarge { .. } => ("https://deskfleet.dev/problems/too-large", "Too large"),
        ApiError::RateLimited { .. } => ("https://deskfleet.dev/problems/rate-limited", "Too many requests"),
        ApiError::DependencyDown { .. } => {
            ("https://deskfleet.dev/problems/dependency-down", "Something deskfleet needs is not available")
        }
        ApiError::MethodNotAllowed => ("about:blank", "Method Not Allowed"),
        ApiError::TooSlow { .. } => ("about:blank", "Request Timeout"),
        ApiError::Internal => ("about:blank", "Internal Server Error"),
    }
}

fn detail(error: &ApiError) -> String {
    match error {
        ApiError::Validation(_) => "Correct the fields named in `errors` and send the request again.".to_owned(),
        ApiError::Unauthenticated => "Sign in with POST /api/v1/session.".to_owned(),
        ApiError::WrongCredentials => "The user name or the password is wrong.".to_owned(),
        ApiError::Forbidden { needed } => {
            format!("This needs the capability {needed}, which your role does not have; an administrator can grant it.")
        }
        ApiError::CrossSite => "A browser sent this request for another site; open deskfleet itself.".to_owned(),
        ApiError::NotFound { thing } => format!("There is no such {thing}, or it is outside of what you may see."),
        ApiError::MethodNotAllowed => {
            "This route does not answer this method; the header `Allow` lists those it does.".to_owned()
        }
        ApiError::TooSlow { limit } => format!(
            "The request was not there, or not answered, within {} s; send it again, its body without a pause.",
            limit.as_secs()
        ),
        ApiError::TooLarge { limit_bytes } => format!("The body may have at most {limit_bytes} bytes."),
        ApiError::RateLimited { retry_after } => {
            format!("Try again in {} s.", retry_after.as_secs().max(1))
        }
        ApiError::DependencyDown { dependency } => {
            format!("deskfleet cannot use {dependency} now; try again in some seconds. GET /api/v1/health says more.")
        }
        ApiError::Internal => "The cause is in the server's log under this request's id.".to_owned(),
    }
}
