//! An id for each request: in its log line, its problem and the header `x-request-id`.
//! Always made here: an id that a caller chose could be anything in the log.

use std::fmt::{self, Display, Formatter};

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue};
use uuid::Uuid;

/// The header.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request; ids of later requests are larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestId(pub Uuid);

impl Display for RequestId {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Middleware: gives the request its id, and the answer too.
pub async fn with_id(mut request: Request, next: Next) -> Response {
    let id = RequestId(Uuid::now_v7());
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}
