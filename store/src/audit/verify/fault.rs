//! What can be wrong with a chain, in sentences for an auditor.
//!
//! Deliberately absent: values. A sentence names places and numbers, never what is there.

use std::fmt;

use identifiers::AccountId;

/// The first broken link of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Whose chain.
    pub account: AccountId,
    /// Where in it.
    pub sequence: i64,
    /// AWS's id of the event there, as its row says it; `None` where there is no row.
    pub event: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "account {}, sequence {}", self.account, self.sequence)?;
        if let Some(event) = &self.event {
            write!(f, ", event {event}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No row has this sequence.
    #[error("this event is missing; the next one there has sequence {next}")]
    Missing {
        /// The sequence of the row found instead.
        next: i64,
    },
    /// Two rows have this sequence.
    #[error("this sequence is there twice")]
    Twice,
    /// The hash does not follow.
    #[error(
        "its hash does not follow from its record and the hash before: one of them was changed, or an event was put in or taken out here"
    )]
    Hash,
    /// The record is none.
    #[error("its record cannot be read")]
    Record,
    /// A column says something else than the record.
    #[error("its column {0} says something else than its record")]
    Column(&'static str),
    /// A personal value is not the one that was sealed.
    #[error("its value at {at} is not the one that was sealed")]
    Value {
        /// The place.
        at: String,
    },
    /// A personal value is gone although nobody whose it is was erased.
    #[error("its value at {at} is gone, although nobody whose it is was erased")]
    ValueGone {
        /// The place.
        at: String,
    },
    /// There is a value where none was sealed, or of an erased person.
    #[error("it has a value at {at} that no seal and key vouch for")]
    ValueUnsealed {
        /// The place.
        at: String,
    },
    /// The name or the key of a person is not the one that events were sealed with.
    #[error("name or key of person {person} is not the one it was sealed with")]
    Person {
        /// The number.
        person: i64,
    },
    /// A key is gone, and no erasure was recorded.
    #[error("the key of person {person} is gone, and no erasure of them is recorded")]
    KeyGone {
        /// The number.
        person: i64,
    },
    /// A checkpoint says another hash.
    #[error("{0} says another hash: one of the two was changed")]
    PointHash(Point),
    /// A checkpoint says another number of events.
    #[error("{0} says another number of events")]
    PointEvents(Point),
    /// A checkpoint's signature is none of the given keys'.
    #[error("{0} is not signed with any of the given keys, or was changed since")]
    PointSignature(Point),
    /// A checkpoint is of an event that is not there.
    #[error("{point} is of sequence {sequence}, but the trail ends here: later events were removed")]
    EndsEarly {
        /// Which kind.
        point: Point,
        /// Its sequence.
        sequence: i64,
    },
    /// The chain's own end is another one.
    #[error(
        "the trail ends here, but its end is kept as sequence {kept}: events were removed or added, or the end was changed"
    )]
    End {
        /// The sequence that is kept.
        kept: i64,
    },
    /// The checkpoint that the chain begins at is missing.
    #[error("the trail begins after this sequence by retention, but the checkpoint there is missing")]
    NoBeginning,
}

/// Where a checkpoint comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// From table `audit_checkpoint`.
    Kept,
    /// From outside.
    Exported,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "the checkpoint kept in the database",
            Self::Exported => "the exported checkpoint",
        })
    }
}
