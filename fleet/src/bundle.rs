//! What desktops are made from.

use jiff::Timestamp;

use crate::{
    identity::BundleId,
    vocabulary::{BundleState, BundleType, ComputeType},
};

/// A bundle (`workspaces:DescribeWorkspaceBundles`). What is `None` was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Its id.
    pub id: BundleId,
    /// Its name.
    pub name: Option<String>,
    /// `AMAZON`, or the account that owns it.
    pub owner: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// The image of the account's own bundles.
    pub image_id: Option<String>,
    /// The size of desktops made from it.
    pub compute_type: Option<ComputeType>,
    /// GiB of the root volume.
    pub root_volume_gib: Option<i32>,
    /// GiB of the user volume.
    pub user_volume_gib: Option<i32>,
    /// What it is for.
    pub bundle_type: Option<BundleType>,
    /// Its state, told for the account's own.
    pub state: Option<BundleState>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}
