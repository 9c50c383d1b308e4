//! The list of desktops: a page of it, its total, all of it, one desktop.
//!
//! ```text
//! properties.rs  what can be filtered and sorted by, and which of it is personal
//! row.rs         a desktop as the list shows it
//! queries.rs     page, total, export, one
//! ```

mod properties;
mod queries;
mod row;

pub use properties::{DEFAULT_SORT, GONE, PERSONAL, PROPERTIES, SORT_COLUMNS};
pub use queries::{export, one, page, push_page};
pub use row::WorkspaceRow;
