//! The body of a sign-in.

use axum::body::Bytes;
use secrecy::SecretString;
use serde_json::Value;
use utoipa::ToSchema;

use crate::problem::{ApiError, Fields};

/// Longest name or password that is looked at, in characters.
const LONGEST: usize = 128;

/// A name and a password.
#[derive(Debug, ToSchema)]
pub struct Credentials {
    /// Compared without regard to case.
    #[schema(example = "admin")]
    pub username: String,
    /// At most 128 characters.
    #[schema(value_type = String, format = Password, example = "correct horse battery staple")]
    pub password: SecretString,
}

impl Credentials {
    /// Reads the body and names every wrong field.
    pub fn parse(body: &Bytes) -> Result<Self, ApiError> {
        const REMEDY: &str = "send {\"username\": \"…\", \"password\": \"…\"}";
        let value: Value = serde_json::from_slice(body)
            .map_err(|error| ApiError::field("", format!("the body is no JSON: {error}"), REMEDY))?;
        let object = value.as_object().ok_or_else(|| ApiError::field("", "the body is no JSON object", REMEDY))?;
        let mut fields = Fields::default();
        for name in object.keys().filter(|name| !["username", "password"].contains(&name.as_str())) {
            fields.wrong(&format!("/{name}"), "there is no such field", "leave it out");
        }
        let username = text(object.get("username"), "/username", &mut fields);
        let password = text(object.get("password"), "/password", &mut fields);
        match (username, password) {
            (Some(username), Some(password)) if fields.are_fine() => {
                Ok(Self { username: username.to_owned(), password: password.into() })
            }
            _ => Err(ApiError::Validation(fields.into_errors())),
        }
    }
}

fn text<'a>(value: Option<&'a Value>, pointer: &str, fields: &mut Fields) -> Option<&'a str> {
    let text = value.and_then(Value::as_str);
    let remedy = "send a text of 1 to 128 characters";
    match text {
        None if value.is_none() => fields.wrong(pointer, "it is missing", remedy),
        None => fields.wrong(pointer, "it is no text", remedy),
        Some("") => fields.wrong(pointer, "it is empty", remedy),
        Some(text) if text.chars().count() > LONGEST => fields.wrong(pointer, "it is too long", remedy),
        // Postgres has no place for it in a text.
        Some(text) if text.contains('\0') => fields.wrong(pointer, "it has the character NUL", remedy),
        Some(text) => return Some(text),
    }
    None
}
