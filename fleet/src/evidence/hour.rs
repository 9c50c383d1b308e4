//! A day of evidence by the hour, for times of which no finer points are kept.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};

use super::{
    bitmap::HourMap,
    metric::{Point, UsageMetric},
};

/// What hourly points prove about one desktop on one UTC day. A set hour means "at some
/// moment of it", which is far coarser than a slot, so the two are never mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourEvidence {
    /// There was a point of `UserConnected`, `Stopped`, `Available` or `Unhealthy`.
    pub observed: HourMap,
    /// A user was connected.
    pub connected: HourMap,
    /// The machine ran.
    pub running: HourMap,
}

impl HourEvidence {
    /// What hourly `points` of `metric` prove, by day, added to `days`. Points that are no
    /// number or negative prove nothing; their count is returned.
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
            let moment = point.at.to_zoned(TimeZone::UTC);
            let hour = usize::try_from(moment.hour()).unwrap_or(0);
            let day = days.entry(moment.date()).or_default();
            let maps = [
                (&mut day.observed, proof.reports),
                (&mut day.connected, proof.connected),
                (&mut day.running, proof.running),
            ];
            maps.into_iter().filter(|(_, is_proved)| *is_proved).for_each(|(map, _)| map.set(hour));
        }
        rejected
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_those_of_the_utc_day() {
        let points = ["2026-03-01T00:00:00Z", "2026-03-01T23:00:00Z", "2026-03-02T05:00:00Z"]
            .map(|at| Point { at: at.parse().unwrap(), value: 1.0 });
        let mut days = BTreeMap::new();
        assert_eq!(HourEvidence::add(&mut days, UsageMetric::UserConnected, &points), 0);
        let hours: Vec<_> = days.values().map(|day| day.running.to_string()).collect();
        assert_eq!(hours, ["800001", "040000"]);
    }
}
