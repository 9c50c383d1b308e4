//! The envelope of a list.

use jiff::Timestamp;
use serde::{Serialize, Serializer, ser::Error as _};
use store::{coverage::SourceCoverage, list::Total};
use utoipa::ToSchema;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct List<T: Serialize> {
    /// The items, at most `limit`.
    #[serde(serialize_with = "chosen")]
    #[schema(value_type = Vec<T>)]
    pub items: (Vec<T>, Option<Vec<&'static str>>),
    /// For the next page; `null` on the last.
    pub next_cursor: Option<String>,
    /// How completely the sources behind the list were read.
    pub coverage: Coverage,
    /// When the list was read from the database.
    #[schema(example = "2026-11-25T12:00:00Z")]
    pub as_of: Timestamp,
    /// How many items the filter finds in all.
    pub total: AtLeast,
}

/// A count.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AtLeast {
    /// So many, or more.
    #[schema(example = 1204)]
    pub value: i64,
    /// True where there may be more: an exact count would have taken too long.
    pub at_least: bool,
}

impl From<Total> for AtLeast {
    fn from(total: Total) -> Self {
        Self { value: total.value, at_least: total.at_least }
    }
}

/// How completely the sources behind an answer were read.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// True if every source was read completely everywhere, and at least one was.
    pub complete: bool,
    /// Each source, account and region.
    pub sources: Vec<CoveredSource>,
}

impl Coverage {
    /// Of what deskfleet made itself: there is nothing that could have been read in part.
    pub fn own() -> Self {
        Self { complete: true, sources: Vec::new() }
    }
}

/// One source in one account and region.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CoveredSource {
    /// What is read.
    #[schema(example = "inventory")]
    pub source: String,
    /// Whose.
    #[schema(example = "123456789012")]
    pub account: String,
    /// Where.
    #[schema(example = "us-east-1")]
    pub region: String,
    /// Of the last finished run: `complete`, `partial` or `failed`; `running` while the
    /// first one works.
    #[schema(example = "complete")]
    pub state: String,
    /// When it was last read completely; `null` for not yet.
    pub as_of: Option<Timestamp>,
}

impl From<Vec<SourceCoverage>> for Coverage {
    fn from(sources: Vec<SourceCoverage>) -> Self {
        let complete = !sources.is_empty() && sources.iter().all(|source| source.state == "complete");
        let sources = sources.into_iter().map(|source| CoveredSource {
            source: source.source,
            account: source.account_id,
            region: source.region,
            state: source.state,
            as_of: source.as_of,
        });
        Self { complete, sources: sources.collect() }
    }
}

/// Items with only the fields that were asked for.
fn chosen<T: Serialize, S: Serializer>(
    (items, fields): &(Vec<T>, Option<Vec<&'static str>>),
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Some(fields) = fields else {
        return items.serialize(serializer);
    };
    let sparse: Result<Vec<serde_json::Value>, _> = items
        .iter()
        .map(|item| {
            let mut value = serde_json::to_value(item)?;
            if let Some(object) = value.as_object_mut() {
                object.retain(|name, _| fields.contains(&name.as_str()));
            }
            Ok(value)
        })
        .collect();
    sparse.map_err(|error: serde_json::Error| S::Error::custom(error))?.serialize(serializer)
}
