//! AWS regions and the partition each belongs to.

use serde::{Deserialize, Serialize};

use crate::parsed_text::parsed_text;

/// An AWS region code such as `eu-central-1`.
///
/// New regions appear without notice, so there is no list: a code is accepted when
/// it has the form of one of AWS's partitions (the region patterns of the SDKs'
/// `partitions.json`), which still catches a typing error in the first word.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Region(String);

/// A set of regions with its own credentials, endpoints and ARNs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Partition {
    /// Commercial regions, `arn:aws:`.
    Aws,
    /// China, `arn:aws-cn:`.
    AwsCn,
    /// GovCloud (US), `arn:aws-us-gov:`.
    AwsUsGov,
}

/// The text is not the code of an AWS region.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an AWS region code: write one such as us-east-1, eu-central-1, cn-north-1 or us-gov-west-1")]
pub struct InvalidRegion {
    text: String,
}

/// First words of commercial regions.
const COMMERCIAL: [&str; 9] = ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"];

impl Region {
    fn check(text: &str) -> Result<(), InvalidRegion> {
        match partition_of(text) {
            Some(_) => Ok(()),
            None => Err(InvalidRegion { text: text.to_owned() }),
        }
    }

    /// The partition this region belongs to.
    pub fn partition(&self) -> Partition {
        partition_of(&self.0).unwrap_or(Partition::Aws)
    }
}

impl Partition {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Aws, Self::AwsCn, Self::AwsUsGov];

    /// The second field of an ARN: `aws`, `aws-cn` or `aws-us-gov`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsCn => "aws-cn",
            Self::AwsUsGov => "aws-us-gov",
        }
    }
}

parsed_text!(Region, InvalidRegion);

fn partition_of(text: &str) -> Option<Partition> {
    if text.len() > 32 {
        return None;
    }
    let words: Vec<&str> = text.split('-').collect();
    match words.as_slice() {
        ["us", "gov", place, number] if is_place(place) && is_number(number) => Some(Partition::AwsUsGov),
        ["cn", place, number] if is_place(place) && is_number(number) => Some(Partition::AwsCn),
        [first, place, number] if COMMERCIAL.contains(first) && is_place(place) && is_number(number) => {
            Some(Partition::Aws)
        }
        _ => None,
    }
}

fn is_place(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("us-east-1", Partition::Aws)]
    #[case("ap-southeast-2", Partition::Aws)]
    #[case("mx-central-1", Partition::Aws)]
    #[case("cn-northwest-1", Partition::AwsCn)]
    #[case("us-gov-west-1", Partition::AwsUsGov)]
    fn a_region_knows_its_partition(#[case] text: &str, #[case] partition: Partition) {
        assert_eq!(Region::try_from(text).unwrap().partition(), partition);
    }

    #[rstest]
    #[case("")]
    #[case("mars-north-1")]
    #[case("us-east")]
    #[case("US-EAST-1")]
    #[case("us-east-1a")]
    #[case("us-gov-west")]
    #[case("us--1")]
    #[case("us-east-1 ")]
    fn a_word_that_is_no_region_is_refused(#[case] text: &str) {
        assert!(Region::try_from(text).is_err(), "{text}");
    }
}
