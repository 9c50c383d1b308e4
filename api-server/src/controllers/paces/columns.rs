//! The list of paces as a file.

use rust_decimal::Decimal;
use tabular::Cell;

use super::body::PaceBody;
use crate::export::{Column, column};

/// In the order of the API's fields.
pub(super) static COLUMNS: &[Column<PaceBody>] = &[
    column("accountId", |pace| pace.account_id.as_str().into()),
    column("region", |pace| pace.region.as_str().into()),
    column("operation", |pace| pace.operation.as_str().into()),
    column("configuredPerSecond", |pace| rate(pace.configured_per_second)),
    column("allowedPerSecond", |pace| rate(pace.allowed_per_second)),
    column("burst", |pace| i64::from(pace.burst).into()),
    column("isSlowed", |pace| pace.is_slowed.into()),
    column("throttledAt", |pace| pace.throttled_at.into()),
    column("askedAt", |pace| pace.asked_at.into()),
];

fn rate(calls_per_second: f64) -> Cell {
    Decimal::try_from(calls_per_second).map_or(Cell::Unknown, Cell::Decimal)
}

#[cfg(test)]
mod tests {
    use super::{super::body::FIELDS, *};

    #[test]
    fn every_field_has_its_column() {
        let fields: Vec<_> = COLUMNS.iter().map(Column::field).collect();
        assert_eq!(fields, FIELDS);
    }
}
