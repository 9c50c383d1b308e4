//! `/events`: live changes.

pub mod stream;
