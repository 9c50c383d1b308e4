//! `/paces`: how fast AWS is called, and where it is called more slowly than it could be.

mod body;
mod columns;
pub mod list;

pub use body::PaceBody;
