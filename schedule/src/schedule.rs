//! A parsed expression in a zone, and the questions asked of it.
//!
//! Flows in: an expression, a zone, and the moment of each question. Flows out: moments.
//! Deliberately absent: state; what depends on when a CronJob last ran stands in
//! [`crate::cron_job`].

use jiff::{SignedDuration, Timestamp};

use crate::{InvalidSchedule, Zone, expression::Rule, walk};

/// How far back a calendar is searched, as far as forward: five years.
const FARTHEST_BACK: i64 = 5 * 366 * 86_400;

/// When something is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    rule: Rule,
    zone: Zone,
}

impl Schedule {
    /// Reads an expression as Kubernetes does: five fields, `@hourly` and its like, or
    /// `@every` with a duration.
    pub fn parse(expression: &str, zone: Zone) -> Result<Self, InvalidSchedule> {
        Rule::parse(expression).map(|rule| Self { rule, zone })
    }

    /// The zone whose wall clock counts.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The delay of `@every`, at least one second; `None` for a calendar.
    pub fn delay(&self) -> Option<SignedDuration> {
        match self.rule {
            Rule::Every(seconds) => Some(SignedDuration::from_secs(seconds)),
            Rule::Calendar(_) => None,
        }
    }

    /// The first time after `after`, on a whole second; `None` when there is none within
    /// five years. For `@every` it is `after` plus the delay.
    pub fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let second = whole_second(after);
        match &self.rule {
            Rule::Calendar(calendar) => walk::next(calendar, &self.zone, second),
            Rule::Every(delay) => Timestamp::from_second(second.checked_add(*delay)?).ok(),
        }
    }

    /// The next `count` times after `after`; fewer when there are no more within five
    /// years of the last.
    pub fn next_n(&self, after: Timestamp, count: usize) -> Vec<Timestamp> {
        std::iter::successors(self.next(after), |&time| self.next(time)).take(count).collect()
    }

    /// The last time before `before`, at most five years back. `None` when there is none,
    /// and for `@every`, whose times hang on when it last ran.
    pub fn most_recent_before(&self, before: Timestamp) -> Option<Timestamp> {
        if let Rule::Every(_) = self.rule {
            return None;
        }
        let end = if before.subsec_nanosecond() == 0 { whole_second(before) } else { whole_second(before) + 1 };
        let hits = |second: i64| {
            let after = Timestamp::from_second(second).ok()?;
            self.next(after).filter(|&time| time.as_second() < end)
        };
        let mut back = 60;
        while hits(end - back).is_none() {
            if back >= FARTHEST_BACK {
                return None;
            }
            back = (back * 2).min(FARTHEST_BACK);
        }
        // From `early` something comes before the end, from `late` nothing does.
        let (mut early, mut late) = (end - back, end);
        while late - early > 1 {
            let middle = early + (late - early) / 2;
            if hits(middle).is_some() { early = middle } else { late = middle }
        }
        hits(early)
    }
}

/// The second that a moment lies in, rounded down also before 1970.
pub(crate) fn whole_second(moment: Timestamp) -> i64 {
    moment.as_second() - i64::from(moment.subsec_nanosecond() < 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn schedule(expression: &str) -> Schedule {
        Schedule::parse(expression, Zone::parse("Europe/Berlin").unwrap()).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_time_before_is_strictly_before() {
        let daily = schedule("0 6 * * *");
        let six = at("2026-01-02T05:00:00Z");
        assert_eq!(daily.most_recent_before(six), Some(at("2026-01-01T05:00:00Z")));
        assert_eq!(daily.most_recent_before(six + SignedDuration::from_nanos(1)), Some(six));
    }

    #[test]
    fn what_never_was_has_no_time_before() {
        assert_eq!(schedule("0 0 31 2 *").most_recent_before(at("2026-01-01T00:00:00Z")), None);
        assert_eq!(schedule("@every 1h").most_recent_before(at("2026-01-01T00:00:00Z")), None);
    }

    #[test]
    fn a_delay_starts_on_whole_seconds() {
        let next = schedule("@every 90s").next(at("2026-01-01T00:00:00.7Z"));
        assert_eq!(next, Some(at("2026-01-01T00:01:30Z")));
    }

    #[test]
    fn the_end_of_the_calendar_is_no_panic() {
        for expression in ["* * * * *", "@every 1h", "0 0 1 1 *"] {
            assert_eq!(schedule(expression).next(Timestamp::MAX), None);
            assert_eq!(schedule(expression).most_recent_before(Timestamp::MIN), None);
        }
    }

    proptest! {
        #[test]
        fn before_undoes_next(second in 1_600_000_000_i64..2_000_000_000, minute in 0..60, hour in 0..24, day in 1..29) {
            for expression in [format!("{minute} {hour} * * *"), format!("{minute} {hour} {day} * *")] {
                let schedule = schedule(&expression);
                let next = schedule.next(Timestamp::from_second(second).unwrap()).unwrap();
                prop_assert!(next.as_second() > second);
                let after_next = next + SignedDuration::from_secs(1);
                prop_assert_eq!(schedule.most_recent_before(after_next), Some(next));
            }
        }
    }
}
