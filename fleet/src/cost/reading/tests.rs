//! The rule of rereading: windows on certain days, and the law that no split of readings
//! changes what is kept.

use std::collections::BTreeSet;

use jiff::{ToSpan, civil::date};
use proptest::prelude::*;
use rstest::rstest;

use super::*;

fn known(through: Option<Date>, months: &[(Date, Date, bool)]) -> Known {
    let months = months.iter().map(|(month, on, estimated)| (*month, MonthRead { on: *on, estimated: *estimated }));
    Known { through, months: months.collect() }
}

/// Records a complete reading of `window` on `today`.
fn record(known: &mut Known, window: Window, today: Date, estimated: impl Fn(Date) -> bool) {
    for month in window.whole_months() {
        known.months.insert(month, MonthRead { on: today, estimated: estimated(month) });
    }
    known.through = known.through.max(Some(window.end));
}

#[test]
fn the_first_reading_reaches_back_as_far_as_aws_keeps_costs() {
    let windows = windows(date(2026, 3, 20), &Known::default());
    assert_eq!(windows[0], Window { start: date(2026, 2, 1), end: date(2026, 3, 21) });
    assert_eq!(windows[1], Window { start: date(2026, 1, 1), end: date(2026, 2, 1) });
    assert_eq!(windows.last(), Some(&Window { start: date(2025, 2, 1), end: date(2025, 3, 1) }));
    assert_eq!(windows.len(), 13);
}

#[rstest]
#[case::a_week_while_the_previous_month_is_fresh(date(2026, 3, 20), date(2026, 3, 15), date(2026, 3, 13))]
#[case::the_previous_month_once_a_week(date(2026, 3, 20), date(2026, 3, 13), date(2026, 2, 1))]
#[case::the_previous_month_daily_while_it_is_closed(date(2026, 3, 12), date(2026, 3, 11), date(2026, 2, 1))]
#[case::a_week_from_the_thirteenth_on(date(2026, 3, 13), date(2026, 3, 12), date(2026, 3, 6))]
fn what_is_read_daily_is_the_latest_and_what_is_being_closed(
    #[case] today: Date,
    #[case] previous_read: Date,
    #[case] start: Date,
) {
    let yesterday = today.saturating_sub(1.days());
    let mut known = known(Some(today), &[(date(2026, 2, 1), previous_read, false)]);
    for month in 1..=13 {
        let month = date(2026, 2, 1).saturating_sub(month.months());
        known.months.insert(month, MonthRead { on: yesterday, estimated: false });
    }
    assert_eq!(windows(today, &known), [Window { start, end: today.saturating_add(1.days()) }]);
}

#[test]
fn a_gap_is_closed_with_the_week_before_it() {
    let known = known(Some(date(2026, 3, 5)), &[(date(2026, 2, 1), date(2026, 3, 16), false)]);
    let windows = windows(date(2026, 3, 20), &known);
    assert_eq!(windows[0].start, date(2026, 2, 26));
    assert_eq!(windows[1].start, date(2026, 1, 1), "February was read whole after the gap began");
}

#[test]
fn a_month_that_was_an_estimate_is_read_once_more_after_it_was_closed() {
    let read = |on| known(Some(date(2026, 5, 20)), &[(date(2026, 3, 1), on, true), (date(2026, 4, 1), on, false)]);
    let has_march = |known: &Known| windows(date(2026, 5, 20), known).iter().any(|one| one.start == date(2026, 3, 1));
    assert!(has_march(&read(date(2026, 4, 12))));
    assert!(!has_march(&read(date(2026, 4, 13))), "AWS may call it an estimate for ever");
}

#[test]
fn a_window_names_the_months_it_reads_whole() {
    let whole = |start, end| Window { start, end }.whole_months();
    assert_eq!(whole(date(2026, 2, 1), date(2026, 3, 21)), [date(2026, 2, 1), date(2026, 3, 1)]);
    assert_eq!(whole(date(2026, 2, 2), date(2026, 3, 2)), [date(2026, 3, 1)]);
    assert_eq!(whole(date(2026, 3, 13), date(2026, 3, 21)), []);
}

/// What AWS says of a day when asked on another: it changes until the 7th of the next month.
fn told(day: Date, on: Date) -> Option<u32> {
    let final_on = next_month(day).saturating_add(6.days());
    if on <= day {
        return None;
    }
    let settled = u32::from(day.day().unsigned_abs());
    let step = u32::from(on.min(final_on).day_of_year().unsigned_abs());
    Some(settled * 1_000 + step)
}

fn days(from: Date, to: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |day| Some(day.saturating_add(1.days()))).take_while(move |day| *day < to)
}

/// The kept figures after readings on `on`.
fn read_on(on: &BTreeSet<Date>) -> BTreeMap<Date, u32> {
    let (mut kept, mut known) = (BTreeMap::new(), Known::default());
    for today in on {
        for window in windows(*today, &known) {
            for day in days(window.start, window.end) {
                // What AWS no longer tells is removed in a window that was read completely.
                kept.remove(&day);
                kept.extend(told(day, *today).map(|figure| (day, figure)));
            }
            record(&mut known, window, *today, |month| today < &next_month(month).saturating_add(6.days()));
        }
    }
    kept
}

proptest! {
    #[test]
    fn any_split_of_readings_over_any_days_gives_the_same_figures(
        offsets in proptest::collection::btree_set(0_i64..330, 0..40),
        last in 0_i8..6,
    ) {
        let begin = date(2025, 6, 15);
        // Within the days on which a month is closed everything that was told is final or
        // a week old at most.
        let end = date(2026, 6, 7).saturating_add(i32::from(last).days());
        let mut on: BTreeSet<Date> =
            offsets.iter().map(|offset| begin.saturating_add(offset.days())).filter(|day| *day < end).collect();
        on.insert(end);
        let whole = read_on(&BTreeSet::from([end]));
        let mut split = read_on(&on);
        let oldest = first_kept(end);
        split.retain(|day, _| *day >= oldest);
        let stale = end.saturating_sub(LATEST_DAYS.days());
        // Days of the current month that are older than a week are read again with the month.
        let settles = |day: &Date| *day < month_of(end) || *day >= stale;
        let settled = |figures: &BTreeMap<Date, u32>| -> BTreeMap<Date, u32> {
            figures.iter().filter(|(day, _)| settles(day)).map(|(day, figure)| (*day, *figure)).collect()
        };
        prop_assert_eq!(settled(&split), settled(&whole));
        prop_assert_eq!(split.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>());
    }

    #[test]
    fn windows_neither_overlap_nor_leave_the_time_that_aws_keeps(
        day in 0_i64..700,
        through in proptest::option::of(0_i64..700),
        read in proptest::collection::btree_map(0_i64..24, (0_i64..700, any::<bool>()), 0..20),
    ) {
        let begin = date(2025, 1, 1);
        let today = date(2026, 1, 1).saturating_add(day.days());
        let months = read.into_iter().map(|(month, (on, estimated))| {
            (begin.saturating_add(month.months()), MonthRead { on: begin.saturating_add(on.days()), estimated })
        });
        let known = Known { through: through.map(|day| begin.saturating_add(day.days())), months: months.collect() };
        let windows = windows(today, &known);
        prop_assert_eq!(windows[0].end, today.saturating_add(1.days()));
        prop_assert!(windows.iter().all(|one| one.start < one.end && one.start >= first_kept(today)));
        prop_assert!(windows.windows(2).all(|pair| pair[1].end <= pair[0].start));
    }
}
