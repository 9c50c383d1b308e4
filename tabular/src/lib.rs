//! Typed rows as files that people open elsewhere: CSV, XLSX, JSON lines.
//!
//! ```text
//! names, rows of Cell ─► TableWriter ─► bytes, a piece at a time
//!        About ────────────┘ at the end: XLSX a second sheet, JSON lines a last line
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | `cell` | one value, typed; unknown is one of its kinds |
//! | `format` | the three formats, their names and media types |
//! | `writer` | one writer for all of them |
//! | `about` | what is said about a table: how many rows, how complete |
//! | `csv` | RFC 4180, safe to open in a spreadsheet |
//! | `json_lines` | one object a line |
//! | `xlsx` | a workbook, with rows kept on disk until it is whole |
//!
//! Unknown is an empty cell or `null`, never zero and never a word. No text of the data is
//! ever a formula. Deliberately absent: what a table is about, where rows come from, money's
//! arithmetic, reading.

mod about;
mod cell;
mod csv;
mod format;
mod json_lines;
mod writer;
mod xlsx;

pub use about::About;
pub use cell::Cell;
pub use format::{Format, UnknownFormat};
pub use writer::{TableWriter, WriteError};
