//! One desktop's health on one UTC day.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};

use super::metric::{HealthMetric, HealthQuery, Statistic};
use crate::evidence::Point;

/// The largest value that is a measurement: a count of a day, or seconds of thirty years.
const LARGEST: f64 = 1e9;

/// What was told of a day; what was not told is not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HealthDay {
    values: BTreeMap<HealthQuery, f64>,
}

impl HealthDay {
    /// Adds daily `points` of one metric and statistic to `days`, the later value of a day in
    /// place of the one before. What is no measurement (no number, infinite, negative, beyond
    /// reason, a count that is not whole) is left out; how many were.
    pub fn add(days: &mut BTreeMap<Date, Self>, query: HealthQuery, points: &[Point]) -> usize {
        let mut rejected = 0;
        for point in points {
            if is_measurement(query.statistic, point.value) {
                let day = point.at.to_zoned(TimeZone::UTC).date();
                days.entry(day).or_default().values.insert(query, point.value);
            } else {
                rejected += 1;
            }
        }
        rejected
    }

    /// The value of a metric and statistic; `None` is unknown.
    pub fn value(&self, metric: HealthMetric, statistic: Statistic) -> Option<f64> {
        self.values.get(&HealthQuery { metric, statistic }).copied()
    }

    /// All that was told.
    pub fn values(&self) -> impl Iterator<Item = (HealthQuery, f64)> {
        self.values.iter().map(|(query, value)| (*query, *value))
    }
}

fn is_measurement(statistic: Statistic, value: f64) -> bool {
    let is_count = matches!(statistic, Statistic::SampleCount | Statistic::Sum);
    (0.0..=LARGEST).contains(&value) && !(is_count && value.fract() != 0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const CPU: HealthQuery = HealthQuery { metric: HealthMetric::CpuUsage, statistic: Statistic::Average };
    const ATTEMPTS: HealthQuery = HealthQuery { metric: HealthMetric::ConnectionAttempt, statistic: Statistic::Sum };

    fn at(text: &str, value: f64) -> Point {
        Point { at: text.parse().unwrap(), value }
    }

    #[rstest]
    #[case(f64::NAN)]
    #[case(f64::INFINITY)]
    #[case(f64::NEG_INFINITY)]
    #[case(-0.1)]
    #[case(1e300)]
    fn what_is_no_measurement_is_counted_and_changes_nothing(#[case] value: f64) {
        let mut days = BTreeMap::new();
        HealthDay::add(&mut days, CPU, &[at("2026-03-01T00:00:00Z", 12.5)]);
        let before = days.clone();
        let points = [at("2026-03-01T00:00:00Z", value), at("2026-03-02T00:00:00Z", value)];
        assert_eq!(HealthDay::add(&mut days, CPU, &points), 2);
        assert_eq!(days, before);
    }

    #[test]
    fn a_count_is_whole() {
        let mut days = BTreeMap::new();
        let points = [at("2026-03-01T00:00:00Z", 1.5), at("2026-03-02T00:00:00Z", 2.0)];
        assert_eq!(HealthDay::add(&mut days, ATTEMPTS, &points), 1);
        assert_eq!(days.len(), 1);
    }

    proptest! {
        #[test]
        fn points_in_any_order_of_queries_give_the_same_days(values in prop::collection::vec((0_u8..38, 0_i64..400, 0_u16..500), 0..60)) {
            let queries = HealthMetric::queries(true);
            let points: BTreeMap<(u8, i64), u16> = values.iter().map(|(query, day, value)| ((*query, *day), *value)).collect();
            let add = |days: &mut BTreeMap<Date, HealthDay>, ((query, day), value): (&(u8, i64), &u16)| {
                let at = jiff::Timestamp::from_second(day * 86_400).unwrap();
                HealthDay::add(days, queries[usize::from(*query)], &[Point { at, value: f64::from(*value) }])
            };
            let (mut forth, mut back) = (BTreeMap::new(), BTreeMap::new());
            let rejected: usize = points.iter().map(|point| add(&mut forth, point)).sum();
            points.iter().rev().for_each(|point| { add(&mut back, point); });
            prop_assert_eq!(rejected, 0);
            prop_assert_eq!(&forth, &back);
            prop_assert_eq!(forth.values().map(|day| day.values().count()).sum::<usize>(), points.len());
        }
    }
}
