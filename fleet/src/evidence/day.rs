//! A day of evidence in slots of five minutes.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    bitmap::DayMap,
    metric::{Point, UsageMetric},
};

/// What is proved about one desktop on one UTC day. Each map has 288 slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayEvidence {
    /// There was a point of `UserConnected`, `Stopped`, `Available` or `Unhealthy`.
    pub observed: DayMap,
    /// A user was connected at some moment of the slot.
    pub connected: DayMap,
    /// The machine ran at some moment of the slot: it was connected to, available or
    /// unhealthy, or reported that it was not stopped.
    pub running: DayMap,
    /// It was under maintenance.
    pub maintenance: DayMap,
    /// A connection succeeded in the slot.
    pub succeeded: DayMap,
}

impl DayEvidence {
    /// Adds what `other` proves.
    pub fn merge(&mut self, other: &Self) {
        self.observed.merge(&other.observed);
        self.connected.merge(&other.connected);
        self.running.merge(&other.running);
        self.maintenance.merge(&other.maintenance);
        self.succeeded.merge(&other.succeeded);
    }

    /// Whether it proves nothing.
    pub fn is_empty(&self) -> bool {
        [self.observed, self.connected, self.running, self.maintenance, self.succeeded].iter().all(DayMap::is_empty)
    }

    /// What `points` of `metric` prove, by day, added to `days`. Points that are no number
    /// or negative prove nothing; their count is returned.
    pub fn add(days: &mut BTreeMap<Date, Self>, metric: UsageMetric, points: &[Point]) -> usize {
        let mut rejected = 0;
        for point in points {
            let Some(proof) = metric.proof(point.value) else {
                rejected += 1;
                continue;
            };
            if proof.proves_nothing() {
                continue;
            }
            let (date, slot) = slot_of(point.at);
            let day = days.entry(date).or_default();
            let maps = [
                (&mut day.observed, proof.reports),
                (&mut day.connected, proof.connected),
                (&mut day.running, proof.running),
                (&mut day.maintenance, proof.maintained),
                (&mut day.succeeded, proof.succeeded),
            ];
            maps.into_iter().filter(|(_, is_proved)| *is_proved).for_each(|(map, _)| map.set(slot));
        }
        rejected
    }
}

/// The UTC day and the slot in which a moment lies.
fn slot_of(at: Timestamp) -> (Date, usize) {
    let moment = at.to_zoned(TimeZone::UTC);
    let minutes = i32::from(moment.hour()) * 60 + i32::from(moment.minute());
    (moment.date(), usize::try_from(minutes / 5).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn point(minutes: i64, value: f64) -> Point {
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        Point { at: start + SignedDuration::from_mins(minutes), value }
    }

    fn evidence(metric: UsageMetric, points: &[Point]) -> BTreeMap<Date, DayEvidence> {
        let mut days = BTreeMap::new();
        DayEvidence::add(&mut days, metric, points);
        days
    }

    #[test]
    fn points_of_a_day_lie_in_its_slots() {
        let points = [point(0, 1.0), point(7, 0.0), point(1439, 1.0), point(1440, 1.0)];
        let days = evidence(UsageMetric::UserConnected, &points);
        let slots = |day: usize| days.values().nth(day).unwrap().connected.parts().collect::<Vec<_>>();
        assert_eq!((slots(0), slots(1)), (vec![0, 287], vec![0]));
        assert_eq!(days.values().next().unwrap().observed.parts().collect::<Vec<_>>(), [0, 1, 287]);
    }

    #[test]
    fn a_stopped_desktop_is_observed_and_does_not_run() {
        let days = evidence(UsageMetric::Stopped, &[point(0, 1.0), point(5, 0.0)]);
        let day = days.values().next().unwrap();
        assert_eq!((day.observed.count(), day.running.parts().collect::<Vec<_>>()), (2, vec![1]));
    }

    #[test]
    fn maintenance_alone_is_no_sign_that_the_desktop_reports() {
        let days = evidence(UsageMetric::Maintenance, &[point(0, 1.0)]);
        let day = days.values().next().unwrap();
        assert_eq!((day.observed.count(), day.maintenance.count()), (0, 1));
    }

    #[test]
    fn a_connection_that_succeeded_is_a_slot_and_nothing_else() {
        let days = evidence(UsageMetric::ConnectionSuccess, &[point(6, 2.0), point(20, 0.0), point(1440, 1.0)]);
        let slots: Vec<_> = days.values().flat_map(|day| day.succeeded.parts()).collect();
        assert_eq!((slots, days.len()), (vec![1, 0], 2));
        let beside = days.values().map(|day| day.observed.count() + day.connected.count() + day.running.count());
        assert_eq!(beside.sum::<u32>(), 0);
    }

    #[rstest::rstest]
    #[case(f64::NAN)]
    #[case(f64::INFINITY)]
    #[case(-1.0)]
    fn what_is_no_measurement_proves_nothing(#[case] value: f64) {
        let mut days = BTreeMap::new();
        assert_eq!(DayEvidence::add(&mut days, UsageMetric::Stopped, &[point(0, value)]), 1);
        assert!(days.is_empty());
    }

    fn a_point() -> impl Strategy<Value = (usize, Point)> {
        (0_usize..6, 0_i64..4 * 1440, 0_u8..2)
            .prop_map(|(metric, minute, value)| (metric, point(minute, f64::from(value))))
    }

    proptest! {
        // The law on which everything that is derived rests.
        #[test]
        fn any_split_in_any_order_with_repeats_gives_the_same_days(
            points in prop::collection::vec(a_point(), 0..80),
            order in any::<prop::sample::Index>(),
            cut in any::<prop::sample::Index>(),
            repeat in any::<prop::sample::Index>(),
        ) {
            let collect = |points: &[(usize, Point)]| {
                let mut days = BTreeMap::new();
                for (metric, point) in points {
                    DayEvidence::add(&mut days, UsageMetric::ALL[*metric], &[*point]);
                }
                days
            };
            let whole = collect(&points);
            let mut shuffled = points.clone();
            if !points.is_empty() {
                shuffled.rotate_left(order.index(points.len()));
                shuffled.push(points[repeat.index(points.len())]);
            }
            let (first, second) = shuffled.split_at(cut.index(shuffled.len() + 1));
            let mut merged = collect(second);
            for (date, day) in collect(first) {
                merged.entry(date).or_default().merge(&day);
            }
            prop_assert_eq!(merged, whole);
        }
    }
}
