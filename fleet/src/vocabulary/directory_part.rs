//! Words for what a directory is made of and how it is reached, from the service models of
//! Directory Service (2015-04-16) and `WorkSpaces`.

use crate::open_vocabulary::open_vocabulary;

open_vocabulary! {
    /// A domain controller's state (`ds:DomainControllerStatus`).
    DomainControllerStatus {
        /// `Active`.
        Active = "Active" => "active",
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
        /// `Restoring`.
        Restoring = "Restoring" => "restoring",
        /// `Updating`.
        Updating = "Updating" => "updating",
    }
}

open_vocabulary! {
    /// A trust's state (`ds:TrustState`).
    TrustState {
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
        /// `UpdateFailed`.
        UpdateFailed = "UpdateFailed" => "update_failed",
        /// `Updated`.
        Updated = "Updated" => "updated",
        /// `Updating`.
        Updating = "Updating" => "updating",
        /// `Verified`.
        Verified = "Verified" => "verified",
        /// `VerifyFailed`.
        VerifyFailed = "VerifyFailed" => "verify_failed",
        /// `Verifying`.
        Verifying = "Verifying" => "verifying",
    }
}

open_vocabulary! {
    /// Who trusts whom (`ds:TrustDirection`), as seen from the directory.
    TrustDirection {
        /// `One-Way: Incoming`: its users may use the other domain.
        Incoming = "One-Way: Incoming" => "incoming",
        /// `One-Way: Outgoing`: users of the other domain may use it.
        Outgoing = "One-Way: Outgoing" => "outgoing",
        /// `Two-Way`.
        TwoWay = "Two-Way" => "two_way",
    }
}

open_vocabulary! {
    /// Whether a directory speaks LDAP over TLS (`ds:LDAPSStatus`).
    LdapsStatus {
        /// `Disabled`.
        Disabled = "Disabled" => "disabled",
        /// `EnableFailed`.
        EnableFailed = "EnableFailed" => "enable_failed",
        /// `Enabled`.
        Enabled = "Enabled" => "enabled",
        /// `Enabling`.
        Enabling = "Enabling" => "enabling",
    }
}

open_vocabulary! {
    /// A snapshot's state (`ds:SnapshotStatus`).
    SnapshotStatus {
        /// `Completed`.
        Completed = "Completed" => "completed",
        /// `Creating`.
        Creating = "Creating" => "creating",
        /// `Failed`.
        Failed = "Failed" => "failed",
    }
}

open_vocabulary! {
    /// A certificate's state (`ds:CertificateState`).
    CertificateState {
        /// `DeregisterFailed`.
        DeregisterFailed = "DeregisterFailed" => "deregister_failed",
        /// `Deregistered`.
        Deregistered = "Deregistered" => "deregistered",
        /// `Deregistering`.
        Deregistering = "Deregistering" => "deregistering",
        /// `RegisterFailed`.
        RegisterFailed = "RegisterFailed" => "register_failed",
        /// `Registered`.
        Registered = "Registered" => "registered",
        /// `Registering`.
        Registering = "Registering" => "registering",
    }
}

open_vocabulary! {
    /// A connection alias's state (`ConnectionAliasState`).
    ConnectionAliasState {
        /// `CREATED`.
        Created = "CREATED" => "created",
        /// `CREATING`.
        Creating = "CREATING" => "creating",
        /// `DELETING`.
        Deleting = "DELETING" => "deleting",
    }
}

open_vocabulary! {
    /// Whether an alias leads somewhere (`AssociationStatus`).
    AssociationStatus {
        /// `ASSOCIATED_WITH_OWNER_ACCOUNT`.
        AssociatedWithOwner = "ASSOCIATED_WITH_OWNER_ACCOUNT" => "associated_with_owner_account",
        /// `ASSOCIATED_WITH_SHARED_ACCOUNT`.
        AssociatedWithShared = "ASSOCIATED_WITH_SHARED_ACCOUNT" => "associated_with_shared_account",
        /// `NOT_ASSOCIATED`.
        NotAssociated = "NOT_ASSOCIATED" => "not_associated",
        /// `PENDING_ASSOCIATION`.
        PendingAssociation = "PENDING_ASSOCIATION" => "pending_association",
        /// `PENDING_DISASSOCIATION`.
        PendingDisassociation = "PENDING_DISASSOCIATION" => "pending_disassociation",
    }
}
