//! The operations that change something, by service, as AWS's own models of 2026 list them:
//! what does not begin with Describe, Get, List or Search.
//!
//! Events are looked up by these names where that takes fewer pages than all changes of the
//! account. AWS adds operations without notice; the daily sweep by service finds those that
//! are in no list.

use std::collections::BTreeSet;

/// The services whose events are kept.
pub const SOURCES: [&str; 2] = ["workspaces.amazonaws.com", "ds.amazonaws.com"];

/// Whether events of `source` are kept.
pub fn is_watched(source: &str) -> bool {
    SOURCES.contains(&source)
}

/// Whether the operation `name` of `source` is in a list.
pub fn knows(source: &str, name: &str) -> bool {
    lists().any(|(of, names)| of == source && names.contains(&name))
}

/// The names of all of them, each once, sorted.
pub fn mutating_names() -> BTreeSet<&'static str> {
    lists().flat_map(|(_, names)| names.iter().copied()).collect()
}

fn lists() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    SOURCES.into_iter().zip([&WORKSPACES[..], &DIRECTORY_SERVICE[..]])
}

/// `WorkSpaces`.
const WORKSPACES: [&str; 64] = [
    "AcceptAccountLinkInvitation",
    "AssociateConnectionAlias",
    "AssociateIpGroups",
    "AssociateWorkspaceApplication",
    "AuthorizeIpRules",
    "CopyWorkspaceImage",
    "CreateAccountLinkInvitation",
    "CreateConnectClientAddIn",
    "CreateConnectionAlias",
    "CreateIpGroup",
    "CreateStandbyWorkspaces",
    "CreateTags",
    "CreateUpdatedWorkspaceImage",
    "CreateWorkspaceBundle",
    "CreateWorkspaceImage",
    "CreateWorkspaces",
    "CreateWorkspacesPool",
    "DeleteAccountLinkInvitation",
    "DeleteClientBranding",
    "DeleteConnectClientAddIn",
    "DeleteConnectionAlias",
    "DeleteIpGroup",
    "DeleteTags",
    "DeleteWorkspaceBundle",
    "DeleteWorkspaceImage",
    "DeployWorkspaceApplications",
    "DeregisterWorkspaceDirectory",
    "DisassociateConnectionAlias",
    "DisassociateIpGroups",
    "DisassociateWorkspaceApplication",
    "ImportClientBranding",
    "ImportCustomWorkspaceImage",
    "ImportWorkspaceImage",
    "MigrateWorkspace",
    "ModifyAccount",
    "ModifyCertificateBasedAuthProperties",
    "ModifyClientProperties",
    "ModifyEndpointEncryptionMode",
    "ModifySamlProperties",
    "ModifySelfservicePermissions",
    "ModifyStreamingProperties",
    "ModifyWorkspaceAccessProperties",
    "ModifyWorkspaceCreationProperties",
    "ModifyWorkspaceProperties",
    "ModifyWorkspaceState",
    "RebootWorkspaces",
    "RebuildWorkspaces",
    "RegisterWorkspaceDirectory",
    "RejectAccountLinkInvitation",
    "RestoreWorkspace",
    "RevokeIpRules",
    "StartWorkspaces",
    "StartWorkspacesPool",
    "StopWorkspaces",
    "StopWorkspacesPool",
    "TerminateWorkspaces",
    "TerminateWorkspacesPool",
    "TerminateWorkspacesPoolSession",
    "UpdateConnectClientAddIn",
    "UpdateConnectionAliasPermission",
    "UpdateRulesOfIpGroup",
    "UpdateWorkspaceBundle",
    "UpdateWorkspaceImagePermission",
    "UpdateWorkspacesPool",
];

/// Directory Service.
const DIRECTORY_SERVICE: [&str; 55] = [
    "AcceptSharedDirectory",
    "AddIpRoutes",
    "AddRegion",
    "AddTagsToResource",
    "CancelSchemaExtension",
    "ConnectDirectory",
    "CreateAlias",
    "CreateComputer",
    "CreateConditionalForwarder",
    "CreateDirectory",
    "CreateHybridAD",
    "CreateLogSubscription",
    "CreateMicrosoftAD",
    "CreateSnapshot",
    "CreateTrust",
    "DeleteADAssessment",
    "DeleteConditionalForwarder",
    "DeleteDirectory",
    "DeleteLogSubscription",
    "DeleteSnapshot",
    "DeleteTrust",
    "DeregisterCertificate",
    "DeregisterEventTopic",
    "DisableCAEnrollmentPolicy",
    "DisableClientAuthentication",
    "DisableDirectoryDataAccess",
    "DisableLDAPS",
    "DisableRadius",
    "DisableSso",
    "EnableCAEnrollmentPolicy",
    "EnableClientAuthentication",
    "EnableDirectoryDataAccess",
    "EnableLDAPS",
    "EnableRadius",
    "EnableSso",
    "RegisterCertificate",
    "RegisterEventTopic",
    "RejectSharedDirectory",
    "RemoveIpRoutes",
    "RemoveRegion",
    "RemoveTagsFromResource",
    "ResetUserPassword",
    "RestoreFromSnapshot",
    "ShareDirectory",
    "StartADAssessment",
    "StartSchemaExtension",
    "UnshareDirectory",
    "UpdateConditionalForwarder",
    "UpdateDirectorySetup",
    "UpdateHybridAD",
    "UpdateNumberOfDomainControllers",
    "UpdateRadius",
    "UpdateSettings",
    "UpdateTrust",
    "VerifyTrust",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_services_are_looked_up_once() {
        assert_eq!(mutating_names().len(), WORKSPACES.len() + DIRECTORY_SERVICE.len());
        assert!(knows("ds.amazonaws.com", "ResetUserPassword"));
        assert!(!knows("workspaces.amazonaws.com", "ResetUserPassword"));
        assert!(mutating_names().iter().all(|name| !name.starts_with("Describe")));
    }
}
