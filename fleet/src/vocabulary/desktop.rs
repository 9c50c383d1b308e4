//! Words for desktops, from the service model of `WorkSpaces` (2015-04-08).

use crate::open_vocabulary::open_vocabulary;

open_vocabulary! {
    /// A desktop's state (`WorkspaceState`). `impaired` is an older word for `unhealthy`.
    State {
        /// `ADMIN_MAINTENANCE`.
        AdminMaintenance = "ADMIN_MAINTENANCE" => "admin_maintenance",
        /// `AVAILABLE`.
        Available = "AVAILABLE" => "available",
        /// `ERROR`.
        Error = "ERROR" => "error",
        /// `IMPAIRED`.
        Impaired = "IMPAIRED" => "impaired",
        /// `MAINTENANCE`.
        Maintenance = "MAINTENANCE" => "maintenance",
        /// `PENDING`.
        Pending = "PENDING" => "pending",
        /// `REBOOTING`.
        Rebooting = "REBOOTING" => "rebooting",
        /// `REBUILDING`.
        Rebuilding = "REBUILDING" => "rebuilding",
        /// `RESTORING`.
        Restoring = "RESTORING" => "restoring",
        /// `STARTING`.
        Starting = "STARTING" => "starting",
        /// `STOPPED`.
        Stopped = "STOPPED" => "stopped",
        /// `STOPPING`.
        Stopping = "STOPPING" => "stopping",
        /// `SUSPENDED`.
        Suspended = "SUSPENDED" => "suspended",
        /// `TERMINATED`.
        Terminated = "TERMINATED" => "terminated",
        /// `TERMINATING`.
        Terminating = "TERMINATING" => "terminating",
        /// `UNHEALTHY`.
        Unhealthy = "UNHEALTHY" => "unhealthy",
        /// `UPDATING`.
        Updating = "UPDATING" => "updating",
    }
}

open_vocabulary! {
    /// When a desktop runs (`RunningMode`). `manual` is `WorkSpaces` Core only.
    RunningMode {
        /// `ALWAYS_ON`.
        AlwaysOn = "ALWAYS_ON" => "always_on",
        /// `AUTO_STOP`.
        AutoStop = "AUTO_STOP" => "auto_stop",
        /// `MANUAL`.
        Manual = "MANUAL" => "manual",
    }
}

open_vocabulary! {
    /// A desktop's size (`Compute`).
    ComputeType {
        /// `GENERALPURPOSE_4XLARGE`.
        Generalpurpose4xlarge = "GENERALPURPOSE_4XLARGE" => "generalpurpose_4xlarge",
        /// `GENERALPURPOSE_8XLARGE`.
        Generalpurpose8xlarge = "GENERALPURPOSE_8XLARGE" => "generalpurpose_8xlarge",
        /// `GRAPHICS`.
        Graphics = "GRAPHICS" => "graphics",
        /// `GRAPHICSPRO`.
        Graphicspro = "GRAPHICSPRO" => "graphicspro",
        /// `GRAPHICSPRO_G4DN`.
        GraphicsproG4dn = "GRAPHICSPRO_G4DN" => "graphicspro_g4dn",
        /// `GRAPHICS_G4DN`.
        GraphicsG4dn = "GRAPHICS_G4DN" => "graphics_g4dn",
        /// `GRAPHICS_G6F_2XLARGE`.
        GraphicsG6f2xlarge = "GRAPHICS_G6F_2XLARGE" => "graphics_g6f_2xlarge",
        /// `GRAPHICS_G6F_4XLARGE`.
        GraphicsG6f4xlarge = "GRAPHICS_G6F_4XLARGE" => "graphics_g6f_4xlarge",
        /// `GRAPHICS_G6F_LARGE`.
        GraphicsG6fLarge = "GRAPHICS_G6F_LARGE" => "graphics_g6f_large",
        /// `GRAPHICS_G6F_XLARGE`.
        GraphicsG6fXlarge = "GRAPHICS_G6F_XLARGE" => "graphics_g6f_xlarge",
        /// `GRAPHICS_G6_16XLARGE`.
        GraphicsG616xlarge = "GRAPHICS_G6_16XLARGE" => "graphics_g6_16xlarge",
        /// `GRAPHICS_G6_2XLARGE`.
        GraphicsG62xlarge = "GRAPHICS_G6_2XLARGE" => "graphics_g6_2xlarge",
        /// `GRAPHICS_G6_4XLARGE`.
        GraphicsG64xlarge = "GRAPHICS_G6_4XLARGE" => "graphics_g6_4xlarge",
        /// `GRAPHICS_G6_8XLARGE`.
        GraphicsG68xlarge = "GRAPHICS_G6_8XLARGE" => "graphics_g6_8xlarge",
        /// `GRAPHICS_G6_XLARGE`.
        GraphicsG6Xlarge = "GRAPHICS_G6_XLARGE" => "graphics_g6_xlarge",
        /// `GRAPHICS_G7_12XLARGE`.
        GraphicsG712xlarge = "GRAPHICS_G7_12XLARGE" => "graphics_g7_12xlarge",
        /// `GRAPHICS_G7_2XLARGE`.
        GraphicsG72xlarge = "GRAPHICS_G7_2XLARGE" => "graphics_g7_2xlarge",
        /// `GRAPHICS_G7_4XLARGE`.
        GraphicsG74xlarge = "GRAPHICS_G7_4XLARGE" => "graphics_g7_4xlarge",
        /// `GRAPHICS_G7_8XLARGE`.
        GraphicsG78xlarge = "GRAPHICS_G7_8XLARGE" => "graphics_g7_8xlarge",
        /// `GRAPHICS_GR6F_4XLARGE`.
        GraphicsGr6f4xlarge = "GRAPHICS_GR6F_4XLARGE" => "graphics_gr6f_4xlarge",
        /// `GRAPHICS_GR6_4XLARGE`.
        GraphicsGr64xlarge = "GRAPHICS_GR6_4XLARGE" => "graphics_gr6_4xlarge",
        /// `GRAPHICS_GR6_8XLARGE`.
        GraphicsGr68xlarge = "GRAPHICS_GR6_8XLARGE" => "graphics_gr6_8xlarge",
        /// `PERFORMANCE`.
        Performance = "PERFORMANCE" => "performance",
        /// `POWER`.
        Power = "POWER" => "power",
        /// `POWERPRO`.
        Powerpro = "POWERPRO" => "powerpro",
        /// `STANDARD`.
        Standard = "STANDARD" => "standard",
        /// `VALUE`.
        Value = "VALUE" => "value",
    }
}

