//! The audit trail: who did what to the fleet, as a typed event.
//!
//! ```text
//! CloudTrail's LookupEvents ──► cloud_trail parses ──► Event ──► store seals it into a hash chain
//! ```
//!
//! ```text
//! event.rs    Event: what was done, where, when, from where
//! actor.rs    Actor: who did it, as AWS names it and as a person
//! outcome.rs  Outcome: done, refused, or done in part
//! subject.rs  Subject: what it was done to; Change: values before and after
//! cloud_trail.rs  from a row of LookupEvents to an Event
//! reading.rs      what of a trail is to be read next
//! personal/   which of its values are personal, and whose
//! ```
//!
//! Deliberately absent: the AWS SDK (sync), keys and hashes (store).

mod actor;
pub mod cloud_trail;
mod event;
mod outcome;
mod personal;
pub mod reading;
mod subject;

pub use actor::{Actor, ActorKind};
pub use event::Event;
pub use outcome::{FailedRequest, Outcome};
pub use personal::{Personal, name_of};
pub use subject::{Change, Subject, SubjectKind};
