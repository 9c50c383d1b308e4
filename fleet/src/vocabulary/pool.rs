//! AWS's words for pools and the sessions of their users.

use crate::open_vocabulary::open_vocabulary;

open_vocabulary! {
    /// A pool's state (`WorkspacesPoolState`).
    PoolState {
        /// `CREATING`.
        Creating = "CREATING" => "creating",
        /// `DELETING`.
        Deleting = "DELETING" => "deleting",
        /// `RUNNING`.
        Running = "RUNNING" => "running",
        /// `STARTING`.
        Starting = "STARTING" => "starting",
        /// `STOPPED`.
        Stopped = "STOPPED" => "stopped",
        /// `STOPPING`.
        Stopping = "STOPPING" => "stopping",
        /// `UPDATING`.
        Updating = "UPDATING" => "updating",
    }
}

open_vocabulary! {
    /// How a user of a pool proved who it is (`AuthenticationType`).
    SessionAuthentication {
        /// `SAML`.
        Saml = "SAML" => "saml",
    }
}

open_vocabulary! {
    /// Whether the user of a pool's session is connected (`SessionConnectionState`).
    SessionConnection {
        /// `CONNECTED`.
        Connected = "CONNECTED" => "connected",
        /// `NOT_CONNECTED`: the session waits for its user.
        NotConnected = "NOT_CONNECTED" => "not_connected",
    }
}
