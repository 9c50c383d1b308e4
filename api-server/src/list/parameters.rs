//! A query string, taken apart once. What nobody takes is refused by name: a misspelled
//! filter must not quietly show everything.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use crate::problem::Fields;

/// The parameters of a request.
#[derive(Debug)]
pub struct Parameters<'q> {
    pairs: Vec<(Cow<'q, str>, Cow<'q, str>)>,
    known: Vec<&'static str>,
}

impl<'q> Parameters<'q> {
    /// Takes a query string apart. What is no UTF-8 is refused: decoded anyhow it would ask for
    /// something else.
    pub fn parse(query: Option<&'q str>, fields: &mut Fields) -> Self {
        if percent_decode_str(query.unwrap_or_default()).decode_utf8().is_err() {
            fields.wrong("/query", "it is no UTF-8", "percent-encode the UTF-8 bytes of each character");
        }
        Self { pairs: form_urlencoded::parse(query.unwrap_or_default().as_bytes()).collect(), known: Vec::new() }
    }

    /// Takes one parameter; twice the same name is an error.
    pub fn take(&mut self, name: &'static str, fields: &mut Fields) -> Option<String> {
        self.known.push(name);
        let mut values = self.pairs.extract_if(.., |(given, _)| given == name).map(|(_, value)| value.into_owned());
        let first = values.next();
        if values.next().is_some() {
            fields.wrong(&pointer(name), "it stands there more than once", "send it once");
        }
        first
    }

    /// Refuses whatever nobody took.
    pub fn refuse_rest(self, fields: &mut Fields) {
        for (name, _) in &self.pairs {
            fields.wrong(
                &pointer(name),
                "there is no such parameter",
                format!("leave it out; there are: {}", self.known.join(", ")),
            );
        }
    }
}

/// Where an error in a query parameter points.
pub(super) fn pointer(name: &str) -> String {
    // RFC 6901: `~` and `/` are escaped.
    format!("/query/{}", name.replace('~', "~0").replace('/', "~1"))
}
