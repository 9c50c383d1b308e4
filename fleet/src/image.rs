//! What bundles are made from.

use jiff::Timestamp;

use crate::{
    identity::ImageId,
    vocabulary::{ImageState, Platform, RequiredTenancy},
};

/// An image (`workspaces:DescribeWorkspaceImages`). What is `None` was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its id.
    pub id: ImageId,
    /// Whether it is the account's own, or another account shares it.
    pub ownership: ImageOwnership,
    /// The account that owns it.
    pub owner_account: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// What it runs.
    pub platform: Option<Platform>,
    /// Its state.
    pub state: Option<ImageState>,
    /// The hardware it needs.
    pub required_tenancy: Option<RequiredTenancy>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Whether AWS has newer drivers and agents for it.
    pub update_available: Option<bool>,
    /// What they are.
    pub update_description: Option<String>,
    /// Why it is in error, in AWS's code.
    pub error_code: Option<String>,
    /// The same in words.
    pub error_message: Option<String>,
    /// The checks it failed; empty for none.
    pub error_details: Vec<ImageError>,
}

/// Which listing contains an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ImageOwnership {
    /// The account's own.
    Owned,
    /// Shared with the account.
    Shared,
}

impl ImageOwnership {
    /// The word in SQL and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owned => "owned",
            Self::Shared => "shared",
        }
    }
}

/// A check that an image failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageError {
    /// AWS's word, such as `PendingReboot`; there are fifty and more come.
    pub code: Option<String>,
    /// What it means.
    pub message: Option<String>,
}
