//! How long to wait after failures: for an object whose reconciliation failed, and for a
//! watch stream that broke.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rand::RngExt as _;

/// Doubling delays between two bounds, each shortened by up to a quarter at random so that
/// many failures of one moment do not come back at one moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doubling {
    pub(crate) first: Duration,
    pub(crate) most: Duration,
}

/// After failed reconciliations.
pub(crate) const RECONCILE: Doubling = Doubling { first: Duration::from_secs(1), most: Duration::from_mins(5) };
/// After broken watch streams: short, because one list a few seconds costs little and a
/// returning API server should be noticed at once.
pub(crate) const WATCH: Doubling = Doubling { first: Duration::from_millis(250), most: Duration::from_secs(4) };

impl Doubling {
    /// The delay after this many failures in a row (from 1), before jitter.
    fn after(self, failures: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        self.first.saturating_mul(doubled).min(self.most)
    }

    fn jittered(self, failures: u32) -> Duration {
        self.after(failures).mul_f64(rand::rng().random_range(0.75..=1.0))
    }
}

/// Failures in a row, for each object that has some.
#[derive(Debug)]
pub(crate) struct Failures<K> {
    counts: Mutex<HashMap<K, u32>>,
}

impl<K> Default for Failures<K> {
    fn default() -> Self {
        Self { counts: Mutex::default() }
    }
}

impl<K: Eq + Hash> Failures<K> {
    /// More objects than this are not remembered: each of them is then retried as if it had
    /// failed for the first time.
    const MOST: usize = 20_000;

    /// Counts a failure and says how long to wait.
    pub(crate) fn failed(&self, key: K) -> Duration {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= Self::MOST && !counts.contains_key(&key) {
            return RECONCILE.jittered(1);
        }
        let count = counts.entry(key).or_default();
        *count = count.saturating_add(1);
        RECONCILE.jittered(*count)
    }

    /// Forgets an object that succeeded or is gone.
    pub(crate) fn forget(&self, key: &K) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// How many objects are waiting to be tried again.
    pub(crate) fn len(&self) -> usize {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// The pauses of one watch stream.
#[derive(Debug, Default)]
pub(crate) struct WatchPauses {
    failures: u32,
}

impl WatchPauses {
    /// Counts a failure and says how long to wait.
    pub(crate) fn failed(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        WATCH.jittered(self.failures)
    }

    /// Starts over after a success.
    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_the_bound() {
        let delays: Vec<u64> = (1..=11).map(|failures| RECONCILE.after(failures).as_secs()).collect();
        assert_eq!(delays, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(RECONCILE.after(u32::MAX), RECONCILE.most);
    }

    #[test]
    fn jitter_only_shortens_and_by_a_quarter_at_most() {
        for failures in 1..12 {
            let whole = RECONCILE.after(failures);
            let delay = RECONCILE.jittered(failures);
            assert!(delay <= whole && delay >= whole.mul_f64(0.75));
        }
    }

    #[test]
    fn a_success_starts_over() {
        let failures = Failures::default();
        failures.failed("a");
        failures.failed("a");
        assert!(failures.failed("a") > Duration::from_secs(2));
        failures.forget(&"a");
        assert_eq!(failures.len(), 0);
        assert!(failures.failed("a") <= Duration::from_secs(1));
    }

    #[test]
    fn the_memory_is_bounded() {
        let failures = Failures::default();
        for object in 0..Failures::<usize>::MOST + 10 {
            failures.failed(object);
        }
        assert_eq!(failures.len(), Failures::<usize>::MOST);
    }
}
