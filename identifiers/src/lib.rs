//! Newtypes that cross rooms: AWS account, region and partition, sync sources,
//! and Kubernetes names with the length rules that keep derived names legal.
//!
//! Text goes in through `TryFrom<&str>`/`FromStr`, and only valid values come out,
//! so no other room checks the same thing twice. Deliberately absent: anything
//! that needs I/O, a clock, or a Kubernetes or AWS client.
//!
//! ```text
//! account.rs      AccountId            12 digits
//! region.rs       Region, Partition    AWS's own partition patterns
//! source.rs       Source               what a sync can read
//! object_name.rs  ObjectName, Namespace, SecretName
//! ```

mod account;
mod object_name;
mod parsed_text;
mod region;
mod source;

pub use account::{AccountId, InvalidAccountId};
pub use object_name::{InvalidName, Namespace, ObjectName, ObjectRef, SecretName};
pub use region::{InvalidRegion, Partition, Region};
pub use source::{Source, UnknownSource};
