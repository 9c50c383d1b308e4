//! What must never be kept, whatever AWS or a caller put into an event: passwords, shared
//! secrets of RADIUS servers, registration codes, tokens.
//!
//! AWS writes `HIDDEN_DUE_TO_SECURITY_REASONS` over the secrets that it knows of. Here a
//! member whose name speaks of a secret loses its value, and a secret that is repeated
//! anywhere else in the event, such as in an error message, is taken out there as well.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// What stands in the place of a secret.
pub(super) const REDACTED: &str = "(redacted)";
/// AWS's own word, which says the same and is kept.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";
/// Parts of names, in lower case without `_` and `-`, that speak of a secret.
const WORDS: [&str; 12] = [
    "password",
    "passphrase",
    "secret",
    "registrationcode",
    "privatekey",
    "sessiontoken",
    "securitytoken",
    "webidentitytoken",
    "samlassertion",
    "credential",
    "authorizationcode",
    "bearertoken",
];
/// Names that hold the place of a secret and not the secret itself.
const PLACES: [&str; 4] = ["arn", "credentialfromconsole", "credentialid", "passwordlink"];
/// Shorter texts are not looked for elsewhere: too many other texts would contain them.
const SHORTEST: usize = 4;
/// Secrets of one event that are looked for elsewhere, at most.
const MOST: usize = 50;

/// The secrets of one event.
#[derive(Debug, Default)]
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    /// Those in members of `document` whose names say so.
    pub(super) fn of(document: &Value) -> Self {
        let mut found = Vec::new();
        let mut left = vec![(document, false)];
        while let Some((value, secret)) = left.pop() {
            match value {
                Value::String(text) if secret && text.len() >= SHORTEST && text != HIDDEN => found.push(text.clone()),
                Value::Array(items) => left.extend(items.iter().map(|item| (item, secret))),
                Value::Object(members) => {
                    left.extend(members.iter().map(|(name, item)| (item, secret || holds_secret(members, name))));
                }
                _ => {}
            }
        }
        // The longest first: one may be a part of another.
        found.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
        found.dedup();
        found.truncate(MOST);
        Self(found)
    }

    /// `text` without any of the secrets.
    pub(super) fn without<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = Cow::Borrowed(text);
        for secret in &self.0 {
            if text.contains(secret.as_str()) {
                text = Cow::Owned(text.replace(secret.as_str(), REDACTED));
            }
        }
        text
    }
}

/// What stands instead of the secret `value`; `None` where there is nothing to hide.
pub(super) fn instead_of(value: &Value) -> Option<Value> {
    let is_harmless = value.is_null() || value.as_str() == Some(HIDDEN);
    (!is_harmless).then(|| Value::String(REDACTED.to_owned()))
}

/// Whether the member `name` of an object holds a secret: by its own name, or because it is
/// the value of what a member beside it names, as in `{"name": "Password", "value": "..."}`.
pub(super) fn holds_secret(members: &Map<String, Value>, name: &str) -> bool {
    let label = || ["key", "name"].iter().find_map(|label| members.get(*label)?.as_str());
    is_secret(name) || (name == "value" && label().is_some_and(is_secret))
}

/// Whether a name speaks of a secret.
pub(super) fn is_secret(name: &str) -> bool {
    let name: String = name.chars().filter(|letter| !matches!(letter, '_' | '-')).collect::<String>().to_lowercase();
    WORDS.iter().any(|word| name.contains(word)) && !PLACES.iter().any(|place| name.ends_with(place))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    #[rstest]
    #[case("newPassword", true)]
    #[case("sharedSecret", true)]
    #[case("SharedSecret", true)]
    #[case("registration_code", true)]
    #[case("trustPassword", true)]
    #[case("sessionToken", true)]
    #[case("secretArn", false)]
    #[case("forgotPasswordLink", false)]
    #[case("nextToken", false)]
    #[case("clientToken", false)]
    #[case("tagKeys", false)]
    fn a_name_tells_a_secret(#[case] name: &str, #[case] secret: bool) {
        assert_eq!(is_secret(name), secret);
    }

    #[test]
    fn a_secret_is_taken_out_wherever_it_is_repeated() {
        let secrets =
            Secrets::of(&json!({"a": [{"newPassword": "hunter22"}], "b": {"secret": {"value": "hunter22!"}}}));
        assert_eq!(secrets.without("weak: hunter22! or hunter22"), "weak: (redacted) or (redacted)");
    }

    #[test]
    fn a_value_is_a_secret_where_the_name_beside_it_says_so() {
        let pair = json!({"key": "AdminPassword", "value": "hunter22"});
        assert!(holds_secret(pair.as_object().unwrap(), "value"));
        assert_eq!(Secrets::of(&json!([pair])).without("hunter22"), REDACTED);
    }

    #[test]
    fn a_secret_that_aws_hid_says_so() {
        assert_eq!(instead_of(&json!(HIDDEN)), None);
        assert_eq!(instead_of(&json!(["a"])), Some(json!(REDACTED)));
        assert_eq!(Secrets::of(&json!({"password": HIDDEN})).without(HIDDEN), HIDDEN);
    }
}
