//! Packing: as few requests as `CloudWatch`'s limits allow, since a request pays for each
//! metric it names and not for the points it brings.
//!
//! Pure: windows and desktops in, requests out.

use fleet::evidence::UsageMetric;
use jiff::{SignedDuration, Timestamp};

/// Metrics that one `GetMetricData` may name.
const MOST_QUERIES: usize = 500;
/// Points that one `GetMetricData` may bring (`MaxDatapoints`).
const MOST_POINTS: usize = 100_800;
/// Points that a ticket of the pace stands for.
const POINTS_A_TICKET: usize = 10_000;

/// What is asked of every desktop of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// Seconds of a period: 300 or 3,600.
    pub(super) period: i32,
    /// The begin, a multiple of the period.
    pub(super) start: Timestamp,
    /// The end, exclusive, a multiple of the period.
    pub(super) end: Timestamp,
    /// The metrics.
    pub(super) metrics: &'static [UsageMetric],
}

/// One request: for each query the desktop's place in the pack, and the metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) window: Window,
    pub(super) queries: Vec<(usize, UsageMetric)>,
    /// How much of the pace it takes.
    pub(super) tickets: u32,
}

impl Window {
    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.end <= self.start
    }

    /// Points of one metric at most.
    fn points(&self) -> usize {
        let seconds = self.end.duration_since(self.start).as_secs().max(0);
        usize::try_from(seconds / i64::from(self.period)).unwrap_or(usize::MAX).max(1)
    }

    /// Queries of one request.
    fn queries_a_request(&self) -> usize {
        queries_a_request(self.points())
    }

    /// How many desktops make a pack whose requests are full.
    pub(super) fn desktops_a_pack(&self) -> usize {
        let queries = self.queries_a_request();
        // Where a request does not hold the metrics of one desktop, as many desktops as it
        // has queries fill as many requests as there are metrics.
        if queries >= self.metrics.len() { queries / self.metrics.len() } else { queries }
    }
}

/// The requests for `desktops` desktops over `window`.
pub(super) fn pack(desktops: usize, window: Window) -> Vec<Request> {
    if window.is_empty() {
        return Vec::new();
    }
    let queries: Vec<(usize, UsageMetric)> =
        (0..desktops).flat_map(|desktop| window.metrics.iter().map(move |metric| (desktop, *metric))).collect();
    let request = |queries: &[(usize, UsageMetric)]| Request {
        window,
        queries: queries.to_vec(),
        tickets: tickets(queries.len() * window.points()),
    };
    queries.chunks(window.queries_a_request()).map(request).collect()
}

/// How many queries a request holds that bring up to `points` each.
pub(super) fn queries_a_request(points: usize) -> usize {
    (MOST_POINTS / points).clamp(1, MOST_QUERIES)
}

/// The tickets of a request for up to `points` in all.
pub(super) fn tickets(points: usize) -> u32 {
    u32::try_from(points.div_ceil(POINTS_A_TICKET)).unwrap_or(u32::MAX)
}

/// The last multiple of `period` seconds that is not after `at`.
pub(super) fn floor(at: Timestamp, period: i64) -> Timestamp {
    at - SignedDuration::from_secs(at.as_second().rem_euclid(period))
        - SignedDuration::from_nanos(at.subsec_nanosecond().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn window(minutes: i64) -> Window {
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        Window { period: 300, start, end: start + SignedDuration::from_mins(minutes), metrics: &UsageMetric::ALL }
    }

    #[test]
    fn a_day_of_a_thousand_desktops_takes_eighteen_requests() {
        let day = window(1440);
        assert_eq!(day.desktops_a_pack(), 58);
        let requests: usize = (0..1000_usize).step_by(58).map(|from| pack(58.min(1000 - from), day).len()).sum();
        assert_eq!(requests, 18);
    }

    #[test]
    fn a_first_reading_fills_its_requests_too() {
        let two_months = window(63 * 1440);
        assert_eq!(two_months.desktops_a_pack(), 5);
        let requests = pack(5, two_months);
        assert_eq!(requests.len(), 6);
        assert!(requests.iter().all(|request| request.queries.len() == 5 && request.tickets == 10));
    }

    #[test]
    fn nothing_is_asked_about_no_time() {
        assert!(pack(10, window(0)).is_empty());
    }

    #[test]
    fn moments_are_rounded_down() {
        let at: Timestamp = "2026-03-01T10:07:59.5Z".parse().unwrap();
        assert_eq!(floor(at, 300), "2026-03-01T10:05:00Z".parse().unwrap());
    }

    proptest! {
        #[test]
        fn every_metric_of_every_desktop_is_asked_once_within_the_limits(desktops in 1_usize..200, minutes in 5_i64..100_000) {
            let window = window(minutes / 5 * 5);
            let requests = pack(desktops, window);
            let mut asked: Vec<_> = requests.iter().flat_map(|request| request.queries.clone()).collect();
            for request in &requests {
                prop_assert!(request.queries.len() <= MOST_QUERIES);
                prop_assert!(request.queries.len() * window.points() <= MOST_POINTS.max(window.points()));
                prop_assert!(request.tickets >= 1 && request.tickets <= 11);
            }
            asked.sort_unstable();
            asked.dedup();
            prop_assert_eq!(asked.len(), desktops * UsageMetric::ALL.len());
        }
    }
}
