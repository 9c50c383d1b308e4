//! How many exports run at once. Each holds a connection to Postgres, and a server must stay
//! good for lists meanwhile. A workbook of 50,000 desktops has taken 76 MB of temporary disk
//! (measured), and the chart gives a pod 128 MB: one workbook at a time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tabular::Format;
use uuid::Uuid;

/// Exports of a server at once, and workbooks among them.
const MOST: usize = 2;
const MOST_WORKBOOKS: usize = 1;

/// The places of a server.
#[derive(Debug, Clone, Default)]
pub struct ExportSlots(Arc<Mutex<HashMap<Uuid, Format>>>);

/// A place, free again when dropped.
#[derive(Debug)]
pub struct Slot {
    session: Uuid,
    slots: ExportSlots,
}

impl ExportSlots {
    /// A place for a session; `None` while it has one, or all are taken.
    pub fn take(&self, session: Uuid, format: Format) -> Option<Slot> {
        let mut taken = self.lock();
        let workbooks = taken.values().filter(|format| **format == Format::Xlsx).count();
        let full = taken.len() >= MOST || (format == Format::Xlsx && workbooks >= MOST_WORKBOOKS);
        if full || taken.contains_key(&session) {
            return None;
        }
        taken.insert(session, format);
        Some(Slot { session, slots: self.clone() })
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Format>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.lock().remove(&self.session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_one_place_and_a_server_two() {
        let slots = ExportSlots::default();
        let [ann, bob, cleo] = [1, 2, 3].map(Uuid::from_u128);
        let first = slots.take(ann, Format::Csv).unwrap();
        assert!(slots.take(ann, Format::JsonLines).is_none());
        let _second = slots.take(bob, Format::Csv).unwrap();
        assert!(slots.take(cleo, Format::Csv).is_none());
        drop(first);
        assert!(slots.take(cleo, Format::Csv).is_some());
    }

    #[test]
    fn only_one_workbook_is_made_at_a_time() {
        let slots = ExportSlots::default();
        let [ann, bob] = [1, 2].map(Uuid::from_u128);
        let workbook = slots.take(ann, Format::Xlsx).unwrap();
        assert!(slots.take(bob, Format::Xlsx).is_none());
        assert!(slots.take(bob, Format::Csv).is_some());
        drop(workbook);
        assert!(slots.take(bob, Format::Xlsx).is_some());
    }
}
