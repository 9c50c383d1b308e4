//! The list of runs as a file. What is an object in the API is several columns here:
//! `schedule.name`, a count a source, amount and currency.

use tabular::Cell;

use super::body::RunBody;
use crate::export::{Column, column};

/// In the order of the API's fields. A source that was not asked for has no count, not zero.
pub(super) static COLUMNS: &[Column<RunBody>] = &[
    column("id", |run| run.id.to_string().into()),
    column("schedule.namespace", |run| run.schedule.namespace.as_str().into()),
    column("schedule.name", |run| run.schedule.name.as_str().into()),
    column("accountId", |run| run.account_id.as_str().into()),
    column("trigger", |run| run.trigger.as_str().into()),
    column("startedAt", |run| run.started_at.into()),
    column("finishedAt", |run| run.finished_at.into()),
    column("outcome", |run| run.outcome.as_str().into()),
    column("counts.inventory", |run| count(run, "inventory")),
    column("counts.connection_status", |run| count(run, "connection_status")),
    column("counts.directories", |run| count(run, "directories")),
    column("counts.bundles", |run| count(run, "bundles")),
    column("counts.images", |run| count(run, "images")),
    column("counts.pools", |run| count(run, "pools")),
    column("counts.snapshots", |run| count(run, "snapshots")),
    column("counts.tags", |run| count(run, "tags")),
    column("counts.quotas", |run| count(run, "quotas")),
    column("counts.metrics", |run| count(run, "metrics")),
    column("counts.audit_trail", |run| count(run, "audit_trail")),
    column("counts.access_events", |run| count(run, "access_events")),
    column("counts.leavers", |run| count(run, "leavers")),
    column("counts.cost", |run| count(run, "cost")),
    column("counts.cost_export", |run| count(run, "cost_export")),
    column("counts.prices", |run| count(run, "prices")),
    column("stepsDone", |run| run.steps_done.into()),
    column("stepsTotal", |run| run.steps_total.into()),
    column("awsCalls", |run| run.aws_calls.into()),
    column("estimatedCost.amount", |run| run.estimated_cost.amount.parse().map_or(Cell::Unknown, Cell::Decimal)),
    column("estimatedCost.currency", |run| run.estimated_cost.currency.into()),
    column("message", |run| run.message.as_deref().into()),
];

fn count(run: &RunBody, source: &str) -> Cell {
    run.counts.get(source).copied().into()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{body::FIELDS, list::sources},
        *,
    };

    #[test]
    fn every_field_has_its_columns() {
        let mut fields: Vec<_> = COLUMNS.iter().map(Column::field).collect();
        fields.dedup();
        assert_eq!(fields, FIELDS);
    }

    #[test]
    fn every_source_has_its_count() {
        let counts: Vec<_> = COLUMNS.iter().filter_map(|column| column.name.strip_prefix("counts.")).collect();
        assert_eq!(counts, sources());
    }
}
