"""Amazon WorkSpaces: the operations that read a fleet and act on it, a file for each concern."""

from aws_standin.services.call import Operation
from aws_standin.services.workspaces import actions, catalogues, listing, modify, tags

OPERATIONS: dict[str, Operation] = {
    "DescribeWorkspaces": listing.describe_workspaces,
    "DescribeWorkspacesConnectionStatus": listing.describe_workspaces_connection_status,
    "DescribeWorkspaceDirectories": catalogues.describe_workspace_directories,
    "DescribeWorkspaceBundles": catalogues.describe_workspace_bundles,
    "DescribeIpGroups": catalogues.describe_ip_groups,
    "DescribeTags": tags.describe_tags,
    "CreateTags": tags.create_tags,
    "DeleteTags": tags.delete_tags,
    "StartWorkspaces": actions.start_workspaces,
    "StopWorkspaces": actions.stop_workspaces,
    "RebootWorkspaces": actions.reboot_workspaces,
    "TerminateWorkspaces": actions.terminate_workspaces,
    "ModifyWorkspaceProperties": modify.modify_workspace_properties,
    "ModifyWorkspaceState": modify.modify_workspace_state,
}
"""What is served, by the operation's name."""
