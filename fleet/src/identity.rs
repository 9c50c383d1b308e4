//! Ids that AWS gives to desktops and to what surrounds them.
//!
//! AWS documents patterns (`ws-[0-9a-z]{8,63}`) and does not always keep to its own
//! patterns in answers, so an id is accepted when it can be stored and sent back: refusing
//! an unusual one would hide a desktop that is there.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The text cannot be an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an id of AWS: expected 1 to 128 letters, digits, - or _")]
pub struct InvalidIdentity {
    text: String,
}

macro_rules! identity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidIdentity;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                if is_identity(&text) { Ok(Self(text)) } else { Err(InvalidIdentity { text }) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = InvalidIdentity;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

identity! {
    /// A desktop's id, such as `ws-8bhk2m9sf`; unique within account and region.
    WorkspaceId
}

identity! {
    /// A directory's id: `d-…` where Directory Service has it, `wsd-…` where only
    /// `WorkSpaces` does (Entra, Identity Center, own identity provider).
    DirectoryId
}

identity! {
    /// A bundle's id, such as `wsb-8bhk2m9sf`.
    BundleId
}

identity! {
    /// An event's id in `CloudTrail`, a UUID; unique within account and region.
    EventId
}

identity! {
    /// An image's id, such as `wsi-8bhk2m9sf`.
    ImageId
}

identity! {
    /// A pool's id, such as `wspool-8bhk2m9sf`.
    PoolId
}

identity! {
    /// The id of a session of a pool, a UUID.
    PoolSessionId
}

impl DirectoryId {
    /// Whether Directory Service can know it; `wsd-` directories are `WorkSpaces`' own.
    pub fn is_in_directory_service(&self) -> bool {
        self.0.starts_with("d-")
    }
}

fn is_identity(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ws-8bhk2m9sf")]
    #[case("ws-UPPER_case")]
    fn an_id_that_can_be_sent_back_is_accepted(#[case] text: &str) {
        assert_eq!(WorkspaceId::try_from(text).unwrap().as_str(), text);
    }

    #[rstest]
    #[case("")]
    #[case("ws 1")]
    #[case("ws-1\n")]
    #[case("ws-é")]
    fn what_cannot_be_an_id_is_refused(#[case] text: &str) {
        assert!(WorkspaceId::try_from(text).is_err());
    }

    #[test]
    fn directory_service_knows_no_wsd_directories() {
        assert!(DirectoryId::try_from("d-92674c0a1b").unwrap().is_in_directory_service());
        assert!(!DirectoryId::try_from("wsd-0123abcd").unwrap().is_in_directory_service());
    }
}
