//! The search for the next time that a calendar names.
//!
//! Flows in: a calendar, a zone, a moment. Flows out: the first match after it. The search
//! walks the wall clock from the coarsest field to the finest: months, days, hours,
//! minutes, seconds. Where a field does not match, the finer ones are set back once and the
//! field is stepped; a step that wraps into the next coarser field starts the search anew.
//! The order of these steps is robfig's, because around daylight-saving changes the result
//! depends on it: where midnight does not exist, for instance, robfig can pass over a whole
//! day, and then so does the CronJob. Deliberately absent: delays (`@every`).

use jiff::Timestamp;

use crate::{expression::Calendar, local_time::LocalTime, zone::Zone};

/// How many years robfig looks ahead before it says never (`0 0 31 2 *`).
const YEARS_AHEAD: i16 = 5;

/// Whether a field matches now, or stepping it went over into the next coarser one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sought {
    Matched,
    Wrapped,
}

struct Walk<'schedule> {
    calendar: &'schedule Calendar,
    now: LocalTime<'schedule>,
    /// Whether the finer fields have been set back to their start already.
    set_back: bool,
}

/// The first match after `second`, within five years; `None` when there is none.
pub(crate) fn next(calendar: &Calendar, zone: &Zone, second: i64) -> Option<Timestamp> {
    if calendar.minutes.is_empty() || calendar.hours.is_empty() || calendar.months.is_empty() {
        return None;
    }
    let now = LocalTime::at(zone.rules(), second.checked_add(1)?)?;
    let last_year = now.clock().year().checked_add(YEARS_AHEAD)?;
    let mut walk = Walk { calendar, now, set_back: false };
    while walk.now.clock().year() <= last_year {
        if walk.pass()? == Sought::Matched {
            return walk.now.timestamp();
        }
    }
    None
}

impl<'schedule> Walk<'schedule> {
    /// One pass over all fields, ended early where one wraps.
    fn pass(&mut self) -> Option<Sought> {
        for seek in [Self::month, Self::day, Self::hour, Self::minute, Self::second] {
            if seek(self)? == Sought::Wrapped {
                return Some(Sought::Wrapped);
            }
        }
        Some(Sought::Matched)
    }

    fn month(&mut self) -> Option<Sought> {
        while !self.calendar.months.contains(self.now.clock().month()) {
            if !self.set_back {
                self.set_back = true;
                self.now = self.now.start_of_month()?;
            }
            self.now = self.now.plus_month()?;
            if self.now.clock().month() == 1 {
                return Some(Sought::Wrapped);
            }
        }
        Some(Sought::Matched)
    }

    fn day(&mut self) -> Option<Sought> {
        while !self.day_matches() {
            if !self.set_back {
                self.set_back = true;
                self.now = self.now.start_of_day()?;
            }
            self.now = self.next_day()?;
            if self.now.clock().day() == 1 {
                return Some(Sought::Wrapped);
            }
        }
        Some(Sought::Matched)
    }

