//! User names: short, printable, no blanks at the ends; compared without regard to case.

use std::fmt::{self, Display, Formatter};

/// A name that a person signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

/// Why a text is no user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UsernameError {
    /// Empty or longer than 64 characters.
    #[error("a user name has 1 to 64 characters")]
    Length,
    /// Holds something else than letters, digits and `. _ - @ +`.
    #[error("a user name has letters, digits and . _ - @ + only")]
    Characters,
}

impl Username {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for Username {
    type Error = UsernameError;

    fn try_from(text: &str) -> Result<Self, UsernameError> {
        if text.is_empty() || text.chars().count() > 64 {
            return Err(UsernameError::Length);
        }
        if text.chars().all(|c| c.is_alphanumeric() || "._-@+".contains(c)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(UsernameError::Characters)
        }
    }
}

impl Display for Username {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("ann", true)]
    #[case("ann.o_neil-2@example.com", true)]
    #[case("Åsa", true)]
    #[case("", false)]
    #[case(" ann", false)]
    #[case("ann\u{202e}", false)]
    #[case(&"a".repeat(65), false)]
    fn names_are_short_and_printable(#[case] text: &str, #[case] fine: bool) {
        assert_eq!(Username::try_from(text).is_ok(), fine, "{text:?}");
    }
}
