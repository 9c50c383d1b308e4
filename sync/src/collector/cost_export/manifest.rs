//! Manifests: which month a key is of, and which files a delivery has.
//!
//! AWS publishes that `dataFiles` lists them; of other members only `executionId` is taken,
//! where it is there.

use identifiers::Region;
use jiff::civil::Date;
use serde::Deserialize;

use super::unreadable::Unreadable;

/// The end of a manifest's name.
const ENDING: &str = "-Manifest.json";
const PERIOD: &str = "BILLING_PERIOD=";

/// What a manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    /// Keys of its files, in its order.
    pub(super) files: Vec<String>,
    /// AWS's id of the delivery.
    pub(super) execution_id: Option<String>,
}

/// The month of the manifest with `key` in the folder `metadata`; `None` for other objects.
pub(super) fn month(key: &str, metadata: &str) -> Option<Date> {
    let rest = key.strip_prefix(metadata)?.trim_start_matches('/');
    let (period, name) = rest.strip_prefix(PERIOD)?.split_once('/')?;
    if !name.ends_with(ENDING) {
        return None;
    }
    let (year, month) = period.split_once('-')?;
    Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    data_files: Vec<String>,
    execution_id: Option<String>,
}

impl Manifest {
    /// Reads the manifest with `key`, whose files must lie in `bucket`.
    pub(super) fn parse(json: &[u8], key: &str, bucket: &str) -> Result<Self, Unreadable> {
        let unreadable = |reason: String| Unreadable::Manifest { key: key.to_owned(), reason };
        let told: Told = serde_json::from_slice(json).map_err(|error| unreadable(error.to_string()))?;
        if told.data_files.is_empty() {
            return Err(unreadable("its dataFiles are empty".to_owned()));
        }
        let own = format!("s3://{bucket}/");
        let file = |url: &String| {
            let key = url.strip_prefix(&own).filter(|key| !key.is_empty()).map(str::to_owned);
            key.ok_or_else(|| unreadable(format!("{url:?} of its dataFiles is no file of the bucket {bucket}")))
        };
        let files = told.data_files.iter().map(file).collect::<Result<_, _>>()?;
        Ok(Self { files, execution_id: told.execution_id })
    }
}

/// The region that a resource's ARN names.
pub(super) fn region_of(arn: &str) -> Option<String> {
    let region = arn.strip_prefix("arn:")?.split(':').nth(2)?;
    region.parse::<Region>().ok().map(|region| region.to_string())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("cur/desks/metadata/BILLING_PERIOD=2026-03/desks-Manifest.json", Some("2026-03-01"))]
    #[case(
        "cur/desks/metadata/BILLING_PERIOD=2026-03/2026-03-04T12:00:00.000Z-1a2b/desks-Manifest.json",
        Some("2026-03-01")
    )]
    #[case("cur/desks/metadata/BILLING_PERIOD=2026-13/desks-Manifest.json", None)]
    #[case("cur/desks/metadata/BILLING_PERIOD=2026-03/notes.json", None)]
    #[case("cur/desks/data/BILLING_PERIOD=2026-03/desks-Manifest.json", None)]
    fn a_key_tells_the_month_of_a_manifest(#[case] key: &str, #[case] expected: Option<&str>) {
        assert_eq!(month(key, "cur/desks/metadata"), expected.map(|date| date.parse().unwrap()));
    }

    #[test]
    fn a_manifest_lists_keys_and_members_that_nobody_knows_do_no_harm() {
        let json = br#"{"dataFiles": ["s3://b/cur/a.csv.gz", "s3://b/cur/b.csv.gz"], "executionId": "e", "news": [1]}"#;
        let manifest = Manifest::parse(json, "m", "b").unwrap();
        assert_eq!(manifest.files, ["cur/a.csv.gz", "cur/b.csv.gz"]);
        assert_eq!(manifest.execution_id.as_deref(), Some("e"));
    }

    #[rstest]
    #[case(r#"{"dataFiles": ["s3://other/a.csv.gz"]}"#, "other/a.csv.gz")]
    #[case(r#"{"dataFiles": ["s3://b/"]}"#, "is no file")]
    #[case(r#"{"dataFiles": []}"#, "empty")]
    #[case(r#"{"files": []}"#, "dataFiles")]
    #[case("<html>", "expected value")]
    fn a_manifest_that_is_none_says_why(#[case] json: &str, #[case] word: &str) {
        let message = Manifest::parse(json.as_bytes(), "the/key", "b").unwrap_err().to_string();
        assert!(message.contains("the/key") && message.contains(word), "{message}");
    }

    #[test]
    fn a_resource_tells_its_region() {
        assert_eq!(region_of("arn:aws:workspaces:us-east-1:111111111111:workspace/ws-1").as_deref(), Some("us-east-1"));
        assert_eq!(region_of("d-9067012345"), None);
    }
}
