//! Stretches of time that were completely read.

use jiff::{SignedDuration, Timestamp};

/// A stretch of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// Its first second.
    pub from: Timestamp,
    /// Its last second; not before the first.
    pub to: Timestamp,
}

impl Stretch {
    /// How long it is.
    pub fn length(&self) -> SignedDuration {
        self.to.duration_since(self.from)
    }
}

/// A stretch that was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) stretch: Stretch,
    /// Whether it begins at the end of what was read, and not at the oldest time that can be
    /// looked up.
    pub(super) is_above_read: bool,
}

/// What was completely read: stretches in order, none touching another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covered(Vec<Stretch>);

impl Covered {
    /// Made of `stretches` in any order; those that end before they begin are nothing.
    pub fn new(stretches: impl IntoIterator<Item = Stretch>) -> Self {
        let mut covered = Self::default();
        stretches.into_iter().for_each(|stretch| covered.add(stretch));
        covered
    }

    /// The stretches, oldest first.
    pub fn stretches(&self) -> &[Stretch] {
        &self.0
    }

    /// Adds a stretch that was read.
    pub fn add(&mut self, stretch: Stretch) {
        if stretch.to < stretch.from {
            return;
        }
        let mut joined = stretch;
        self.0.retain(|other| {
            let apart = other.to < joined.from || joined.to < other.from;
            if !apart {
                joined = Stretch { from: joined.from.min(other.from), to: joined.to.max(other.to) };
            }
            apart
        });
        let place = self.0.partition_point(|other| other.from < joined.from);
        self.0.insert(place, joined);
    }

    /// Forgets what lies after `now`: a clock that was ahead claimed time that had not come.
    pub fn until(&mut self, now: Timestamp) {
        self.0.retain(|stretch| stretch.from <= now);
        if let Some(last) = self.0.last_mut() {
            last.to = last.to.min(now);
        }
    }

    /// The end of the oldest stretch: everything before it, as far back as reading began,
    /// was read.
    pub fn settled_through(&self) -> Option<Timestamp> {
        Some(self.0.first()?.to)
    }

    /// Gaps that lie before `horizon`, as far as they do: nobody can read them any more.
    pub fn lost(&self, horizon: Timestamp) -> Vec<Stretch> {
        let gaps = self.0.windows(2).map(|pair| Stretch { from: pair[0].to, to: pair[1].from.min(horizon) });
        gaps.filter(|gap| gap.from < gap.to).collect()
    }

    /// The newest gap between `horizon` and `now`.
    pub(super) fn newest_gap(&self, horizon: Timestamp, now: Timestamp) -> Option<Gap> {
        let mut end = now;
        for stretch in self.0.iter().rev() {
            if stretch.from > now {
                continue;
            }
            if stretch.to < end {
                let is_above_read = stretch.to > horizon;
                let stretch = Stretch { from: stretch.to.max(horizon), to: end };
                return (stretch.from < stretch.to).then_some(Gap { stretch, is_above_read });
            }
            end = end.min(stretch.from);
        }
        let stretch = Stretch { from: horizon, to: end };
        (horizon < end).then_some(Gap { stretch, is_above_read: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + hour * 3600).unwrap()
    }

    fn stretch(from: i64, to: i64) -> Stretch {
        Stretch { from: at(from), to: at(to) }
    }

    #[test]
    fn stretches_that_touch_are_one() {
        let covered = Covered::new([stretch(5, 7), stretch(0, 2), stretch(2, 3), stretch(9, 8)]);
        assert_eq!(covered.stretches(), [stretch(0, 3), stretch(5, 7)]);
    }

    #[test]
    fn gaps_are_found_newest_first() {
        let mut covered = Covered::new([stretch(10, 20), stretch(30, 40)]);
        let found: Vec<(Stretch, bool)> = std::iter::from_fn(|| {
            let gap = covered.newest_gap(at(0), at(50))?;
            covered.add(gap.stretch);
            Some((gap.stretch, gap.is_above_read))
        })
        .collect();
        assert_eq!(found, [(stretch(40, 50), true), (stretch(20, 30), true), (stretch(0, 10), false)]);
    }

    #[test]
    fn what_is_older_than_can_be_looked_up_is_no_gap_but_lost() {
        let covered = Covered::new([stretch(0, 10), stretch(30, 50)]);
        assert_eq!(covered.newest_gap(at(20), at(50)).unwrap().stretch, stretch(20, 30));
        assert_eq!(covered.lost(at(20)), [stretch(10, 20)]);
        assert_eq!(covered.newest_gap(at(35), at(50)), None);
        assert_eq!(covered.lost(at(35)), [stretch(10, 30)]);
    }

    #[test]
    fn a_clock_that_was_ahead_does_not_hide_what_comes() {
        let mut covered = Covered::new([stretch(0, 100)]);
        covered.until(at(50));
        assert_eq!(covered.newest_gap(at(0), at(60)).unwrap().stretch, stretch(50, 60));
    }
}
