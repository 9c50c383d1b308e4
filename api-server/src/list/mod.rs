//! What every list of the API shares.
//!
//! ```text
//! query string ─► parameters.rs ─► request.rs (limit, cursor, filter, sort, fields) ─► store::list
//! rows ─► body.rs {items, nextCursor, coverage, asOf, total} ◄─ cursor.rs
//! ```
//!
//! | file | what is in it |
//! |---|---|
//! | `parameters.rs` | the query string, each parameter taken once, the rest refused |
//! | `definition.rs` | what a list offers: properties, sort columns, fields |
//! | `request.rs` | a caller's wish, checked whole against the definition |
//! | `cursor.rs` | opaque, signed places in a list |
//! | `body.rs` | the answer's envelope |

mod body;
mod cursor;
mod definition;
mod parameters;
mod request;

pub use body::{AtLeast, Coverage, CoveredSource, List};
pub use cursor::{Cursor, CursorError};
pub use definition::ListDefinition;
pub use parameters::Parameters;
pub use request::ListRequest;
