//! The audit trail, kept so that a change of it shows.
//!
//! ```text
//! Event ──seal──► record (canonical JSON, an HMAC for each personal value) ──► hash chain
//!            └──► personal values, beside it, until their person is erased
//!
//! hash n = SHA-256(hash n-1, record n)      one chain an account, without gaps
//! checkpoint = Ed25519(account, n, hash n, time), also kept outside Postgres
//! ```
//!
//! ```text
//! canonical.rs   RFC 8785: one text for one JSON value
//! record.rs      what is hashed, and the columns that follow from it
//! seal.rs        HMACs instead of personal values, and opening them again
//! subject.rs     the keys of people
//! append.rs      events in
//! erase.rs       a person out
//! signing.rs     Ed25519 keys from PEM files
//! checkpoint.rs  what is signed; making, keeping and exporting it
//! verify.rs      proving all of it, or naming the first broken link
//! prune.rs       retention: the beginning of a chain up to a checkpoint
//! ```
//!
//! Deliberately absent: reading the trail for people (that needs rights and filters), and
//! whether an event is worth keeping, which the collector decides.

mod append;
pub mod canonical;
pub mod checkpoint;
mod erase;
mod prune;
mod record;
mod seal;
pub mod signing;
mod subject;
pub mod verify;

pub use append::{AppendError, Appended, append, count_left_out};
pub use erase::{EraseError, Erased, Erasure, erase_person, people_like};
pub use prune::{PruneError, Pruned, prune};
pub use record::{Hash, Record, RecordError};
pub use seal::Clear;
