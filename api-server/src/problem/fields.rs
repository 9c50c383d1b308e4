//! Wrong fields of a request, collected so that a person sees all of them at once.

use serde::Serialize;
use utoipa::ToSchema;

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where: a JSON pointer into the body (`/password`), or `/query/<name>`, `/path/<name>`.
    #[schema(example = "/query/limit")]
    pub pointer: String,
    /// What is wrong with it.
    #[schema(example = "`900` is more than 500")]
    pub detail: String,
    /// What to send instead.
    #[schema(example = "send a whole number from 1 to 500")]
    pub remedy: String,
}

/// Collects [`FieldError`]s while a request is read.
#[derive(Debug, Default)]
pub struct Fields {
    errors: Vec<FieldError>,
}

impl Fields {
    /// Notes a wrong field.
    pub fn wrong(&mut self, pointer: &str, detail: impl Into<String>, remedy: impl Into<String>) {
        self.errors.push(FieldError { pointer: pointer.to_owned(), detail: detail.into(), remedy: remedy.into() });
    }

    /// True while nothing is wrong.
    pub fn are_fine(&self) -> bool {
        self.errors.is_empty()
    }

    /// The collected errors, in the order in which they were found.
    pub fn into_errors(self) -> Vec<FieldError> {
        self.errors
    }
}
