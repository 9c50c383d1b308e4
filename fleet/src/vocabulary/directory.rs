//! Words for directories, from the service models of `WorkSpaces` and of Directory
//! Service (2015-04-16), which spells its words `SimpleAD`.

use crate::open_vocabulary::open_vocabulary;

open_vocabulary! {
    /// A directory's kind as `WorkSpaces` calls it (`WorkspaceDirectoryType`).
    DirectoryType {
        /// `AD_CONNECTOR`.
        AdConnector = "AD_CONNECTOR" => "ad_connector",
        /// `AWS_IAM_IDENTITY_CENTER`.
        AwsIamIdentityCenter = "AWS_IAM_IDENTITY_CENTER" => "aws_iam_identity_center",
        /// `CUSTOMER_MANAGED`.
        CustomerManaged = "CUSTOMER_MANAGED" => "customer_managed",
        /// `SIMPLE_AD`.
        SimpleAd = "SIMPLE_AD" => "simple_ad",
    }
}

open_vocabulary! {
    /// A directory's registration (`WorkspaceDirectoryState`).
    DirectoryState {
        /// `DEREGISTERED`.
        Deregistered = "DEREGISTERED" => "deregistered",
        /// `DEREGISTERING`.
        Deregistering = "DEREGISTERING" => "deregistering",
        /// `ERROR`.
        Error = "ERROR" => "error",
        /// `REGISTERED`.
        Registered = "REGISTERED" => "registered",
        /// `REGISTERING`.
        Registering = "REGISTERING" => "registering",
    }
}

open_vocabulary! {
    /// Personal desktops or pools (`WorkspaceType`).
    WorkspaceType {
        /// `PERSONAL`.
        Personal = "PERSONAL" => "personal",
        /// `POOLS`.
        Pools = "POOLS" => "pools",
    }
}

open_vocabulary! {
    /// Who identifies users (`UserIdentityType`).
    UserIdentityType {
        /// `AWS_DIRECTORY_SERVICE`.
        AwsDirectoryService = "AWS_DIRECTORY_SERVICE" => "aws_directory_service",
        /// `AWS_IAM_IDENTITY_CENTER`.
        AwsIamIdentityCenter = "AWS_IAM_IDENTITY_CENTER" => "aws_iam_identity_center",
        /// `CUSTOMER_MANAGED`.
        CustomerManaged = "CUSTOMER_MANAGED" => "customer_managed",
    }
}

open_vocabulary! {
    /// Whose hardware (`Tenancy`).
    Tenancy {
        /// `DEDICATED`.
        Dedicated = "DEDICATED" => "dedicated",
        /// `SHARED`.
        Shared = "SHARED" => "shared",
    }
}

open_vocabulary! {
    /// Encryption of streaming (`EndpointEncryptionMode`).
    EncryptionMode {
        /// `FIPS_VALIDATED`.
        FipsValidated = "FIPS_VALIDATED" => "fips_validated",
        /// `STANDARD_TLS`.
        StandardTls = "STANDARD_TLS" => "standard_tls",
    }
}

open_vocabulary! {
    /// The true kind of a directory (`ds:DirectoryType`).
    DirectoryServiceType {
        /// `ADConnector`.
        AdConnector = "ADConnector" => "ad_connector",
        /// `MicrosoftAD`.
        MicrosoftAd = "MicrosoftAD" => "microsoft_ad",
        /// `SharedMicrosoftAD`.
        SharedMicrosoftAd = "SharedMicrosoftAD" => "shared_microsoft_ad",
        /// `SimpleAD`.
        SimpleAd = "SimpleAD" => "simple_ad",
    }
}

open_vocabulary! {
    /// A directory's stage of life (`ds:DirectoryStage`).
    DirectoryStage {
        /// `Active`.
        Active = "Active" => "active",
        /// `Created`.
        Created = "Created" => "created",
        /// `Creating`.
        Creating = "Creating" => "creating",
        /// `Deleted`.
        Deleted = "Deleted" => "deleted",
        /// `Deleting`.
        Deleting = "Deleting" => "deleting",
        /// `Failed`.
        Failed = "Failed" => "failed",
        /// `Impaired`.
        Impaired = "Impaired" => "impaired",
        /// `Inoperable`.
        Inoperable = "Inoperable" => "inoperable",
        /// `Requested`.
        Requested = "Requested" => "requested",
        /// `RestoreFailed`.
        RestoreFailed = "RestoreFailed" => "restore_failed",
        /// `Restoring`.
        Restoring = "Restoring" => "restoring",
        /// `Updating`.
        Updating = "Updating" => "updating",
    }
}

open_vocabulary! {
    /// A directory's size (`ds:DirectorySize`).
    DirectorySize {
        /// `Large`.
        Large = "Large" => "large",
        /// `Small`.
        Small = "Small" => "small",
    }
}

open_vocabulary! {
    /// A directory's edition (`ds:DirectoryEdition`).
    DirectoryEdition {
        /// `Enterprise`.
        Enterprise = "Enterprise" => "enterprise",
        /// `Hybrid`.
        Hybrid = "Hybrid" => "hybrid",
        /// `Standard`.
        Standard = "Standard" => "standard",
    }
}

open_vocabulary! {
    /// Whether something is on: three enumerations of AWS with two words each
    /// (`ReconnectEnum`, `AccessPropertyValue`, `SamlStatusEnum`, ...).
    Switch {
        /// `ENABLED`.
        Enabled = "ENABLED" => "enabled",
        /// `DISABLED`.
        Disabled = "DISABLED" => "disabled",
        /// `ENABLED_WITH_DIRECTORY_LOGIN_FALLBACK`, of SAML.
        EnabledWithFallback = "ENABLED_WITH_DIRECTORY_LOGIN_FALLBACK" => "enabled_with_directory_login_fallback",
        /// `ALLOW`, of device access.
        Allow = "ALLOW" => "allow",
        /// `DENY`, of device access.
        Deny = "DENY" => "deny",
    }
}
