//! A moment on a zone's wall clock, with arithmetic as Go's `time` package does it.
//!
//! Flows in: seconds since the Unix epoch and a zone. Flows out: calendar fields, and
//! moments reached by stepping the clock or the calendar. What matters is what happens
//! where a wall-clock time does not exist or exists twice, because robfig's search, and
//! so the times of CronJobs, depends on it. Steps end in `None` at the end of the
//! calendar (year 9999). Deliberately absent: anything finer than a second.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

/// A moment and what the zone's clock shows then.
#[derive(Clone, Debug)]
pub(crate) struct LocalTime<'zone> {
    zone: &'zone TimeZone,
    second: i64,
    clock: DateTime,
}

impl<'zone> LocalTime<'zone> {
    /// The wall clock at a moment.
    pub(crate) fn at(zone: &'zone TimeZone, second: i64) -> Option<Self> {
        let clock = zone.to_datetime(Timestamp::from_second(second).ok()?);
        Some(Self { zone, second, clock })
    }

    /// The moment as a timestamp.
    pub(crate) fn timestamp(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.second).ok()
    }

    /// What the clock shows.
    pub(crate) fn clock(&self) -> DateTime {
        self.clock
    }

    /// Whether this moment comes after another.
    pub(crate) fn is_after(&self, other: &Self) -> bool {
        self.second > other.second
    }

    /// The moment so many seconds later; the clock may jump.
    pub(crate) fn plus_seconds(&self, seconds: i64) -> Option<Self> {
        Self::at(self.zone, self.second.checked_add(seconds)?)
    }

    /// The first day of the clock's month at 00:00.
    pub(crate) fn start_of_month(&self) -> Option<Self> {
        self.resolve(self.clock.date().first_of_month().to_datetime(Time::midnight()))
    }

    /// The clock's day at 00:00.
    pub(crate) fn start_of_day(&self) -> Option<Self> {
        self.resolve(self.clock.date().to_datetime(Time::midnight()))
    }

    /// The clock's hour at minute 0.
    pub(crate) fn start_of_hour(&self) -> Option<Self> {
        self.resolve(self.clock.date().at(self.clock.hour(), 0, 0, 0))
    }

    /// The last whole minute of the epoch, whatever the clock shows.
    pub(crate) fn start_of_minute(&self) -> Option<Self> {
        Self::at(self.zone, self.second - self.second.rem_euclid(60))
    }

    /// The same day and time in the next month; a day that it lacks runs over into the
    /// month after it (31 January becomes 3 March).
    pub(crate) fn plus_month(&self) -> Option<Self> {
        let next: Date = self.clock.date().first_of_month().checked_add(1.month()).ok()?;
        let date = next.checked_add(i64::from(self.clock.day() - 1).days()).ok()?;
        self.resolve(date.to_datetime(self.clock.time()))
    }

    /// The same time on the next day.
    pub(crate) fn plus_day(&self) -> Option<Self> {
        let date = self.clock.date().tomorrow().ok()?;
        self.resolve(date.to_datetime(self.clock.time()))
    }

    /// The moment for a wall-clock time, as Go's `time.Date` finds it: take the offset
    /// that holds when the wall-clock time is read as UTC, then the offset that holds at
    /// the moment this gives. For a time that does not exist the clock then shows
    /// another; of a time that exists twice either may come out.
    fn resolve(&self, clock: DateTime) -> Option<Self> {
        let as_utc = Offset::UTC.to_timestamp(clock).ok()?.as_second();
        let guess = as_utc - self.offset_at(as_utc)?;
        Self::at(self.zone, as_utc - self.offset_at(guess)?)
    }

    fn offset_at(&self, second: i64) -> Option<i64> {
        let moment = Timestamp::from_second(second).ok()?;
        Some(i64::from(self.zone.to_offset(moment).seconds()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Zone;

    fn start_of_next_day(zone: &str, at: &str) -> String {
        let zone = Zone::parse(zone).unwrap();
        let at: Timestamp = at.parse().unwrap();
        let moved = LocalTime::at(zone.rules(), at.as_second()).unwrap().start_of_day().unwrap().plus_day().unwrap();
        moved.clock().to_string()
    }

    #[test]
    fn a_midnight_that_does_not_exist_shows_another_hour() {
        // West of Greenwich the clock stays before the gap, east of it behind: as in Go.
        assert_eq!(start_of_next_day("America/Sao_Paulo", "2017-10-14T12:00:00Z"), "2017-10-14T23:00:00");
        assert_eq!(start_of_next_day("Asia/Beirut", "2022-03-26T12:00:00Z"), "2022-03-27T01:00:00");
    }

    #[test]
    fn a_day_that_the_next_month_lacks_runs_over() {
        let zone = Zone::utc();
        let at: Timestamp = "2026-01-31T06:00:00Z".parse().unwrap();
        let moved = LocalTime::at(zone.rules(), at.as_second()).unwrap().plus_month().unwrap();
        assert_eq!(moved.clock().to_string(), "2026-03-03T06:00:00");
    }

    #[test]
    fn the_calendars_end_is_none() {
        let zone = Zone::utc();
        let end = LocalTime::at(zone.rules(), Timestamp::MAX.as_second()).unwrap();
        assert!(end.plus_day().is_none() && end.plus_month().is_none() && end.plus_seconds(1).is_none());
    }
}
