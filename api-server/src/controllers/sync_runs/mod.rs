//! `/sync-runs`: what the jobs did.

mod body;
mod columns;
pub mod list;
pub mod show;

pub use body::{RunBody, RunDetailBody, StepBody};
