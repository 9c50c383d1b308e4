"""That the stand-in's two truths agree: what AWS's operations answer, and what the ledger says.

In: the history up to the changes that were made behind the ledger's back. Out: where they differ.
The tables are compared with the answers, so an answer that is not the truth must not go unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from history import History, Json, Reading, Truth
from standin import seconds

UNCHANGED = 3
"""Syncs before anything was changed behind the ledger's back."""
_DESKTOP = {
    "DirectoryId": "directoryId",
    "BundleId": "bundleId",
    "UserName": "userName",
}
_PROPERTIES = {
    "RunningMode": "runningMode",
    "ComputeTypeName": "computeType",
    "OperatingSystemName": "operatingSystem",
    "RootVolumeSizeGib": "rootVolumeGib",
    "UserVolumeSizeGib": "userVolumeGib",
    "RunningModeAutoStopTimeoutInMinutes": "autoStopTimeoutMinutes",
}


def disagreements(history: History) -> Iterator[str]:
    """Differences in words."""
    for sync in history.syncs[:UNCHANGED]:
        for site, truth in sync.truths.items():
            for what, answered, told in _pairs(sync.readings[site], truth):
                if answered != told:
                    at = f"{site} at sync {sync.number}"
                    yield f"{at}: {what} is {answered!r}, the ledger has {told!r}"


def _pairs(reading: Reading, truth: Truth) -> Iterator[tuple[str, Any, Any]]:
    """What it is, what AWS answers, what the ledger tells."""
    yield "the list of desktops", sorted(reading.desktops), sorted(truth.desktops)
    for identity, desktop in reading.desktops.items():
        line = truth.desktops[identity]
        for answer, names in ((desktop, _DESKTOP), (desktop["WorkspaceProperties"], _PROPERTIES)):
            for theirs, ours in names.items():
                if theirs in answer:
                    yield f"{theirs} of {identity}", answer[theirs], line[ours]
        yield f"tags of {identity}", reading.tags.get(identity, {}), line["tags"]
    yield from _surroundings(reading.more, truth.more)


def _surroundings(more: Json, lines: Json) -> Iterator[tuple[str, Any, Any]]:
    granted = {one["QuotaCode"]: one["Value"] for one in more["quotas"]}
    defaults = {one["QuotaCode"]: one["Value"] for one in more["default_quotas"]}
    quotas = [line for line in lines["quotas"] if line["service"] == "workspaces"]
    yield "quotas", granted, {line["code"]: line["value"] for line in quotas}
    yield "default quotas", defaults, {line["code"]: line["default"] for line in quotas}
    images = {one["ImageId"]: (kind, one["Name"]) for kind, one in more["images"]}
    yield (
        "images",
        images,
        {line["imageId"]: (line["ownership"], line["name"]) for line in lines["images"]},
    )
    pools = {one["PoolId"]: (one["PoolName"], one["RunningMode"]) for one in more["pools"]}
    yield (
        "pools",
        pools,
        {line["poolId"]: (line["name"], line["runningMode"]) for line in lines["pools"]},
    )
    known = {line["sessionId"]: line for line in lines["poolSessions"]}
    for identity, one in more["pool_sessions"].items():
        line = known[identity]
        told = line["userId"], seconds(line["start"])
        yield f"pool session {identity}", (one["UserId"], one["StartTime"]), told
