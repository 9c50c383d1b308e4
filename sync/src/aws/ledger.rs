//! The calls of one step since its last write, added up by region, operation and outcome.

use std::{sync::Mutex, time::Duration};

use identifiers::Region;
use jiff::Timestamp;
use rust_decimal::Decimal;
use store::{aws_call::Entry, run_step::Spent};

use super::{error::ErrorClass, operation::Operation};

/// Calls that were made and not yet written.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Vec<Entry>>);

/// One attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    /// What was called.
    pub(crate) operation: Operation,
    /// `None` when it succeeded.
    pub(crate) error: Option<ErrorClass>,
    /// Bytes of the answer.
    pub(crate) bytes: u64,
    /// How long the answer took.
    pub(crate) took: Duration,
    /// When it was made.
    pub(crate) at: Timestamp,
    /// What was paid for it, in US dollars.
    pub(crate) price: Decimal,
}

impl Ledger {
    /// Adds an attempt.
    pub(crate) fn add(&self, region: &Region, attempt: Attempt) {
        let outcome = attempt.error.map_or("ok", ErrorClass::as_str);
        let (operation, at) = (attempt.operation.name(), attempt.at);
        let bytes = i64::try_from(attempt.bytes).unwrap_or(i64::MAX);
        let duration_ms = i64::try_from(attempt.took.as_millis()).unwrap_or(i64::MAX);
        let mut entries = self.lock();
        let same = |entry: &&mut Entry| {
            entry.operation == operation && entry.outcome == outcome && entry.region == region.as_str()
        };
        if let Some(entry) = entries.iter_mut().find(same) {
            entry.calls += 1;
            entry.bytes += bytes;
            entry.duration_ms += duration_ms;
            entry.last_at = at;
            entry.cost_usd += attempt.price;
        } else {
            let region = region.to_string();
            let (first_at, last_at, cost_usd) = (at, at, attempt.price);
            entries.push(Entry {
                region,
                operation,
                outcome,
                calls: 1,
                bytes,
                duration_ms,
                cost_usd,
                first_at,
                last_at,
            });
        }
    }

    /// Takes what was added, as the cost of a write with `rejected` items.
    pub(crate) fn take(&self, rejected: u64) -> Spent {
        let entries = std::mem::take(&mut *self.lock());
        let throttled = |entry: &&Entry| entry.outcome == ErrorClass::Throttle.as_str();
        Spent {
            rejected: i64::try_from(rejected).unwrap_or(i64::MAX),
            calls: entries.iter().map(|entry| entry.calls).sum(),
            throttles: entries.iter().filter(throttled).map(|entry| entry.calls).sum(),
            bytes: entries.iter().map(|entry| entry.bytes).sum(),
            cost_usd: entries.iter().map(|entry| entry.cost_usd).sum(),
            entries,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        // A panic while holding the lock cannot leave the list half-changed.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
