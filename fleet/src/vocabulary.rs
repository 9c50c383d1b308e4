//! AWS's words for desktops and directories. Each vocabulary is open: a word that this
//! release does not know survives (see `open_vocabulary`).
//!
//! In `Variant = "AWS_WORD" => "our_word"` the second one is ours in SQL and JSON.

mod desktop;
mod directory;

pub use desktop::{
    ComputeType, ConnectionState, DataReplication, Modification, ModifiedResource, OperatingSystem, Protocol,
    RelationType, RunningMode, State,
};
pub use directory::{
    DirectoryEdition, DirectoryServiceType, DirectorySize, DirectoryStage, DirectoryState, DirectoryType,
    EncryptionMode, Switch, Tenancy, UserIdentityType, WorkspaceType,
};
