//! Checkpoints, judged by the chain that was walked and by the given public keys.

use super::{
    fault::{Fault, Point},
    link::Proved,
};
use crate::audit::{checkpoint::Checkpoint, signing::PublicKeys};

/// Judges a checkpoint of the very link that was just proved.
pub(super) fn meets(
    proved: Proved,
    checkpoint: &Checkpoint,
    point: Point,
    keys: Option<&PublicKeys>,
) -> Result<(), Fault> {
    if checkpoint.statement.hash != proved.hash.to_string() {
        return Err(Fault::PointHash(point));
    }
    if checkpoint.statement.events != proved.sequence {
        return Err(Fault::PointEvents(point));
    }
    signed(checkpoint, point, keys)
}

/// Judges the signature alone; without keys there is nothing to judge by.
pub(super) fn signed(checkpoint: &Checkpoint, point: Point, keys: Option<&PublicKeys>) -> Result<(), Fault> {
    match keys {
        Some(keys) if !checkpoint.is_signed_by(keys) => Err(Fault::PointSignature(point)),
        _ => Ok(()),
    }
}
