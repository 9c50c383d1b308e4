"""Taking a reading: what one site would tell now, and what the ledger knows about it.

In: the stand-in, whose clock stands still, and a site. Out: a `Reading`, a `Truth`, and the points
of the hours in which points may come late. Called right after a sync, before anything changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import directory_reading
from history import Json, Reading, Site, Truth
from standin import Account, Standin, seconds

DAY = 86_400
SLOT = 300
FLAGS = ("UserConnected", "Stopped", "Available", "Unhealthy", "Maintenance")
_CALENDAR = "2025-01-01"
_HISTORY_ENDS = "2026-03-01"
_QUERIES = 500


def reading(account: Account, site: Site) -> Reading:
    """What the site would tell."""
    region = site.region
    desktops = account.pages(region, "workspaces", "DescribeWorkspaces", "Workspaces")
    found = Reading(desktops={one["WorkspaceId"]: one for one in desktops})
    ids = list(found.desktops)
    for first in range(0, len(ids), 25):
        asked = ids[first : first + 25]
        rows = account.pages(
            region,
            "workspaces",
            "DescribeWorkspacesConnectionStatus",
            "WorkspacesConnectionStatus",
            WorkspaceIds=asked,
        )
        found.connections |= {row["WorkspaceId"]: row for row in rows}
    found.directories = account.pages(
        region, "workspaces", "DescribeWorkspaceDirectories", "Directories"
    )
    services = account.pages(region, "ds", "DescribeDirectories", "DirectoryDescriptions")
    found.directory_services = {row["DirectoryId"]: row for row in services}
    for owner in ({}, {"Owner": "AMAZON"}):
        rows = account.pages(region, "workspaces", "DescribeWorkspaceBundles", "Bundles", **owner)
        found.bundles |= {row["BundleId"]: row for row in rows}
    tagged = account.pages(
        region,
        "tagging",
        "GetResources",
        "ResourceTagMappingList",
        ResourceTypeFilters=["workspaces:workspace"],
    )
    for row in tagged:
        identity = row["ResourceARN"].rpartition("/")[2]
        found.tags[identity] = {tag["Key"]: tag["Value"] for tag in row["Tags"]}
    found.more = _images(account, region) | _pools(account, region) | _quotas(account, region)
    found.more |= directory_reading.reading(account, region, found)
    return found


def beside(account: Account, site: Site, desktops: list[str]) -> Reading:
    """What is read without a listing of desktops: their snapshots, and users of directories."""
    region = site.region
    found = Reading()
    operation = "DescribeWorkspaceSnapshots"
    found.more["snapshots"] = {
        one: account.call(region, "workspaces", operation, WorkspaceId=one) for one in desktops
    }
    listed = account.pages(region, "workspaces", "DescribeWorkspaceDirectories", "Directories")
    services = account.pages(region, "ds", "DescribeDirectories", "DirectoryDescriptions")
    kinds = {row["DirectoryId"]: row["Type"] for row in services}
    access: dict[str, str] = {}
    for identity in (one["DirectoryId"] for one in listed):
        if kinds.get(identity) != "MicrosoftAD":
            access[identity] = "not_supported"
            continue
        operation = "DescribeDirectoryDataAccess"
        told = account.call(region, "ds", operation, DirectoryId=identity)["DataAccessStatus"]
        access[identity] = "read" if told == "Enabled" else "off"
    found.more["data_access"] = access
    return found


def users(standin: Standin, site: Site, now: int) -> dict[tuple[str, str], bool]:
    """Users that a directory would tell, and whether they may sign in."""
    place = {"account": site.account, "region": site.region}
    lines = standin.ledger("users", from_=now - DAY, to=now, **place)
    return {(one["directoryId"], one["userName"].lower()): one["enabled"] for one in lines}


def _images(account: Account, region: str) -> Json:
    images = [
        (kind.lower(), one)
        for kind in ("OWNED", "SHARED")
        for one in account.pages(
            region, "workspaces", "DescribeWorkspaceImages", "Images", ImageType=kind
        )
    ]
    return {"images": images}


def _pools(account: Account, region: str) -> Json:
    pools = account.pages(region, "workspaces", "DescribeWorkspacesPools", "WorkspacesPools")
    operation = "DescribeWorkspacesPoolSessions"
    sessions = {
        one["SessionId"]: one
        for pool in pools
        for one in account.pages(region, "workspaces", operation, "Sessions", PoolId=pool["PoolId"])
    }
    return {"pools": pools, "pool_sessions": sessions}


def _quotas(account: Account, region: str) -> Json:
    granted, defaults = (
        account.pages(region, "servicequotas", operation, "Quotas", ServiceCode="workspaces")
        for operation in ("ListServiceQuotas", "ListAWSDefaultServiceQuotas")
    )
    return {"quotas": granted, "default_quotas": defaults}


def truth(standin: Standin, site: Site, first: int, end: int) -> Truth:
    """The ledger of a site from the instant `first` to `end`, UTC seconds."""
    place = {"account": site.account, "region": site.region}
    between = {"from_": first, "to": end, **place}
    found = Truth(desktops={row["workspaceId"]: row for row in standin.ledger("desktops", **place)})
    # One that began the day before may reach into the interval.
    started = standin.ledger("sessions", **{**between, "from_": first - 2 * DAY})
    found.sessions = _spans(started)
    found.running = _spans(standin.ledger("running", **between))
    found.maintenance = _spans(standin.ledger("maintenance", **between))
    gaps = list(standin.ledger("gaps", **between))
    found.silent = {gap["workspaceId"] for gap in gaps if gap["reason"] == "state"}
    found.network_gaps = _spans(gap for gap in gaps if gap["reason"] == "network")
    for desktop, row in found.desktops.items():
        made = _created(standin, place, desktop, row["hiredOn"], first)
        if made is not None:
            found.created[desktop] = made
    for kind in ("images", "pools", "quotas"):
        found.more[kind] = list(standin.ledger(kind, **between))
    latest = {**between, "from_": end - 2 * DAY, "to": end + SLOT}
    found.more["poolSessions"] = list(standin.ledger("poolSessions", **latest))
    return found


def _created(standin: Standin, place: Json, desktop: str, hired: str, first: int) -> int | None:
    """When a desktop was made, of those whose history begins behind `first`."""
    start = seconds(f"{hired}T00:00:00Z")
    if not _CALENDAR < hired <= _HISTORY_ENDS or start < first:
        return None
    # The trail has it, some days before the first day of the user.
    events = standin.ledger("events", from_=start - 5 * DAY, to=start, **place)
    made = [
        event["at"]
        for event in events
        if event["name"] == "CreateWorkspaces"
        and desktop in event["desktops"]
        and event["errorCode"] is None
    ]
    if len(made) != 1:
        raise RuntimeError(f"the trail tells {len(made)} creations of {desktop}")
    return seconds(made[0])


def late_points(
    account: Account, region: str, desktops: list[str], first: int, end: int
) -> dict[str, dict[str, set[int]]]:
    """What the points of [first, end) prove that can be read now: desktop, map, slots."""
    proved: dict[str, dict[str, set[int]]] = {}
    if first >= end:
        return proved
    asked = [(desktop, metric) for desktop in desktops for metric in (*FLAGS, "ConnectionSuccess")]
    for begin in range(0, len(asked), _QUERIES):
        part = asked[begin : begin + _QUERIES]
        for (desktop, metric), points in zip(
            part, metric_points(account, region, part, first, end), strict=True
        ):
            maps = proved.setdefault(desktop, {})
            for at, value in points:
                for name in _proof(metric, value):
                    maps.setdefault(name, set()).add(int(at) // SLOT)
    return proved


def _proof(metric: str, value: float) -> Iterable[str]:
    """The maps in which a point sets its slot."""
    if metric in {"UserConnected", "Stopped", "Available", "Unhealthy"}:
        yield "observed"
    if metric == "UserConnected" and value > 0:
        yield "connected"
    if metric in {"UserConnected", "Available", "Unhealthy"} and value > 0:
        yield "running"
    if metric == "Stopped" and value == 0:
        yield "running"
    if metric == "Maintenance" and value > 0:
        yield "maintenance"
    if metric == "ConnectionSuccess" and value > 0:
        yield "succeeded"


def metric_points(
    account: Account, region: str, asked: list[tuple[str, str]], first: int, end: int
) -> list[list[tuple[float, float]]]:
    """Time and value of the points of desktops and metrics that can be read now."""
    queries = [
        {
            "Id": f"q{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/WorkSpaces",
                    "MetricName": metric,
                    "Dimensions": [{"Name": "WorkspaceId", "Value": desktop}],
                },
                "Period": SLOT,
                "Stat": "Sum" if metric == "ConnectionSuccess" else "Maximum",
            },
        }
        for number, (desktop, metric) in enumerate(asked)
    ]
    points: list[list[tuple[float, float]]] = [[] for _ in asked]
    params: dict[str, Any] = {
        "MetricDataQueries": queries,
        "StartTime": first,
        "EndTime": end,
    }
    results = account.pages(region, "monitoring", "GetMetricData", "MetricDataResults", **params)
    for result in results:
        pairs = zip(result["Timestamps"], result["Values"], strict=True)
        points[int(result["Id"][1:])] += list(pairs)
    return points


def _spans(lines: Iterable[Json]) -> dict[str, list[tuple[int, int]]]:
    spans: dict[str, list[tuple[int, int]]] = {}
    for line in lines:
        span = seconds(line["start"]), seconds(line["end"])
        spans.setdefault(line["workspaceId"], []).append(span)
    return spans
