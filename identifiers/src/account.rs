//! The AWS account number.

use serde::{Deserialize, Serialize};

use crate::parsed_text::parsed_text;

/// An AWS account id: exactly twelve decimal digits, leading zeros included
/// (`sts:GetCallerIdentity`, member `Account`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountId(String);

/// The text is not an AWS account id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an AWS account id: write its twelve digits, in quotes so that a leading zero is kept")]
pub struct InvalidAccountId {
    text: String,
}

impl AccountId {
    fn check(text: &str) -> Result<(), InvalidAccountId> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(())
        } else {
            Err(InvalidAccountId { text: text.to_owned() })
        }
    }
}

parsed_text!(AccountId, InvalidAccountId);

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!(AccountId::try_from("000123456789").unwrap().as_str(), "000123456789");
    }

    #[rstest]
    #[case("")]
    #[case("12345678901")]
    #[case("1234567890123")]
    #[case("12345678901x")]
    #[case("１２３４５６７８９０１２")]
    fn anything_but_twelve_digits_is_refused(#[case] text: &str) {
        assert!(AccountId::try_from(text).is_err());
    }

    #[test]
    fn serde_goes_through_the_parser() {
        assert!(serde_json::from_str::<AccountId>("\"12\"").is_err());
    }
}
