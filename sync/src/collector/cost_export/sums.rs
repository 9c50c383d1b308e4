//! Lines summed while they are read: an export by the hour has 24 lines where one row is kept.

use std::collections::{HashMap, hash_map::Entry};

use rust_decimal::Decimal;
use store::cost_export::{Amounts, LineKey, StagedLine};

use super::unreadable::InvalidFile;

/// Rows that are staged at once: what is held in memory of a file.
pub(super) const BATCH: usize = 1_000;

/// Sums of lines that differ in nothing but their amounts.
#[derive(Debug, Default)]
pub(super) struct Sums {
    rows: HashMap<LineKey, Amounts>,
    /// Lines that were added since the beginning.
    pub(super) kept: u64,
}

impl Sums {
    /// Adds a line.
    pub(super) fn add(&mut self, (key, amounts): (LineKey, Amounts)) -> Result<(), InvalidFile> {
        self.kept += amounts.lines;
        match self.rows.entry(key) {
            Entry::Vacant(place) => {
                place.insert(amounts);
            }
            Entry::Occupied(mut place) => {
                let day = place.key().day;
                let sum = sum(*place.get(), amounts).ok_or(InvalidFile::Overflow { day })?;
                place.insert(sum);
            }
        }
        Ok(())
    }

    /// Whether there are so many that they should be written.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= BATCH
    }

    /// Takes what there is.
    pub(super) fn take(&mut self) -> Vec<StagedLine> {
        self.rows.drain().map(|(key, amounts)| StagedLine { key, amounts }).collect()
    }
}

/// Net costs add up only where every line tells one: unknown is not zero.
fn sum(one: Amounts, other: Amounts) -> Option<Amounts> {
    let net = |(one, other): (Decimal, Decimal)| one.checked_add(other);
    Some(Amounts {
        usage_amount: one.usage_amount.checked_add(other.usage_amount)?,
        unblended: one.unblended.checked_add(other.unblended)?,
        net_unblended: match one.net_unblended.zip(other.net_unblended) {
            Some(both) => Some(net(both)?),
            None => None,
        },
        lines: one.lines + other.lines,
    })
}
