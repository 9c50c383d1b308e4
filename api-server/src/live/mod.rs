//! Live events: what jobs notify through Postgres, as server-sent events.
//!
//! ```text
//! job ─ pg_notify ─► listener.rs ─► hub.rs (ring of the last events) ─► one stream a browser
//! ```
//!
//! A stream that comes back with `Last-Event-ID` gets what it missed from the ring; where
//! the ring no longer holds that (another server, a restart, a long pause) it gets a `reset`
//! and reads the lists again. Deliberately absent: personal data; events carry run and step
//! numbers only.

mod event;
mod hub;
mod listener;

pub use event::LiveEvent;
pub use hub::{Attached, EventHub, Seat};
pub use listener::keep_listening;
