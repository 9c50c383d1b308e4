//! The laws of reading, against a trail that is played: whatever the split of runs, every
//! instant of 90 days is in a window that was read to its end, and late events are found.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// An event: when it took place and how much later it can be seen, in seconds.
type Told = (i64, i64);

/// A run: seconds since the one before, windows it finishes before it is killed, and how
/// many pages an hour it measures.
type Run = (i64, usize, u64);

const START: i64 = 1_767_225_600;
const DAY: i64 = 86_400;
const NAMES: u64 = 119;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(START + second).unwrap()
}

/// A reader with what it keeps between runs.
#[derive(Default)]
struct Reader {
    covered: Covered,
    measures: Measures,
    /// Events by their place in the trail.
    found: BTreeSet<usize>,
    windows: Vec<Stretch>,
}

impl Reader {
    fn run(&mut self, now: i64, windows: usize, rate: u64, trail: &[Told]) {
        self.covered.until(at(now));
        for _ in 0..windows {
            let Some(window) = next(&self.covered, &self.measures, NAMES, at(now)) else { return };
            let Stretch { from, to } = window.stretch;
            assert!(from < to && to <= at(now) && from >= at(now) - KEPT, "{window:?}");
            for (number, (second, delay)) in trail.iter().enumerate() {
                if (from..=to).contains(&at(*second)) && second + delay <= now {
                    self.found.insert(number);
                }
            }
            self.covered.add(window.stretch);
            self.windows.push(window.stretch);
            let pages = rate * u64::try_from(window.stretch.length().as_hours()).unwrap();
            match window.by {
                Lookup::Changes => self.measures.changes = self.measures.changes.and(pages, window.stretch.length()),
                Lookup::Names => self.measures.names = self.measures.names.and(pages / 50, window.stretch.length()),
            }
        }
        assert!(windows < 1_000, "there is always another window");
    }
}

fn a_trail() -> impl Strategy<Value = Vec<Told>> {
    prop::collection::vec((-95 * DAY..130 * DAY, 0_i64..=1_800), 0..120)
}

/// Gaps between runs are minutes, hours, or weeks.
fn runs() -> impl Strategy<Value = Vec<Run>> {
    let wait = prop_oneof![1_i64..3_600, 3_600_i64..3 * DAY, 3 * DAY..40 * DAY];
    prop::collection::vec((wait, 0_usize..6, 0_u64..200), 0..12)
}

proptest! {
    #[test]
    fn every_instant_of_90_days_is_in_a_window_that_was_read_to_its_end(runs in runs(), rate in 0_u64..200) {
        let (mut reader, mut now) = (Reader::default(), 0);
        for (wait, windows, rate) in runs {
            now += wait;
            reader.run(now, windows, rate, &[]);
        }
        now += 900;
        reader.run(now, usize::MAX, rate, &[]);
        let read = Covered::new(reader.windows.iter().copied());
        let whole = read.stretches().last().unwrap();
        prop_assert!(whole.from <= at(now) - KEPT && whole.to == at(now), "{whole:?}");
        prop_assert_eq!(next(&reader.covered, &reader.measures, NAMES, at(now)), None);
        prop_assert_eq!(lag(&reader.covered, at(now)).is_zero(), reader.covered.stretches().len() == 1);
    }

    #[test]
    fn every_event_that_comes_within_half_an_hour_is_found(trail in a_trail(), runs in runs(), rate in 0_u64..200) {
        let (mut reader, mut now) = (Reader::default(), 0);
        for (wait, windows, rate) in runs {
            now += wait;
            reader.run(now, windows, rate, &trail);
        }
        for _ in 0..2 {
            now += 1_800;
            reader.run(now, usize::MAX, rate, &trail);
        }
        for (number, (second, delay)) in trail.iter().enumerate() {
            // What is within the second before the end is told to the next run.
            let is_kept = *second > now - 90 * DAY && second + delay <= now;
            prop_assert!(!is_kept || reader.found.contains(&number), "{second} + {delay} at {now}");
        }
    }

    #[test]
    fn a_clock_that_is_minutes_off_loses_nothing(trail in a_trail(), skews in prop::collection::vec(-600_i64..600, 1..20)) {
        let on_time: Vec<Told> = trail.into_iter().map(|(second, delay)| (second, delay % 600)).collect();
        let (mut reader, mut true_now) = (Reader::default(), 0);
        for skew in skews {
            true_now += 900;
            // What can be seen follows AWS's clock, what is asked for follows ours.
            let seen: Vec<Told> = on_time.iter().map(|(second, delay)| (*second, delay + skew)).collect();
            reader.run(true_now + skew, usize::MAX, 10, &seen);
        }
        for _ in 0..2 {
            true_now += 1_800;
            reader.run(true_now, usize::MAX, 10, &on_time);
        }
        for (number, (second, delay)) in on_time.iter().enumerate() {
            let is_kept = *second > true_now - 90 * DAY && second + delay <= true_now;
            prop_assert!(!is_kept || reader.found.contains(&number), "{second} + {delay} at {true_now}");
        }
    }
}

#[test]
fn a_first_reading_begins_with_the_newest_and_ends_90_days_back() {
    let mut reader = Reader::default();
    reader.run(0, usize::MAX, 0, &[]);
    let begins: Vec<i64> = reader.windows.iter().map(|window| window.length().as_hours()).collect();
    assert_eq!(begins[..3], [24, 7 * 24, 7 * 24], "a day is measured, then a week at a time");
    assert_eq!(reader.windows.first().unwrap().to, at(0));
    assert_eq!(reader.windows.last().unwrap().from, at(0) - KEPT);
}

#[test]
fn a_busy_account_is_read_by_names_in_one_window() {
    let mut reader = Reader::default();
    reader.run(0, usize::MAX, 100, &[]);
    assert_eq!(reader.windows.len(), 2, "{:?}", reader.windows);
}

#[test]
fn being_behind_is_told_by_the_oldest_gap() {
    let mut reader = Reader::default();
    reader.run(0, usize::MAX, 0, &[]);
    reader.run(70 * DAY, 1, 0, &[]);
    assert!(lag(&reader.covered, at(70 * DAY)) > ALARM);
    assert_eq!(reader.covered.lost(at(70 * DAY) - KEPT), []);
    assert_eq!(reader.covered.lost(at(95 * DAY) - KEPT).len(), 1);
}
