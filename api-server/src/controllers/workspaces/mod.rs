//! `/workspaces`: the fleet.

mod body;
mod columns;
pub mod list;
pub mod show;

pub use body::WorkspaceBody;

/// Sources that the list of desktops is made from.
const SOURCES: &[&str] = &["inventory", "connection_status"];
