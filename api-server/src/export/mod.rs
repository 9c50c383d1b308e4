//! Whole lists as files: `?format=csv|xlsx|jsonl` on a list.
//!
//! ```text
//! handler ─ slot (one a session, two a server) ─ store::list::Export (one snapshot)
//!   └► respond.rs: headers, one entry in the access log ─► produce.rs: batches ─► tabular ─► body
//! ```
//!
//! | file | what is in it |
//! |---|---|
//! | `column.rs` | a column: its name, the field it shows, its cell |
//! | `slots.rs` | how many exports may run at once |
//! | `respond.rs` | the answer: headers, log entry, and the body's beginning |
//! | `produce.rs` | the body: rows as they are read, until the client or the session is gone |
//!
//! A file is whole or broken off: a failure in the middle ends the connection, it never ends
//! the file early. Deliberately absent: what a list holds (controllers), how a format looks
//! (`tabular`), files that are kept.

mod column;
mod produce;
mod respond;
mod slots;

/// A file as the API's document describes it.
#[derive(Debug, utoipa::ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct ExportedFile(#[expect(dead_code, reason = "a shape for the document only")] Vec<u8>);

pub use column::{Column, column};
pub use respond::{Export, ROW_LIMIT, place, respond};
pub use slots::{ExportSlots, Slot};
