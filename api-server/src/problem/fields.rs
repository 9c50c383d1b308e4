//! Wrong fields of a request, collected so that a person sees all of them at once. All that a
//! person can make use of: a body of ten thousand wrong names gets an answer of a few lines,
//! and what is repeated from a request is cut.

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

/// Errors that are told; one more says how many are not.
const MOST: usize = 20;
/// Characters of a pointer or a detail at most: enough to name every property of a list.
const LONGEST: usize = 1_000;

/// Collects [`FieldError`]s while a request is read.
#[derive(Debug, Default)]
pub struct Fields {
    errors: Vec<FieldError>,
    untold: usize,
}

impl Fields {
    /// Notes a wrong field.
    pub fn wrong(&mut self, pointer: &str, detail: impl Into<String>, remedy: impl Into<String>) {
        if self.errors.len() == MOST {
            self.untold += 1;
            return;
        }
        self.errors.push(FieldError { pointer: cut(pointer), detail: cut(&detail.into()), remedy: remedy.into() });
    }

    /// True while nothing is wrong.
    pub fn are_fine(&self) -> bool {
        self.errors.is_empty()
    }

    /// The collected errors, in the order in which they were found.
    pub fn into_errors(mut self) -> Vec<FieldError> {
        if self.untold > 0 {
            self.errors.push(FieldError {
                pointer: String::new(),
                detail: format!("{} more are wrong", self.untold),
                remedy: "correct these first".to_owned(),
            });
        }
        self.errors
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_errors_than_anybody_reads_are_counted_and_long_ones_cut() {
        let mut fields = Fields::default();
        for number in 0..1_000 {
            fields.wrong(&format!("/{number}"), "é".repeat(70_000), "leave it out");
        }
        let errors = fields.into_errors();
        assert_eq!(errors.len(), 21);
        assert_eq!(errors[0].detail, "é".repeat(1_000) + "…");
        assert_eq!(errors[20].detail, "980 more are wrong");
    }
}