open_vocabulary! {
    /// A desktop's operating system (`OperatingSystemName`).
    OperatingSystem {
        /// `AMAZON_LINUX_2`.
        AmazonLinux2 = "AMAZON_LINUX_2" => "amazon_linux_2",
        /// `RHEL_8`.
        Rhel8 = "RHEL_8" => "rhel_8",
        /// `ROCKY_8`.
        Rocky8 = "ROCKY_8" => "rocky_8",
        /// `UBUNTU_18_04`.
        Ubuntu1804 = "UBUNTU_18_04" => "ubuntu_18_04",
        /// `UBUNTU_20_04`.
        Ubuntu2004 = "UBUNTU_20_04" => "ubuntu_20_04",
        /// `UBUNTU_22_04`.
        Ubuntu2204 = "UBUNTU_22_04" => "ubuntu_22_04",
        /// `UNKNOWN`.
        NotTold = "UNKNOWN" => "unknown",
        /// `WINDOWS_10`.
        Windows10 = "WINDOWS_10" => "windows_10",
        /// `WINDOWS_11`.
        Windows11 = "WINDOWS_11" => "windows_11",
        /// `WINDOWS_7`.
        Windows7 = "WINDOWS_7" => "windows_7",
        /// `WINDOWS_SERVER_2016`.
        WindowsServer2016 = "WINDOWS_SERVER_2016" => "windows_server_2016",
        /// `WINDOWS_SERVER_2019`.
        WindowsServer2019 = "WINDOWS_SERVER_2019" => "windows_server_2019",
        /// `WINDOWS_SERVER_2022`.
        WindowsServer2022 = "WINDOWS_SERVER_2022" => "windows_server_2022",
        /// `WINDOWS_SERVER_2025`.
        WindowsServer2025 = "WINDOWS_SERVER_2025" => "windows_server_2025",
    }
}

open_vocabulary! {
    /// A streaming protocol (`Protocol`); AWS's console calls `wsp` DCV.
    Protocol {
        /// `PCOIP`.
        Pcoip = "PCOIP" => "pcoip",
        /// `WSP`.
        Wsp = "WSP" => "wsp",
    }
}

open_vocabulary! {
    /// Whether somebody is connected (`ConnectionState`).
    ConnectionState {
        /// `CONNECTED`.
        Connected = "CONNECTED" => "connected",
        /// `DISCONNECTED`.
        Disconnected = "DISCONNECTED" => "disconnected",
        /// `UNKNOWN`.
        NotTold = "UNKNOWN" => "unknown",
    }
}

open_vocabulary! {
    /// Whether data goes to a standby desktop (`DataReplication`).
    DataReplication {
        /// `NO_REPLICATION`.
        NoReplication = "NO_REPLICATION" => "no_replication",
        /// `PRIMARY_AS_SOURCE`.
        PrimaryAsSource = "PRIMARY_AS_SOURCE" => "primary_as_source",
    }
}

open_vocabulary! {
    /// Side of a multi-region pair (`StandbyWorkspaceRelationshipType`).
    RelationType {
        /// `PRIMARY`.
        Primary = "PRIMARY" => "primary",
        /// `STANDBY`.
        Standby = "STANDBY" => "standby",
    }
}

open_vocabulary! {
    /// What is being changed (`ModificationResourceEnum`).
    ModifiedResource {
        /// `COMPUTE_TYPE`.
        ComputeType = "COMPUTE_TYPE" => "compute_type",
        /// `NESTED_VIRTUALIZATION`.
        NestedVirtualization = "NESTED_VIRTUALIZATION" => "nested_virtualization",
        /// `PROTOCOL`.
        Protocol = "PROTOCOL" => "protocol",
        /// `ROOT_VOLUME`.
        RootVolume = "ROOT_VOLUME" => "root_volume",
        /// `USER_VOLUME`.
        UserVolume = "USER_VOLUME" => "user_volume",
    }
}

open_vocabulary! {
    /// How far a change is (`ModificationStateEnum`).
    Modification {
        /// `UPDATE_FAILED`.
        UpdateFailed = "UPDATE_FAILED" => "update_failed",
        /// `UPDATE_INITIATED`.
        UpdateInitiated = "UPDATE_INITIATED" => "update_initiated",
        /// `UPDATE_IN_PROGRESS`.
        UpdateInProgress = "UPDATE_IN_PROGRESS" => "update_in_progress",
    }
}
