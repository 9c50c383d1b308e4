//! Where a step over the trail is: the window in hand, pinned, and the place inside of it.

use std::{collections::BTreeSet, fmt};

use aws_sdk_cloudtrail::types::LookupAttributeKey;
use fleet::audit::{
    cloud_trail,
    reading::{Lookup, Stretch, Window},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::audit_reading::Ended;

use super::listing::Listed;

/// The cursor of a step, JSON in SQL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// `None` between two windows.
    #[serde(default)]
    pub(super) in_hand: Option<InHand>,
    /// Records that were no JSON, in the whole step.
    #[serde(default)]
    pub(super) malformed: u64,
    /// Events without an id that this pod met; those of pods before are in the step's row.
    #[serde(skip)]
    pub(super) rejected: u64,
}

impl Cursor {
    /// Reads a cursor; one that cannot be read begins at the last whole window.
    pub(super) fn parse(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).expect("a cursor is plain data"))
    }
}

/// A window that is being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InHand {
    from: Timestamp,
    to: Timestamp,
    /// By what.
    pub(super) by: By,
    /// The value of the lookup in hand; `None` before the first.
    #[serde(default)]
    pub(super) lookup: Option<String>,
    /// Its next page; `None` for its first.
    #[serde(default)]
    pub(super) token: Option<String>,
    /// Pages of the window so far.
    #[serde(default)]
    pub(super) pages: u64,
    /// Own events that were left out so far.
    #[serde(default)]
    left_out: u64,
}

impl InHand {
    /// A window of which nothing is read yet.
    pub(super) fn new(stretch: Stretch, by: By) -> Self {
        Self { from: stretch.from, to: stretch.to, by, lookup: None, token: None, pages: 0, left_out: 0 }
    }

    /// Its time.
    pub(super) fn stretch(&self) -> Stretch {
        Stretch { from: self.from, to: self.to }
    }

    /// Counts a page.
    pub(super) fn count(&mut self, listed: &Listed) {
        self.pages += 1;
        self.left_out += listed.left_out;
    }

    /// What is read when the last of `lookups` is.
    pub(super) fn ended(&self, lookups: u64) -> Ended {
        let stretch = self.stretch();
        match &self.by {
            By::Changes => Ended::Window(Window { stretch, by: Lookup::Changes }, self.pages),
            By::Names => Ended::Window(Window { stretch, by: Lookup::Names }, self.pages.saturating_sub(lookups)),
            By::Service => Ended::Sweep(stretch, self.left_out),
            By::Operation(source, name) => Ended::Operation(source.clone(), name.clone()),
        }
    }
}

/// By what a window is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum By {
    /// All changes at once.
    Changes,
    /// Each operation that changes something, by its name.
    Names,
    /// Everything of each service, reads included: the sweep.
    Service,
    /// One operation that no list names: service and name.
    Operation(String, String),
}

/// One condition of `LookupEvents`, which takes no second one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) key: LookupAttributeKey,
    pub(super) value: String,
}

impl By {
    /// The lookups that it takes, in order, no value twice.
    pub(super) fn lookups(&self, names: &BTreeSet<String>) -> Vec<Attribute> {
        let attribute = |key: &LookupAttributeKey, value: &str| Attribute { key: key.clone(), value: value.to_owned() };
        match self {
            Self::Changes => vec![attribute(&LookupAttributeKey::ReadOnly, "false")],
            Self::Names => names.iter().map(|name| attribute(&LookupAttributeKey::EventName, name)).collect(),
            Self::Service => {
                cloud_trail::SOURCES.iter().map(|source| attribute(&LookupAttributeKey::EventSource, source)).collect()
            }
            Self::Operation(_, name) => vec![attribute(&LookupAttributeKey::EventName, name)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_hand(by: By) -> InHand {
        let stretch =
            Stretch { from: "2026-03-01T00:00:00Z".parse().unwrap(), to: "2026-03-02T00:00:00Z".parse().unwrap() };
        InHand {
            lookup: Some("CreateTags".to_owned()),
            token: Some("t".to_owned()),
            pages: 130,
            ..InHand::new(stretch, by)
        }
    }

    #[test]
    fn a_cursor_survives_the_database() {
        for by in [By::Changes, By::Names, By::Service, By::Operation("ds.amazonaws.com".into(), "X".into())] {
            let cursor = Cursor { in_hand: Some(in_hand(by)), malformed: 2, rejected: 0 };
            assert_eq!(Cursor::parse(Some(&cursor.to_string())), cursor);
        }
        assert_eq!(Cursor::parse(Some("of an older release")), Cursor::default());
    }

    #[test]
    fn the_first_page_of_each_name_is_no_measure_of_how_busy_an_account_is() {
        let Ended::Window(_, pages) = in_hand(By::Names).ended(119) else { panic!() };
        assert_eq!(pages, 11);
    }
}
