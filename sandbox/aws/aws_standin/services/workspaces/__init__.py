"""Amazon WorkSpaces: the operations that read a fleet and act on it, a file for each concern."""

from aws_standin.services.call import Operation
from aws_standin.services.workspaces import (
    account,
    actions,
    catalogues,
    images,
    listing,
    modify,
    pools,
    tags,
)

OPERATIONS: dict[str, Operation] = {
    "DescribeWorkspaces": listing.describe_workspaces,
    "DescribeWorkspacesConnectionStatus": listing.describe_workspaces_connection_status,
    "DescribeWorkspaceDirectories": catalogues.describe_workspace_directories,
    "DescribeWorkspaceBundles": catalogues.describe_workspace_bundles,
    "DescribeIpGroups": catalogues.describe_ip_groups,
    "DescribeWorkspaceImages": images.describe_workspace_images,
    "DescribeWorkspaceSnapshots": images.describe_workspace_snapshots,
    "DescribeWorkspacesPools": pools.describe_workspaces_pools,
    "DescribeWorkspacesPoolSessions": pools.describe_workspaces_pool_sessions,
    "DescribeAccount": account.describe_account,
    "DescribeAccountModifications": account.describe_account_modifications,
    "DescribeConnectionAliases": account.describe_connection_aliases,
    "DescribeClientProperties": account.describe_client_properties,
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
