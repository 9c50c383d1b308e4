//! Handlers: one folder a noun, one file a verb. A handler extracts, authorises, calls and
//! maps; rules are elsewhere.

pub mod events;
pub mod health;
pub mod me;
pub mod paces;
pub mod session;
pub mod sync_runs;
pub mod workspaces;