    /// The start of the next day, or what robfig takes for it. Where a zone passes over a
    /// whole day (Samoa's 30 December 2011) the calendar's step leads back to the same
    /// moment, and robfig's search never ends; ours goes on a day later.
    fn next_day(&self) -> Option<LocalTime<'schedule>> {
        let next = back_to_midnight(self.now.plus_day()?)?;
        if next.is_after(&self.now) { Some(next) } else { self.now.plus_seconds(86_400) }
    }

    /// Both day fields have to match when either is a star, else one of them is enough.
    fn day_matches(&self) -> bool {
        let Calendar { days_of_month, days_of_week, .. } = self.calendar;
        let date = self.now.clock().date();
        let by_month = days_of_month.contains(date.day());
        let by_week = days_of_week.contains(date.weekday().to_sunday_zero_offset());
        if days_of_month.star || days_of_week.star { by_month && by_week } else { by_month || by_week }
    }

    fn hour(&mut self) -> Option<Sought> {
        while !self.calendar.hours.contains(self.now.clock().hour()) {
            if !self.set_back {
                self.set_back = true;
                self.now = self.now.start_of_hour()?;
            }
            self.now = self.now.plus_seconds(3_600)?;
            if self.now.clock().hour() == 0 {
                return Some(Sought::Wrapped);
            }
        }
        Some(Sought::Matched)
    }

    fn minute(&mut self) -> Option<Sought> {
        while !self.calendar.minutes.contains(self.now.clock().minute()) {
            if !self.set_back {
                self.set_back = true;
                self.now = self.now.start_of_minute()?;
            }
            self.now = self.now.plus_seconds(60)?;
            if self.now.clock().minute() == 0 {
                return Some(Sought::Wrapped);
            }
        }
        Some(Sought::Matched)
    }

    /// Five fields name whole minutes: any other second goes on to the next minute.
    fn second(&mut self) -> Option<Sought> {
        match self.now.clock().second() {
            0 => Some(Sought::Matched),
            second => {
                self.set_back = true;
                self.now = self.now.plus_seconds(60 - i64::from(second))?;
                Some(Sought::Wrapped)
            }
        }
    }
}

/// Undoes the hour by which a clock change moved a day's start: forward from late in the
/// evening before, back from early in the morning.
fn back_to_midnight(now: LocalTime<'_>) -> Option<LocalTime<'_>> {
    match i64::from(now.clock().hour()) {
        0 => Some(now),
        hour if hour > 12 => now.plus_seconds((24 - hour) * 3_600),
        hour => now.plus_seconds(-hour * 3_600),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::expression::Rule;

    fn next_in(zone: &str, expression: &str, after: &str) -> Option<String> {
        let Rule::Calendar(calendar) = Rule::parse(expression).unwrap() else { panic!("no calendar") };
        let after: Timestamp = after.parse().unwrap();
        let time = next(&calendar, &Zone::parse(zone).unwrap(), after.as_second())?;
        Some(time.to_string())
    }

    #[test]
    fn a_day_that_a_zone_passes_over_does_not_hold_the_search() {
        let next = next_in("Pacific/Apia", "0 12 1 1 *", "2011-12-20T00:00:00Z");
        assert_eq!(next.as_deref(), Some("2011-12-31T22:00:00Z"));
        assert_eq!(next_in("Pacific/Apia", "0 0 31 2 *", "2011-12-20T00:00:00Z"), None);
    }

    #[rstest]
    #[case::no_such_day("0 0 31 2 *")]
    #[case::no_minute(", * * * *")]
    #[case::no_hour("* , * * *")]
    #[case::no_month("* * * , *")]
    #[case::no_weekday("* * * * ,")]
    fn what_never_comes_is_none(#[case] expression: &str) {
        assert_eq!(next_in("UTC", expression, "2026-01-01T00:00:00Z"), None);
    }

    #[test]
    fn a_leap_day_is_found_within_five_years() {
        let next = next_in("UTC", "0 0 29 2 *", "2024-03-01T00:00:00Z");
        assert_eq!(next.as_deref(), Some("2028-02-29T00:00:00Z"));
    }

    #[test]
    fn either_day_field_is_enough_unless_one_is_a_star() {
        // 1 January 2026 is a Thursday.
        let from = "2026-01-01T00:00:00Z";
        assert_eq!(next_in("UTC", "0 0 13 * 5", from).as_deref(), Some("2026-01-02T00:00:00Z"));
        assert_eq!(next_in("UTC", "0 0 13 * *", from).as_deref(), Some("2026-01-13T00:00:00Z"));
        assert_eq!(next_in("UTC", "0 0 */2 * 5", from).as_deref(), Some("2026-01-02T00:00:00Z"));
    }

    #[test]
    fn a_match_at_the_moment_itself_is_not_after_it() {
        let next = next_in("UTC", "0 * * * *", "2026-01-01T05:00:00Z");
        assert_eq!(next.as_deref(), Some("2026-01-01T06:00:00Z"));
    }
}
