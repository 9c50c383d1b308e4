//! Sync runs as people follow them: a page of runs, all runs, and one run with its steps.
//!
//! ```text
//! properties.rs  what can be filtered and sorted by
//! row.rs         a run with the totals of its steps
//! steps.rs       the steps of a run
//! queries.rs     page, export, one
//! ```

mod properties;
mod queries;
mod row;
mod steps;

pub use properties::{DEFAULT_SORT, PROPERTIES, SORT_COLUMNS};
pub use queries::{export, one, page};
pub use row::RunRow;
pub use steps::{StepRow, steps};
