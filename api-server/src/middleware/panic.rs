//! A panic in a handler: the log has its text, the caller a 500 problem, the server goes on.

use std::any::Any;

use axum::response::{IntoResponse, Response};

use crate::problem::ApiError;

/// For tower-http's `CatchPanicLayer`.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands over the payload")]
pub fn to_problem(payload: Box<dyn Any + Send + 'static>) -> Response {
    let text = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| payload.downcast_ref::<&'static str>().copied())
        .unwrap_or("a panic without text");
    tracing::error!(panic = text, "a handler panicked");
    ApiError::Internal.into_response()
}
