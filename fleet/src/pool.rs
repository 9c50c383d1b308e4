//! Pools: desktops that belong to nobody and are handed out by the session.

use jiff::Timestamp;

use crate::{
    identity::{BundleId, DirectoryId, PoolId, PoolSessionId},
    vocabulary::{PoolState, RunningMode, SessionAuthentication, SessionConnection},
};

/// A pool (`workspaces:DescribeWorkspacesPools`). What is `None` was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Its id.
    pub id: PoolId,
    /// Its name.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// Its state.
    pub state: PoolState,
    /// Whether machines without a session run.
    pub running_mode: RunningMode,
    /// What its desktops are made from.
    pub bundle_id: Option<BundleId>,
    /// The directory of its users.
    pub directory_id: Option<DirectoryId>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// How many sessions it can hold (`CapacityStatus`).
    pub capacity: Option<PoolCapacity>,
    /// When sessions end.
    pub timeouts: PoolTimeouts,
    /// What is wrong with it; empty for nothing.
    pub errors: Vec<PoolError>,
}

/// Sessions of a pool at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolCapacity {
    /// Sessions its machines could take now, besides those there are.
    pub available: i32,
    /// Sessions it should hold, as its owner or its scaling wants.
    pub desired: i32,
    /// Sessions its machines hold, with a user or without.
    pub actual: i32,
    /// Sessions with a user, connected or not.
    pub active: i32,
}

/// Seconds; `None` was not told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolTimeouts {
    /// How long a session waits for a user who disconnected.
    pub disconnect_seconds: Option<i32>,
    /// How long a user may be idle; 0 for as long as they like.
    pub idle_seconds: Option<i32>,
    /// How long a session may last.
    pub session_seconds: Option<i32>,
}

/// What is wrong with a pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolError {
    /// AWS's word, such as `SUBNET_HAS_INSUFFICIENT_IP_ADDRESSES`.
    pub code: Option<String>,
    /// What it means.
    pub message: Option<String>,
}

/// A session of a pool's user (`workspaces:DescribeWorkspacesPoolSessions`). The network
/// interface is left out: it says nothing of use that the start does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolSession {
    /// Its id.
    pub id: PoolSessionId,
    /// Its user, a personal datum.
    pub user_id: Option<String>,
    /// How the user proved who it is.
    pub authentication: Option<SessionAuthentication>,
    /// Whether the user is connected.
    pub connection: Option<SessionConnection>,
    /// The machine that it runs on.
    pub instance_id: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ends at the latest.
    pub expires_at: Option<Timestamp>,
}
