//! The domain of deskfleet, pure: what a desktop, a directory and a connection are, and
//! (as rooms are added) sessions, billing rules, prices and advice.
//!
//! ```text
//! AWS answer ──► sync parses ──► Workspace, Directory, ConnectionStatus ──► store keeps
//! ```
//!
//! ```text
//! identity.rs         WorkspaceId, DirectoryId
//! open_vocabulary.rs  how a word that this release does not know survives
//! vocabulary.rs       AWS's words: states, running modes, compute types, ...
//! workspace.rs        Workspace
//! bundle.rs           Bundle
//! image.rs            Image
//! pool.rs             Pool, PoolSession
//! quota.rs            Quota
//! directory.rs        Directory, and what Directory Service adds
//! directory_part.rs   domain controllers, trusts, certificates and the like
//! reach.rs            from where and under which name directories are reached
//! connection.rs       ConnectionStatus
//! standing.rs         what a directory says of the person a desktop belongs to
//! access_event.rs     logins, as events tell them
//! audit.rs            who did what: events of the audit trail
//! health.rs           how busy, full, slow and lossy a desktop was, by day
//! evidence.rs         what metrics prove about the use of a desktop, slot by slot
//! money.rs            decimal amounts with their currency
//! cost.rs             what a day cost, and which days to read again
//! price.rs            list prices, and the rates of one kind of desktop
//! ```
//!
//! Deliberately absent: I/O, clocks, the AWS SDK, SQL. Unknown is `None`, never zero.

pub mod access_event;
pub mod audit;
mod bundle;
pub mod connection;
pub mod cost;
pub mod directory;
pub mod directory_part;
pub mod evidence;
pub mod health;
mod identity;
mod image;
pub mod money;
mod open_vocabulary;
pub mod pool;
pub mod price;
mod quota;
pub mod reach;
pub mod standing;
pub mod vocabulary;
pub mod workspace;

pub use bundle::Bundle;
pub use connection::ConnectionStatus;
pub use directory::{Directory, DirectoryService};
pub use directory_part::DirectoryPart;
pub use identity::{BundleId, DirectoryId, EventId, ImageId, InvalidIdentity, PoolId, PoolSessionId, WorkspaceId};
pub use image::{Image, ImageError, ImageOwnership};
pub use open_vocabulary::UnknownWord;
pub use pool::{Pool, PoolSession};
pub use quota::Quota;
pub use workspace::Workspace;
