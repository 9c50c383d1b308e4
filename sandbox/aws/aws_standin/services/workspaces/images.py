"""DescribeWorkspaceImages and DescribeWorkspaceSnapshots: what desktops can be made of again."""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.gaps import SILENT_STATES
from aws_standin.fleet.images import owned_images, shared_images
from aws_standin.services.call import Call
from aws_standin.services.workspaces.pages import PAGE, page_of

_SNAPSHOT_PERIOD = 12 * 3600


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
    if desktop.abnormal_state in SILENT_STATES:
        return {"RebuildSnapshots": [], "RestoreSnapshots": []}
    offset = Draws(desktop.worker.seed, "snapshot", identity).below(_SNAPSHOT_PERIOD)
    latest = call.now - (call.now - offset) % _SNAPSHOT_PERIOD
    return {
        "RebuildSnapshots": [{"SnapshotTime": latest}],
        "RestoreSnapshots": [{"SnapshotTime": latest}, {"SnapshotTime": latest - _SNAPSHOT_PERIOD}],
    }
