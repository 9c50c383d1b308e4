//! The daily sweep: one hour of everything that a service did, reads included, because only
//! that shows operations which no list names.
//!
//! The hour is another one each day, so that within weeks every hour of a day was looked at.

use jiff::{SignedDuration, Timestamp};

use super::{OVERLAP, Stretch};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// A sweep is due again after this; less than a day, so that a schedule of once a day does
/// not miss every second one.
const AGAIN: SignedDuration = SignedDuration::from_hours(23);

/// The hour to sweep at `now`, of the day before; `None` when the last sweep, at `swept_at`,
/// is fresh.
pub fn sweep(swept_at: Option<Timestamp>, now: Timestamp) -> Option<Stretch> {
    let is_fresh = swept_at.is_some_and(|at| at <= now && now.duration_since(at) < AGAIN);
    if is_fresh {
        return None;
    }
    let last = (now - OVERLAP).as_second().div_euclid(HOUR);
    // 7 and 24 have no common divisor: 24 days in a row take 24 different hours.
    let back = (now.as_second().div_euclid(DAY) * 7).rem_euclid(24);
    let second = |hour: i64| Timestamp::from_second(hour * HOUR).ok();
    let from = second(last - 1 - back)?;
    Some(Stretch { from, to: from + SignedDuration::from_secs(HOUR - 1) })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn one_hour_is_swept_a_day_and_each_in_turn() {
        let start = at("2026-03-01T12:45:00Z");
        let day = |number: i64| start + SignedDuration::from_hours(24 * number);
        let hours: BTreeSet<i64> = (0..24)
            .map(|number| {
                let swept = sweep((number > 0).then(|| day(number - 1)), day(number)).unwrap();
                assert!(swept.to <= day(number) - OVERLAP, "late events are there");
                assert!(swept.from > day(number) - SignedDuration::from_hours(27));
                swept.from.as_second().rem_euclid(DAY) / HOUR
            })
            .collect();
        assert_eq!(hours.len(), 24);
    }

    #[test]
    fn a_fresh_sweep_is_enough() {
        let now = at("2026-03-01T12:45:00Z");
        assert_eq!(sweep(Some(now - SignedDuration::from_hours(22)), now), None);
        assert!(sweep(Some(now + SignedDuration::from_hours(22)), now).is_some(), "a clock that was ahead");
    }
}
