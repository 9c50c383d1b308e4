//! Kubernetes names, with the lengths that keep names derived from them legal.
//!
//! A custom resource's name ends up in child names (`ss-<name>`, and the Job
//! controller appends eleven more characters), in label values (63) and in pod
//! host names (63): forty characters leave room for all of them.

use serde::{Deserialize, Serialize};

use crate::parsed_text::parsed_text;

/// The name of one of our custom resources: a DNS label of at most 40 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectName(String);

/// A Kubernetes namespace: a DNS label of at most 63 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Namespace(String);

/// A Secret that a custom resource may name: it starts with `deskfleet-`, so that
/// nobody can mount another tenant's Secret through us.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SecretName(String);

/// Where a custom resource lives: its namespace and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    /// Its namespace.
    pub namespace: Namespace,
    /// Its name.
    pub name: ObjectName,
}

/// The text cannot be that kind of name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Not lower-case letters, digits and inner hyphens.
    #[error(
        "{text:?} is not a Kubernetes name: use lower-case letters, digits and hyphens, and start and end with a letter or digit"
    )]
    NotALabel {
        /// What was given.
        text: String,
    },
    /// Longer than derived names allow.
    #[error("{text:?} has {length} characters, at most {most} are allowed")]
    TooLong {
        /// What was given.
        text: String,
        /// Its length.
        length: usize,
        /// The longest allowed.
        most: usize,
    },
    /// A Secret outside our prefix.
    #[error("Secret {text:?} may not be named: rename it to start with \"deskfleet-\"")]
    ForeignSecret {
        /// What was given.
        text: String,
    },
}

impl ObjectName {
    /// The longest name that keeps every derived name legal.
    pub const MAX: usize = 40;

    fn check(text: &str) -> Result<(), InvalidName> {
        check_label(text, Self::MAX)
    }
}

impl Namespace {
    fn check(text: &str) -> Result<(), InvalidName> {
        check_label(text, 63)
    }
}

impl SecretName {
    /// What every Secret named by a custom resource starts with.
    pub const PREFIX: &str = "deskfleet-";

    fn check(text: &str) -> Result<(), InvalidName> {
        if !text.starts_with(Self::PREFIX) {
            return Err(InvalidName::ForeignSecret { text: text.to_owned() });
        }
        check_label(text, 63)
    }
}

impl std::fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.namespace, self.name)
    }
}

parsed_text!(ObjectName, InvalidName);
parsed_text!(Namespace, InvalidName);
parsed_text!(SecretName, InvalidName);

fn check_label(text: &str, most: usize) -> Result<(), InvalidName> {
    let edge = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let inner = |byte: u8| edge(byte) || byte == b'-';
    let bytes = text.as_bytes();
    let well_formed =
        matches!(bytes, [first, .., last] if edge(*first) && edge(*last)) || matches!(bytes, [only] if edge(*only));
    if !well_formed || !bytes.iter().copied().all(inner) {
        return Err(InvalidName::NotALabel { text: text.to_owned() });
    }
    if text.len() > most {
        return Err(InvalidName::TooLong { text: text.to_owned(), length: text.len(), most });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("")]
    #[case("-a")]
    #[case("a-")]
    #[case("Upper")]
    #[case("dotted.name")]
    #[case("ümlaut")]
    fn what_is_no_dns_label_is_refused(#[case] text: &str) {
        assert!(matches!(ObjectName::try_from(text), Err(InvalidName::NotALabel { .. })));
    }

    #[test]
    fn forty_characters_pass_and_forty_one_do_not() {
        assert!(ObjectName::try_from("a".repeat(40).as_str()).is_ok());
        assert!(matches!(
            ObjectName::try_from("a".repeat(41).as_str()),
            Err(InvalidName::TooLong { length: 41, most: 40, .. })
        ));
    }

    #[test]
    fn a_secret_outside_the_prefix_is_refused_with_the_remedy() {
        let error = SecretName::try_from("kube-root-token").unwrap_err();
        assert!(error.to_string().contains("start with \"deskfleet-\""));
    }

    proptest! {
        #[test]
        fn what_is_accepted_prints_as_it_was_given(text in "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?") {
            prop_assert_eq!(ObjectName::try_from(text.as_str()).unwrap().to_string(), text);
        }
    }
}
