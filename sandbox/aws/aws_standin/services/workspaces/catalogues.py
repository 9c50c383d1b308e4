"""What desktops are made of: directories, bundles and IP groups, each with pages of 25."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aws_standin.fleet.bundles import Bundle, as_workspace_bundle
from aws_standin.fleet.directories import as_workspace_directory
from aws_standin.fleet.ip_groups import as_ip_group, ip_groups_of
from aws_standin.fleet.pools import pool_directory
from aws_standin.services.call import Call
from aws_standin.services.workspaces.pages import PAGE, page_of


def describe_workspace_directories(call: Call) -> dict[str, Any]:
    """List the registered directories."""
    params = call.params
    rows = [as_workspace_directory(directory) for directory in call.fleet.directories]
    pools = pool_directory(call.fleet.site)
    if pools is not None:
        rows.append({**as_workspace_directory(pools), "WorkspaceType": "POOLS"})
    if "DirectoryIds" in params:
        rows = [row for row in rows if row["DirectoryId"] in params["DirectoryIds"]]
    if "WorkspaceDirectoryNames" in params:
        names = params["WorkspaceDirectoryNames"]
        rows = [row for row in rows if row.get("WorkspaceDirectoryName") in names]
    for wanted in params.get("Filters", ()):
        member = {"USER_IDENTITY_TYPE": "UserIdentityType", "WORKSPACE_TYPE": "WorkspaceType"}
        rows = [row for row in rows if row[member[wanted["Name"]]] in wanted["Values"]]
    return page_of(call, "Directories", "DirectoryId", rows, params.get("Limit", PAGE))


def describe_workspace_bundles(call: Call) -> dict[str, Any]:
    """List bundles: the account's own, or AWS's public ones, or those with given ids."""
    rows = [as_workspace_bundle(bundle) for bundle in _bundles(call)]
    return page_of(call, "Bundles", "BundleId", rows, PAGE)


def describe_ip_groups(call: Call) -> dict[str, Any]:
    """List IP groups; the members of this answer begin in lower case."""
    rows = [as_ip_group(group) for group in ip_groups_of(call.fleet.site)]
    if "GroupIds" in call.params:
        rows = [row for row in rows if row["groupId"] in call.params["GroupIds"]]
    return page_of(call, "Result", "groupId", rows, call.params.get("MaxResults", PAGE))


def _bundles(call: Call) -> Iterable[Bundle]:
    ids = call.params.get("BundleIds")
    if ids is not None:
        return (bundle for bundle in call.fleet.bundles if bundle.id in ids)
    owner = call.params.get("Owner") or call.identity.account
    return (bundle for bundle in call.fleet.bundles if bundle.owner == owner)
