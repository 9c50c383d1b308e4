//! How far a step has got with a month: its cursor.

use serde::{Deserialize, Serialize};
use store::cost_export::Delivery;

/// Where the next pod goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// The manifest that is being worked off.
    manifest: String,
    etag: String,
    /// Files of it that are staged.
    pub(super) files: usize,
    /// Lines of these files, and those that are kept: what is staged has to add up to it.
    pub(super) lines: u64,
    pub(super) kept: u64,
}

impl Position {
    /// The beginning of `delivery`.
    pub(super) fn start(delivery: &Delivery) -> Self {
        let (manifest, etag) = (delivery.manifest_key.clone(), delivery.manifest_etag.clone());
        Self { manifest, etag, files: 0, lines: 0, kept: 0 }
    }

    /// Reads a cursor; one that cannot be read starts the month over.
    pub(super) fn parse(cursor: &str) -> Option<Self> {
        serde_json::from_str(cursor).ok()
    }

    /// The cursor.
    pub(super) fn cursor(&self) -> String {
        serde_json::to_string(self).expect("a position is plain data")
    }

    /// Whether it lies in `delivery`.
    pub(super) fn is_of(&self, delivery: &Delivery) -> bool {
        self.manifest == delivery.manifest_key && self.etag == delivery.manifest_etag
    }
}
