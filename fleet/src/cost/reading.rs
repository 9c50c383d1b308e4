//! Which days of Cost Explorer to read, and which to read again.
//!
//! AWS restates costs: yesterday is told in part, days read differently until they are
//! corrected, and a month is final some days into the next one. Every page read costs money,
//! so what is final is not read again. In: the day and what was read when. Out: windows of
//! days, the most wanted first. See docs/explanation/costs.md.

use std::collections::BTreeMap;

use jiff::{
    ToSpan,
    civil::{Date, date},
};

/// Days before today that each reading reads again.
pub const LATEST_DAYS: i32 = 7;
/// The last day of a month on which the previous month is read again each time.
pub const CLOSING_DAYS: i8 = 12;
/// Days between two readings of the previous month after that.
const WEEK: i32 = 7;
/// Whole months that Cost Explorer keeps before the current one.
pub const MONTHS_KEPT: i32 = 13;

/// Days from `start` up to, but without, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub start: Date,
    /// The day after the last.
    pub end: Date,
}

/// A month as it was last read as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthRead {
    /// The day of that reading.
    pub on: Date,
    /// Whether AWS called any of it an estimate.
    pub estimated: bool,
}

/// What was read so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The end of the newest window that was read completely.
    pub through: Option<Date>,
    /// Months that were read as a whole, by their first day.
    pub months: BTreeMap<Date, MonthRead>,
}

impl Window {
    /// First days of the months that a reading of this window on its last day reads as a
    /// whole, as far as they have begun.
    pub fn whole_months(self) -> Vec<Date> {
        let first = if self.start.day() == 1 { self.start } else { next_month(self.start) };
        let months = std::iter::successors(Some(first), |month| Some(next_month(*month)));
        months.take_while(|month| *month < self.end).collect()
    }
}

/// The windows to read on `today`: first what changes most, then older months whose figures
/// were never read, or not since they became final, newest first.
pub fn windows(today: Date, known: &Known) -> Vec<Window> {
    let latest = latest(today, known);
    let oldest = first_kept(today);
    let mut windows = vec![latest];
    // The previous month is the business of the latest window.
    let mut month = previous_month(previous_month(today));
    while month >= oldest {
        if !is_settled(month, known) {
            windows.push(Window { start: month, end: next_month(month) });
        }
        month = previous_month(month);
    }
    windows
}

/// The first day that Cost Explorer still has.
pub fn first_kept(today: Date) -> Date {
    month_of(today).saturating_sub(MONTHS_KEPT.months())
}

/// The window that ends with today: a week, without a gap to what was read before, and the
/// whole previous month while that is being closed, and weekly after.
fn latest(today: Date, known: &Known) -> Window {
    let end = today.saturating_add(1.days());
    let previous = previous_month(today);
    let week = today.saturating_sub(LATEST_DAYS.days());
    let start = match known.through {
        _ if is_previous_due(today, known) => previous,
        // A day read less than a week after it ended has to be read once more.
        Some(through) => through.saturating_sub(LATEST_DAYS.days()).min(week).max(previous),
        None => month_of(today),
    };
    Window { start, end }
}

fn is_previous_due(today: Date, known: &Known) -> bool {
    let Some(read) = known.months.get(&previous_month(today)) else { return true };
    today.day() <= CLOSING_DAYS || read.on.saturating_add(WEEK.days()) <= today
}

/// Whether a month need not be read again: it was read when AWS no longer estimated any of
/// it, or after the days on which AWS closes a month.
fn is_settled(month: Date, known: &Known) -> bool {
    let Some(read) = known.months.get(&month) else { return false };
    let closed = next_month(month).saturating_add(i32::from(CLOSING_DAYS).days());
    !read.estimated || read.on >= closed
}

fn month_of(day: Date) -> Date {
    date(day.year(), day.month(), 1)
}

fn next_month(day: Date) -> Date {
    month_of(day).saturating_add(1.month())
}

fn previous_month(day: Date) -> Date {
    month_of(day).saturating_sub(1.month())
}

#[cfg(test)]
mod tests;
