"""What happens to the fleet between two syncs: behind the API's back, and by its actions.

In: the stand-in, its accounts, the last sync. Out: nothing; the next reading shows it.
"""

from __future__ import annotations

from typing import Any

from history import Site, Sync
from plans import HUB, QUEUE_REGION, SECOND, THIRD
from standin import Account, Standin


def change(standin: Standin, clients: dict[str, Account], last: Sync) -> None:
    """Change what the last sync saw."""
    site = Site(HUB, "us-east-1")
    ids = list(last.readings[site].desktops)
    mutate(standin, site, remove=ids[:3], add=2)
    mutate(standin, site, desktops=ids[3:5], set={"State": "HIBERNATING"})
    mutate(
        standin,
        site,
        desktops=ids[5:8],
        set={
            "WorkspaceProperties.ComputeTypeName": "QUANTUM_1XLARGE",
            "WorkspaceProperties.Protocols": ["WSP", "PCOIP"],
            "UserName": "Zoë O'Neil\\\"",
        },
    )
    mutate(standin, site, desktops=ids[8:10], set={"State": "Odd-Word"}, drop=["UserName"])
    mutate(standin, site, desktops=ids[10:12], drop=["WorkspaceProperties", "DirectoryId"])
    _act(clients[SECOND], Site(SECOND, "eu-central-1"), last)
    standin.post("listing", {"rules": _listings(Site(THIRD, "us-east-1"), last)})


def _listings(site: Site, last: Sync) -> list[dict[str, Any]]:
    """What listings of a site tell from now on: an image, a pool and a quota less, others new."""
    more = last.readings[site].more
    place = {"account": site.account, "region": site.region}
    images = [one["ImageId"] for _, one in more["images"]]
    pools = [one["PoolId"] for one in more["pools"]]
    quotas = [one["QuotaCode"] for one in more["quotas"]]
    return [
        {
            **place,
            "operation": "DescribeWorkspaceImages",
            "remove": images[:1],
            "set": {images[1]: {"State": "FROZEN"}},
            "drop": {images[2]: ["Name", "Updates"]},
        },
        {**place, "operation": "DescribeWorkspacesPools", "remove": pools[:1]},
        {**place, "operation": "ListServiceQuotas", "remove": quotas[:1]},
        {**place, "operation": "ListServiceQuotas", "set": {quotas[1]: {"Value": 7.5}}},
    ]


def change_years_later(clients: dict[str, Account], last: Sync) -> None:
    """Changes whose values before were read by a listing long ago."""
    site = Site(THIRD, "eu-central-1")
    client = clients[THIRD]
    modified = [
        identity
        for identity, desktop in last.readings[site].desktops.items()
        if desktop["State"] in {"AVAILABLE", "STOPPED"}
        and desktop["WorkspaceProperties"]["RunningMode"] == "AUTO_STOP"
    ]
    client.call(
        site.region,
        "workspaces",
        "ModifyWorkspaceProperties",
        WorkspaceId=modified[0],
        WorkspaceProperties={"RunningModeAutoStopTimeoutInMinutes": 240},
    )
    client.call(
        site.region,
        "workspaces",
        "ModifyWorkspaceState",
        WorkspaceId=modified[1],
        WorkspaceState="ADMIN_MAINTENANCE",
    )


STRANGE = (
    "not an event",
    '{"detail-type": "WorkSpaces Access", "source": "aws.workspaces", "id": "nul\\u0000"}',
    '{"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2", "id": "one"}',
    '{"detail-type": "WorkSpaces Access", "source": "aws.workspaces", "id": "two",'
    ' "account": "444444444444", "region": "us-east-1", "detail": {}}',
    '{"detail-type": "WorkSpaces Access", "source": "aws.workspaces", "id": "three",'
    ' "account": "111111111111", "region": "us-east-1", "detail": {"workspaceId": "ws-12345678"}}',
)
"""Messages that are no login of the first account."""


def strange_messages(standin: Standin) -> dict[str, str]:
    """Put messages into the first account's queue that nobody should; the bodies by id."""
    place = {"account": HUB, "region": QUEUE_REGION}
    return {standin.post("message", {**place, "body": body})["messageId"]: body for body in STRANGE}


def mutate(standin: Standin, site: Site, **change: Any) -> None:
    """Remove, add and change desktops behind the API's back."""
    standin.post("mutate", {"account": site.account, "region": site.region, **change})


def _act(client: Account, site: Site, last: Sync) -> None:
    """What an administrator does through the API."""
    desktops = last.readings[site].desktops
    ids = list(desktops)

    def act(operation: str, **params: Any) -> None:
        client.call(site.region, "workspaces", operation, **params)

    for operation in ("StartWorkspaces", "StopWorkspaces", "RebootWorkspaces"):
        member = operation.replace("Workspaces", "WorkspaceRequests")
        act(operation, **{member: [{"WorkspaceId": one} for one in ids[:12]]})
    act("TerminateWorkspaces", TerminateWorkspaceRequests=[{"WorkspaceId": ids[12]}])
    modified = [
        one
        for one in ids[13:]
        if desktops[one]["State"] in {"AVAILABLE", "STOPPED"}
        and desktops[one]["WorkspaceProperties"]["RunningMode"] == "AUTO_STOP"
    ]
    act(
        "ModifyWorkspaceProperties",
        WorkspaceId=modified[0],
        WorkspaceProperties={"RunningMode": "ALWAYS_ON"},
    )
    tagged = [one for one, tags in last.readings[site].tags.items() if tags and one in ids[13:]]
    bare = [one for one in ids[13:] if one not in last.readings[site].tags]
    act("CreateTags", ResourceId=tagged[0], Tags=[{"Key": "CostCentre", "Value": "cc-new"}])
    act("CreateTags", ResourceId=(bare or tagged)[0], Tags=[{"Key": "Owner", "Value": ""}])
    keys = list(last.readings[site].tags[tagged[1]])
    act("DeleteTags", ResourceId=tagged[1], TagKeys=keys)
