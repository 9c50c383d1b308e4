//! How fast AWS is called: the buckets of the shared pace as people look at them.
//!
//! ```text
//! properties.rs  what can be filtered and sorted by
//! row.rs         a bucket as the list shows it
//! queries.rs     page, total, export
//! ```

mod properties;
mod queries;
mod row;

pub use properties::{DEFAULT_SORT, PROPERTIES, SORT_COLUMNS};
pub use queries::{export, page};
pub use row::PaceRow;
