//! `GetMetricData` in the SDK's types: queries out, points in.

use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat};
use aws_smithy_types::DateTime;
use fleet::evidence::Point;
use jiff::Timestamp;
use store::usage::DesktopUsage;

use super::packing::Request;

const NAMESPACE: &str = "AWS/WorkSpaces";

/// The queries of `request` about `desktops`. Query `n` has the id `mn`.
pub(super) fn queries(request: &Request, desktops: &[DesktopUsage]) -> Vec<MetricDataQuery> {
    let queries = request.queries.iter().enumerate();
    queries
        .map(|(place, (desktop, metric))| {
            let value = (metric.name(), metric.statistic());
            query(format!("m{place}"), &desktops[*desktop].workspace_id, value, request.window.period)
        })
        .collect()
}

/// One query: a metric and statistic of a desktop, by periods of so many seconds.
pub(crate) fn query(id: String, workspace_id: &str, (metric, statistic): (&str, &str), period: i32) -> MetricDataQuery {
    let dimension = Dimension::builder().name("WorkspaceId").value(workspace_id).build();
    let name = Metric::builder().namespace(NAMESPACE).metric_name(metric).dimensions(dimension).build();
    let stat = MetricStat::builder().metric(name).period(period).stat(statistic).build();
    MetricDataQuery::builder().id(id).metric_stat(stat).build()
}

/// The place of the query with this id among `queries`.
pub(super) fn place(id: Option<&str>, queries: usize) -> Option<usize> {
    id?.strip_prefix('m')?.parse().ok().filter(|place| *place < queries)
}

/// The points of a result, and how many of its parts are none: moments without a value,
/// values without a moment, and moments outside the years there are.
pub(super) fn points(times: Option<Vec<DateTime>>, values: Option<Vec<f64>>) -> (Vec<Point>, usize) {
    let (times, values) = (times.unwrap_or_default(), values.unwrap_or_default());
    let unpaired = times.len().abs_diff(values.len());
    let pairs = times.len().min(values.len());
    let read: Vec<Point> = times
        .into_iter()
        .zip(values)
        .filter_map(|(at, value)| Some(Point { at: Timestamp::from_second(at.secs()).ok()?, value }))
        .collect();
    let strange = pairs - read.len();
    (read, unpaired + strange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_that_were_sent_have_a_place() {
        assert_eq!(place(Some("m7"), 8), Some(7));
        for id in [Some("m8"), Some("x1"), Some(""), None] {
            assert_eq!(place(id, 8), None, "{id:?}");
        }
    }

    #[test]
    fn values_without_a_moment_are_no_points() {
        let (read, ill) = points(Some(vec![DateTime::from_secs(300)]), Some(vec![1.0, 0.0]));
        assert_eq!((read.len(), ill), (1, 1));
        let (read, ill) = points(Some(vec![DateTime::from_secs(i64::MAX)]), Some(vec![1.0]));
        assert_eq!((read.len(), ill), (0, 1));
    }
}
