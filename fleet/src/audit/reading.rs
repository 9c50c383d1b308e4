//! What of a trail is to be read next: CloudTrail forgets after 90 days, tells the newest
//! first, and tells some events late.
//!
//! ```text
//!  oldest that can be looked up                                        now
//!  ├─────────────┬──────────────────────┬────────┬─────────────────────┤
//!  │ not yet     │ read                 │ a gap  │ read                │
//!  └─────────────┴──────────────────────┴────────┴─────────────────────┘
//!        3.                                 2.      1. from 30 minutes before its end
//! ```
//!
//! Flows in: what was completely read, what that took, and the time. Flows out: one
//! [`Window`] to read, both ends pinned, until nothing is left. What was read is kept as
//! stretches of time, so it does not matter where a run was cut, or in which order windows
//! were read: an instant counts as read only after a window around it was read to its end.
//! Deliberately absent: pages, tokens, and which events are kept.

use jiff::{SignedDuration, Timestamp};

mod covered;
mod lookup;
mod sweep;

pub use covered::{Covered, Stretch};
pub use lookup::{Lookup, Measure, Measures};
pub use sweep::sweep;

/// How long CloudTrail's `LookupEvents` finds an event.
pub const KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// What was read is read again over so long, because events come late: mostly after five
/// minutes, and AWS promises nothing.
pub const OVERLAP: SignedDuration = SignedDuration::from_mins(30);
/// Being so far behind is told to people: a third of the time in which it can be mended is
/// left then.
pub const ALARM: SignedDuration = SignedDuration::from_hours(60 * 24);
/// The window by which the number of changes is measured first.
const FIRST: SignedDuration = SignedDuration::from_hours(24);
/// A window of changes at most: what a token that dies costs.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What to read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The time, both ends included, in whole seconds.
    pub stretch: Stretch,
    /// By what to look up.
    pub by: Lookup,
}

/// The next window at `now`; `None` when everything that can be looked up was read.
///
/// `names` is how many operations there are to look up by name.
pub fn next(covered: &Covered, measures: &Measures, names: u64, now: Timestamp) -> Option<Window> {
    let now = whole_seconds(now);
    let horizon = now - KEPT;
    let gap = covered.newest_gap(horizon, now)?;
    // Late events are expected before the end of what was read, and nowhere else.
    let from = if gap.is_above_read { (gap.stretch.from - OVERLAP).max(horizon) } else { gap.stretch.from };
    let whole = Stretch { from, to: gap.stretch.to };
    let by = measures.choose(names, whole.length());
    let from = match (by, measures.changes.is_empty()) {
        (Lookup::Names, _) => from,
        (Lookup::Changes, true) => from.max(whole.to - FIRST),
        (Lookup::Changes, false) => from.max(whole.to - LONGEST),
    };
    Some(Window { stretch: Stretch { from, to: whole.to }, by })
}

/// How far behind reading is: the time since the end of the oldest stretch that was read
/// without a gap. Zero before anything was read.
pub fn lag(covered: &Covered, now: Timestamp) -> SignedDuration {
    let behind = covered.settled_through().map_or(SignedDuration::ZERO, |through| now.duration_since(through));
    behind.max(SignedDuration::ZERO)
}

/// The whole second at or before `at`: CloudTrail's times have no fractions.
pub(crate) fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).expect("a second of a time that exists exists")
}

#[cfg(test)]
mod tests;
