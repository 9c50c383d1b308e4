//! `/me`: the signed-in person.

mod body;
pub mod show;

pub use body::Me;
