//! The one error of every handler. A variant is a status; its fields are the object.

use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use store::{
    QueryError,
    database::{Trouble, trouble},
};

use super::body::Problem;
use super::fields::{FieldError, Fields};
use crate::identity::Capability;

/// Why a request was not answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// 400: the request itself is wrong.
    #[error("the request has {} wrong field(s)", .0.len())]
    Validation(Vec<FieldError>),
    /// 401: nobody is signed in, or no longer.
    #[error("nobody is signed in")]
    Unauthenticated,
    /// 401: the name or the password is wrong; the answer never says which.
    #[error("the user name or the password is wrong")]
    WrongCredentials,
    /// 403: the person lacks a capability.
    #[error("the capability {needed} is missing")]
    Forbidden {
        /// What the request needs.
        needed: Capability,
    },
    /// 403: a browser sent the request for another site.
    #[error("the request came from another site")]
    CrossSite,
    /// 404: there is no such thing, or not for this person.
    #[error("there is no such {thing}")]
    NotFound {
        /// What was looked for: `WorkSpace`, `route`.
        thing: &'static str,
    },
    /// 405: the route has no such method.
    #[error("the route does not answer this method")]
    MethodNotAllowed,
    /// 408: the request did not come, or was not answered, in time.
    #[error("the request took longer than {} s", .limit.as_secs())]
    TooSlow {
        /// The limit.
        limit: Duration,
    },
    /// 413: the body is too large.
    #[error("the body is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The limit.
        limit_bytes: usize,
    },
    /// 429: too many requests.
    #[error("too many requests")]
    RateLimited {
        /// When the next one will be answered.
        retry_after: Duration,
    },
    /// 503: something this server needs is not there.
    #[error("{dependency} cannot be used")]
    DependencyDown {
        /// What is missing, in words for people: `the database`.
        dependency: &'static str,
    },
    /// 500: a fault of ours. The cause is in the log under the request's id.
    #[error("a fault in deskfleet")]
    Internal,
}

impl ApiError {
    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Validation(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated | Self::WrongCredentials => StatusCode::UNAUTHORIZED,
            Self::Forbidden { .. } | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound { .. } => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::DependencyDown { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// One wrong field.
    pub fn field(pointer: &str, detail: impl Into<String>, remedy: impl Into<String>) -> Self {
        let mut fields = Fields::default();
        fields.wrong(pointer, detail, remedy);
        Self::Validation(fields.into_errors())
    }

    /// The error for a response that axum or a layer made by status alone.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Unauthenticated,
            StatusCode::NOT_FOUND => Self::NotFound { thing: "route" },
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge { limit_bytes: crate::middleware::BODY_LIMIT_BYTES },
            StatusCode::REQUEST_TIMEOUT => Self::TooSlow { limit: crate::middleware::TIME_LIMIT },
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                Self::DependencyDown { dependency: "the database" }
            }
            status if status.is_client_error() => {
                Self::field("", format!("the request was refused with {status}"), "see /api/docs for what can be sent")
            }
            _ => Self::Internal,
        }
    }
}

impl From<QueryError> for ApiError {
    fn from(error: QueryError) -> Self {
        match trouble(&error) {
            Trouble::Unreachable | Trouble::DiskFull | Trouble::Schema => {
                tracing::warn!(error = %error, "the database cannot be used");
                Self::DependencyDown { dependency: "the database" }
            }
            Trouble::Fault => {
                tracing::error!(error = %error, "a query failed");
                Self::Internal
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        Problem::from(self).into_response()
    }
}

impl From<store::list::PageError> for ApiError {
    fn from(error: store::list::PageError) -> Self {
        match error {
            store::list::PageError::Query(error) => error.into(),
            store::list::PageError::Position(error) => {
                Self::field("/query/cursor", error.to_string(), "leave it out to start from the first page")
            }
        }
    }
}
