//! AWS's words for desktops, directories, bundles, images and pools. Each vocabulary is open: a
//! word that this release does not know survives (see `open_vocabulary`).
//!
//! In `Variant = "AWS_WORD" => "our_word"` the second one is ours in SQL and JSON.

mod bundle;
mod desktop;
mod directory;
mod directory_part;
mod image;
mod pool;

pub use bundle::{BundleState, BundleType};
pub use desktop::{
    ComputeType, ConnectionState, DataReplication, Modification, ModifiedResource, OperatingSystem, Protocol,
    RelationType, RunningMode, State,
};
pub use directory::{
    DirectoryEdition, DirectoryServiceType, DirectorySize, DirectoryStage, DirectoryState, DirectoryType,
    EncryptionMode, Switch, Tenancy, UserIdentityType, WorkspaceType,
};
pub use directory_part::{
    AssociationStatus, CertificateState, ConnectionAliasState, DomainControllerStatus, LdapsStatus, SnapshotStatus,
    TrustDirection, TrustState,
};
pub use image::{ImageState, Platform, RequiredTenancy};
pub use pool::{PoolState, SessionAuthentication, SessionConnection};
