//! Commands of `deskfleet-store` that are more than a call.
//!
//! ```text
//! checkpoint.rs    sign how far each trail has got, and put it outside
//! verify_audit.rs  prove the trails, or name the first broken link
//! erase_person.rs  take a person out of the trails
//! retain.rs        remove what is older than its account keeps it
//! ```

pub(crate) mod checkpoint;
pub(crate) mod erase_person;
pub(crate) mod retain;
pub(crate) mod verify_audit;

/// Something is wrong with a trail: not a mistake in calling, and nothing to try again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrailError {
    /// Verifying found broken links; they have been told.
    #[error("{broken} of {accounts} audit trails are broken")]
    Broken {
        /// How many.
        broken: usize,
        /// Of how many.
        accounts: usize,
    },
}
