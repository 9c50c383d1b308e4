//! Health of a desktop: how busy, full, slow and lossy it was, by UTC day.
//!
//! ```text
//! daily points of a metric and statistic ──► HealthDay ──► kept, a row a desktop and day
//! ```
//!
//! A day has a value for each metric and statistic that `CloudWatch` told; what it did not
//! tell is `None` and never zero: a desktop that was stopped all day has no load of 0 %.
//! Deliberately absent: percentiles, which need the points of five minutes.

mod day;
mod metric;

pub use day::HealthDay;
pub use metric::{HealthMetric, HealthQuery, Statistic};
