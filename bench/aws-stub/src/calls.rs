//! How often each operation was called: what a client says about its own calls is believed
//! only where this agrees.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Calls by the name of the operation, since the server started.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    counts: Mutex<BTreeMap<String, u64>>,
}

impl Calls {
    /// Adds `count` under `name`.
    pub(crate) fn add(&self, name: &str, count: u64) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(name.to_owned()).or_default() += count;
    }

    /// All counts.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
