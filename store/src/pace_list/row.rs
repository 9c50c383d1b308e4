//! A bucket of the pace as the list shows it.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::list::{Order, Position, SortValue};

/// The columns of a [`PaceRow`]. The rate is the one that the next call would find: what a
/// throttle took away comes back minute by minute, asked for or not.
pub(super) const COLUMNS: &str = "p.account_id, p.region, p.operation, p.base_rate, \
    paced_rate(p.rate, p.base_rate, p.recovered_at) as rate, p.burst, p.asked_at, p.throttled_at";

/// How fast one operation of one account and region may be called.
#[derive(Debug, Clone, FromRow)]
pub struct PaceRow {
    /// 12 digits.
    pub account_id: String,
    /// AWS region.
    pub region: String,
    /// `DescribeWorkspaces`, …
    pub operation: String,
    /// Calls a second as configured.
    pub base_rate: f64,
    /// Calls a second as allowed now, at most the configured ones.
    pub rate: f64,
    /// Calls that may come at once.
    pub burst: i32,
    asked_at: jiff_sqlx::Timestamp,
    throttled_at: Option<jiff_sqlx::Timestamp>,
}

impl PaceRow {
    /// When a job last asked for tickets.
    pub fn asked_at(&self) -> Timestamp {
        self.asked_at.into()
    }

    /// When AWS last throttled the operation.
    pub fn throttled_at(&self) -> Option<Timestamp> {
        self.throttled_at.map(Into::into)
    }

    /// Whether calls are slower than configured, because AWS throttled some.
    pub fn is_slowed(&self) -> bool {
        self.rate < self.base_rate
    }

    /// The row's place in a list of this order.
    pub(super) fn position(&self, order: Order) -> Position {
        let value = match order.column.name {
            "accountId" => Some(SortValue::Text(self.account_id.clone())),
            "region" => Some(SortValue::Text(self.region.clone())),
            "operation" => Some(SortValue::Text(self.operation.clone())),
            "askedAt" => Some(SortValue::Instant(self.asked_at())),
            _ => self.throttled_at().map(SortValue::Instant),
        };
        Position { value, key: vec![self.account_id.clone(), self.region.clone(), self.operation.clone()] }
    }
}
