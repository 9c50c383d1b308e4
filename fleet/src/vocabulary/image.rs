//! AWS's words for images.

use crate::open_vocabulary::open_vocabulary;

open_vocabulary! {
    /// An image's state (`WorkspaceImageState`).
    ImageState {
        /// `AVAILABLE`.
        Available = "AVAILABLE" => "available",
        /// `PENDING`.
        Pending = "PENDING" => "pending",
        /// `ERROR`: its import or creation failed.
        Error = "ERROR" => "error",
    }
}

open_vocabulary! {
    /// What an image runs (`OperatingSystemType`).
    Platform {
        /// `LINUX`.
        Linux = "LINUX" => "linux",
        /// `WINDOWS`.
        Windows = "WINDOWS" => "windows",
    }
}

open_vocabulary! {
    /// The hardware an image needs (`WorkspaceImageRequiredTenancy`).
    RequiredTenancy {
        /// `DEFAULT`.
        Default = "DEFAULT" => "default",
        /// `DEDICATED`: the account's own Windows licences.
        Dedicated = "DEDICATED" => "dedicated",
    }
}
