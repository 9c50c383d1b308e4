//! AWS's words for bundles.

use crate::open_vocabulary::open_vocabulary;

open_vocabulary! {
    /// What a bundle is for (`BundleType`).
    BundleType {
        /// `REGULAR`.
        Regular = "REGULAR" => "regular",
        /// `STANDBY`: of a standby desktop in another region.
        Standby = "STANDBY" => "standby",
    }
}

open_vocabulary! {
    /// A bundle's state (`WorkspaceBundleState`).
    BundleState {
        /// `AVAILABLE`.
        Available = "AVAILABLE" => "available",
        /// `PENDING`.
        Pending = "PENDING" => "pending",
        /// `ERROR`.
        Error = "ERROR" => "error",
    }
}
