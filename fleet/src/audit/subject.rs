//! What something was done to, and what it changed there.
//!
//! Deliberately absent: people as subjects. A person is named in requests and answers only,
//! where the store finds and seals the name; an id here is always a thing's.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A thing of the fleet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// AWS's id of it.
    pub id: String,
}

/// A kind of thing that an event can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A desktop, `ws-…`.
    Workspace,
    /// A directory, `d-…` or `wsd-…`.
    Directory,
    /// A bundle, `wsb-…`.
    Bundle,
    /// An image, `wsi-…`.
    Image,
    /// A pool of desktops, `wspool-…`.
    Pool,
    /// A group of addresses that may connect, `wsipg-…`.
    IpGroup,
    /// A connection alias, `wsca-…`.
    ConnectionAlias,
    /// A link between accounts, `link-…`.
    AccountLink,
    /// A trust between directories, `t-…`.
    Trust,
    /// A snapshot of a directory, `s-…`.
    DirectorySnapshot,
}

impl SubjectKind {
    /// Its word in SQL and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::Directory => "directory",
            Self::Bundle => "bundle",
            Self::Image => "image",
            Self::Pool => "pool",
            Self::IpGroup => "ip_group",
            Self::ConnectionAlias => "connection_alias",
            Self::AccountLink => "account_link",
            Self::Trust => "trust",
            Self::DirectorySnapshot => "directory_snapshot",
        }
    }
}

/// A value that an event changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What was changed.
    pub subject: Subject,
    /// Which property, such as `runningMode`.
    pub property: String,
    /// Its value before. `None` where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// Its value since. `None` where it is not known, or the property is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}
