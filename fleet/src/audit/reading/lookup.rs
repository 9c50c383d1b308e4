//! By what to look events up: all changes of the account, or each operation by its name.
//!
//! `LookupEvents` takes one condition. All changes (`ReadOnly=false`) hold those of every
//! service, so they take many pages in a busy account; names take at least one call each.
//! Which is fewer is told by what was measured, pages for a length of time.

use jiff::SignedDuration;

/// Measures are halved beyond this, so that they follow how busy an account is.
const MEMORY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A condition of `LookupEvents`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lookup {
    /// `ReadOnly=false`: every change, of every service.
    Changes,
    /// `EventName`, one after the other.
    Names,
}

/// Pages that a length of time took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Pages; for names only those beyond the first one of each.
    pub pages: u64,
    /// Seconds of the trail.
    pub seconds: u64,
}

impl Measure {
    /// Whether nothing was measured.
    pub fn is_empty(self) -> bool {
        self.seconds == 0
    }

    /// Adds pages that were read for `length` of the trail.
    #[must_use]
    pub fn and(self, pages: u64, length: SignedDuration) -> Self {
        let seconds = u64::try_from(length.as_secs()).unwrap_or(0);
        let sum = Self { pages: self.pages + pages, seconds: self.seconds + seconds };
        let is_long = sum.seconds > MEMORY.as_secs().unsigned_abs();
        if is_long { Self { pages: sum.pages.div_ceil(2), seconds: sum.seconds.div_ceil(2) } } else { sum }
    }

    /// Pages that are expected for `length`, rounded up; none where nothing was measured.
    fn expected(self, length: SignedDuration) -> u64 {
        let length = u128::try_from(length.as_secs()).unwrap_or(0);
        let pages = (u128::from(self.pages) * length).div_ceil(u128::from(self.seconds.max(1)));
        u64::try_from(pages).unwrap_or(u64::MAX)
    }
}

/// What both lookups took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// By `ReadOnly=false`.
    pub changes: Measure,
    /// By names.
    pub names: Measure,
}

impl Measures {
    /// The lookup that is expected to take fewer pages for `length`. Changes where that was
    /// never measured, because measuring it is cheap.
    pub fn choose(&self, names: u64, length: SignedDuration) -> Lookup {
        if self.changes.is_empty() || self.of_changes(length) <= self.of_names(names, length) {
            Lookup::Changes
        } else {
            Lookup::Names
        }
    }

    /// What is known of changes after `pages` of a window were read, of which the oldest
    /// event ends a stretch of `read`. `Some` when names would take fewer pages for all of
    /// the window of `length`, so that it is better to give the window up.
    #[must_use]
    pub fn given_up(&self, pages: u64, read: SignedDuration, names: u64, length: SignedDuration) -> Option<Self> {
        // Fewer pages than names cannot be the worse choice yet.
        let changes = Measure { pages, seconds: u64::try_from(read.as_secs()).unwrap_or(0).max(1) };
        let now = Self { changes, ..*self };
        (pages > names && now.choose(names, length) == Lookup::Names).then_some(now)
    }

    fn of_changes(&self, length: SignedDuration) -> u64 {
        self.changes.expected(length).max(1)
    }

    fn of_names(&self, names: u64, length: SignedDuration) -> u64 {
        names.saturating_add(self.names.expected(length))
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const HOUR: SignedDuration = SignedDuration::from_hours(1);
    const DAYS_90: SignedDuration = SignedDuration::from_hours(90 * 24);

    fn measures(changes: u64, names: u64) -> Measures {
        let of = |pages| Measure { pages, seconds: 3600 };
        Measures { changes: of(changes), names: of(names) }
    }

    #[rstest]
    #[case::a_quiet_hour(3, 0, HOUR, Lookup::Changes)]
    #[case::a_quiet_quarter(1, 0, DAYS_90, Lookup::Names)]
    #[case::a_busy_hour(500, 10, HOUR, Lookup::Names)]
    #[case::busy_with_desktops(100, 100, HOUR, Lookup::Changes)]
    fn the_lookup_with_fewer_pages_is_taken(
        #[case] changes: u64,
        #[case] names: u64,
        #[case] length: SignedDuration,
        #[case] lookup: Lookup,
    ) {
        assert_eq!(measures(changes, names).choose(119, length), lookup);
    }

    #[test]
    fn what_was_never_measured_is_measured() {
        assert_eq!(Measures::default().choose(119, DAYS_90), Lookup::Changes);
    }

    #[test]
    fn a_window_that_turns_out_to_be_long_is_given_up() {
        let quiet = measures(0, 0);
        assert_eq!(quiet.given_up(119, HOUR, 119, HOUR * 24), None, "names would have taken as many");
        let busy = quiet.given_up(120, HOUR, 119, HOUR * 24).unwrap();
        assert_eq!(busy.choose(119, HOUR * 24), Lookup::Names);
        assert_eq!(
            quiet.given_up(130, HOUR * 24, 119, HOUR * 24),
            Some(Measures { changes: Measure { pages: 130, seconds: 86_400 }, ..quiet })
        );
    }

    #[test]
    fn old_measures_fade() {
        let quiet = Measure::default().and(10, MEMORY);
        let busy = (0..6).fold(quiet, |measure, _| measure.and(1_000, MEMORY));
        assert!(busy.pages > 900 * busy.seconds / MEMORY.as_secs().unsigned_abs(), "{busy:?}");
    }
}
