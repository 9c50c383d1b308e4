//! What every list has in common: order, keyset position, bounded totals, exports.
//!
//! A list sorts by one column and breaks ties by its key, so each row has one place and a
//! page goes on exactly behind the last row shown, whatever was added or removed meanwhile.
//! Unknown values come last in either direction.

mod export;
mod order;
mod page;
mod total;

pub use export::{Export, ExportError, Row};
pub use order::{
    Direction, Order, Position, PositionError, SortColumn, SortKind, SortValue, Tie, push_after, push_order_by,
};
pub(crate) use page::{page, push_filter};
pub use total::{Total, total};

use crate::filter::Condition;

/// What a caller asks of a list.
#[derive(Debug, Clone)]
pub struct ListQuery {
    /// Only rows for which this holds.
    pub filter: Option<Condition>,
    /// In this order.
    pub order: Order,
    /// Behind this row.
    pub after: Option<Position>,
    /// At most so many rows.
    pub limit: u32,
}

/// Rows of a page, and where the next one begins.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The place of the last row, if there are rows behind it.
    pub next: Option<Position>,
}

/// Why a page could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The caller's position does not fit.
    #[error(transparent)]
    Position(#[from] PositionError),
    /// The database refused.
    #[error(transparent)]
    Query(#[from] sqlx::Error),
}
