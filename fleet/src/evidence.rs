//! Evidence of use: what metrics prove about a desktop, slot by slot of a UTC day.
//!
//! ```text
//! points of a metric ──► DayEvidence (four maps of 288 slots) ──┐
//!                    └─► marks (moments)                        ├─► kept, merged by OR
//! hourly points ───────► HourEvidence (three maps of 24 hours) ─┘
//! ```
//!
//! Evidence only grows: merging is a bitwise OR, so late points, points read twice and runs
//! cut anywhere give the same days. A slot without any point says nothing; it is not idle.
//! Hourly evidence (older than `CloudWatch` keeps five-minute points) is never mixed into
//! slots. Deliberately absent: sessions and hours, which are derived when asked for.

mod bitmap;
mod day;
mod hour;
mod metric;

pub use bitmap::{Bitmap, DayMap, HourMap};
pub use day::DayEvidence;
pub use hour::HourEvidence;
pub use metric::{Point, UsageMetric};
