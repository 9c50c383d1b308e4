//! What goes wrong, as callers see it: RFC 9457 problems.
//!
//! ```text
//! error.rs    ApiError        one variant a status; what handlers return
//! fields.rs   FieldError(s)   every wrong field of a request, collected
//! body.rs     Problem         the JSON body, and its rendering with the request's id
//! ```
//!
//! Deliberately absent: texts of databases, file systems or libraries. They go to the log,
//! a problem says what the caller can do.

mod body;
mod error;
mod fields;

pub use body::{PROBLEM_JSON, Problem, render};
pub use error::ApiError;
pub use fields::{FieldError, Fields};
