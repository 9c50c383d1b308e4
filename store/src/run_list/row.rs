//! A run with the totals of its steps.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use crate::list::{Order, Position, SortValue};

/// The columns of a [`RunRow`]; `t` are the totals of [`TOTALS`].
pub(super) const COLUMNS: &str = "r.run_id, r.schedule_namespace, r.schedule_name, r.account_id, r.trigger, \
    r.outcome, r.message, r.started_at, r.finished_at, t.counts, t.steps_done, t.steps_total, t.calls, t.cost_usd";

/// The totals of a run's steps, as a lateral join; a run without steps has zeros.
pub(super) const TOTALS: &str = " cross join lateral (
        select coalesce(jsonb_object_agg(s.source, s.items), '{}') as counts,
               coalesce(sum(s.done), 0)::bigint as steps_done,
               coalesce(sum(s.steps), 0)::bigint as steps_total,
               coalesce(sum(s.calls), 0)::bigint as calls,
               coalesce(sum(s.cost_usd), 0) as cost_usd
        from (
            select source, sum(items)::bigint as items, count(*) as steps, sum(calls)::bigint as calls,
                   sum(cost_usd) as cost_usd,
                   count(*) filter (where state in ('complete', 'partial', 'failed')) as done
            from run_step where run_id = r.run_id group by source
        ) s
    ) t";

/// One run.
#[derive(Debug, Clone, FromRow)]
pub struct RunRow {
    /// The UID of its Job.
    pub run_id: Uuid,
    /// Where its schedule stands.
    pub schedule_namespace: String,
    /// Its schedule.
    pub schedule_name: String,
    /// What it read.
    pub account_id: String,
    /// `schedule` or `request`.
    pub trigger: String,
    /// `running`, `complete`, `partial`, `failed` or `skipped`.
    pub outcome: String,
    /// A sentence for people.
    pub message: Option<String>,
    started_at: jiff_sqlx::Timestamp,
    finished_at: Option<jiff_sqlx::Timestamp>,
    counts: Json<BTreeMap<String, i64>>,
    /// Steps that ended, well or not.
    pub steps_done: i64,
    /// Steps planned so far.
    pub steps_total: i64,
    /// Calls made, retries included.
    pub calls: i64,
    /// What the calls cost, in US dollars.
    pub cost_usd: Decimal,
}

impl RunRow {
    /// When its first pod began.
    pub fn started_at(&self) -> Timestamp {
        self.started_at.into()
    }

    /// When it ended.
    pub fn finished_at(&self) -> Option<Timestamp> {
        self.finished_at.map(Into::into)
    }

    /// Things read, by source.
    pub fn counts(&self) -> &BTreeMap<String, i64> {
        &self.counts
    }

    /// The row's place in a list of this order.
    pub(super) fn position(&self, order: Order) -> Position {
        let value = match order.column.name {
            "finishedAt" => self.finished_at().map(SortValue::Instant),
            "scheduleName" => Some(SortValue::Text(self.schedule_name.clone())),
            "accountId" => Some(SortValue::Text(self.account_id.clone())),
            "outcome" => Some(SortValue::Text(self.outcome.clone())),
            _ => Some(SortValue::Instant(self.started_at())),
        };
        Position { value, key: vec![self.run_id.to_string()] }
    }
}
