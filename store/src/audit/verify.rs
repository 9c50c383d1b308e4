//! Proving a chain from its beginning to its end, or naming the first broken link.
//!
//! ```text
//! link.rs      one row: sequence, hash, columns, values           pure
//! points.rs    checkpoints: signature, hash, count                pure
//! fault.rs     what can be wrong, in sentences
//! exported.rs  checkpoints from files
//! walk.rs      pages of rows, in one snapshot
//! ```
//!
//! Rows are read a page at a time, so memory does not grow with the trail. Deliberately
//! absent: repairing anything.

mod exported;
mod fault;
mod link;
mod points;
mod walk;

pub use exported::{Exported, ExportedError};
pub use fault::{Break, Fault};
pub use walk::{Evidence, Report, VerifyError, verify, verify_since_checkpoint};
