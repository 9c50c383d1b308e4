"""DescribeWorkspaceImages and DescribeWorkspaceSnapshots: what desktops can be made of again."""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.images import owned_images, shared_images
from aws_standin.fleet.snapshots import snapshots_of
from aws_standin.services.call import Call
from aws_standin.services.workspaces.pages import PAGE, page_of


def describe_workspace_images(call: Call) -> dict[str, Any]:
    """List images: the account's own, or those shared with it, or those with given ids."""
    kind, site = call.params.get("ImageType"), call.fleet.site
    rows = []
    if kind != "SHARED":
        rows += owned_images(site)
    if kind == "SHARED" or "ImageIds" in call.params:
        rows += shared_images(site)
    if "ImageIds" in call.params:
        rows = [row for row in rows if row["ImageId"] in call.params["ImageIds"]]
    return page_of(call, "Images", "ImageId", rows, call.params.get("MaxResults", PAGE))


def describe_workspace_snapshots(call: Call) -> dict[str, Any]:
    """The latest snapshots of one desktop, which are taken every twelve hours."""
    identity = call.params["WorkspaceId"]
    desktop = call.fleet.find(identity)
    if desktop is None:
        raise AwsError("ResourceNotFoundException", f"The WorkSpace {identity} was not found.")
    taken = snapshots_of(desktop, call.now)
    return {
        "RebuildSnapshots": [{"SnapshotTime": at} for at in taken[:1]],
        "RestoreSnapshots": [{"SnapshotTime": at} for at in taken],
    }
