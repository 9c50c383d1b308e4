"""The ledger of what stands beside desktops: images, snapshots, pools, directories, users, logins.

In: sites and an interval. Out: JSON lines. Users and snapshots are as of the interval's end;
images, quotas, pools and directories do not change with time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict

from aws_standin.fleet import directory_details as details
from aws_standin.fleet.access_events import access_events
from aws_standin.fleet.directories import Directory
from aws_standin.fleet.directory_details import has_data_access
from aws_standin.fleet.directory_users import users_of
from aws_standin.fleet.images import owned_images, shared_images
from aws_standin.fleet.ip_groups import ip_groups_of
from aws_standin.fleet.ledger import iso, json_line
from aws_standin.fleet.pools import pool_sessions, pools_of
from aws_standin.fleet.quotas import SERVICES, quotas_of
from aws_standin.fleet.snapshots import snapshots_of
from aws_standin.fleet.store import SiteFleet


def image_lines(fleets: Iterable[SiteFleet], _start: int, _end: int) -> Iterator[str]:
    """A line for each image, own or shared."""
    for fleet in fleets:
        listed = (("owned", owned_images(fleet.site)), ("shared", shared_images(fleet.site)))
        for ownership, images in listed:
            for image in images:
                yield json_line(
                    {
                        **_place("image", fleet),
                        "imageId": image["ImageId"],
                        "name": image["Name"],
                        "ownership": ownership,
                        "owner": image["OwnerAccountId"],
                        "state": image["State"],
                        "updateAvailable": image.get("Updates", {}).get("UpdateAvailable"),
                        "errors": [one["ErrorCode"] for one in image.get("ErrorDetails", ())],
                    }
                )


def snapshot_lines(fleets: Iterable[SiteFleet], _start: int, end: int) -> Iterator[str]:
    """A line for each desktop with the snapshots there are at the interval's end."""
    for fleet in fleets:
        for desktop in fleet.desktops():
            taken = [iso(at) for at in snapshots_of(desktop, end)]
            yield json_line(
                {
                    **_place("snapshot", fleet),
                    "workspaceId": desktop.id,
                    "rebuild": taken[:1],
                    "restore": taken,
                }
            )


def pool_lines(fleets: Iterable[SiteFleet], _start: int, _end: int) -> Iterator[str]:
    """A line for each pool."""
    for fleet in fleets:
        for pool in pools_of(fleet.site):
            yield json_line(
                {
                    **_place("pool", fleet),
                    "poolId": pool.id,
                    "name": pool.name,
                    "runningMode": pool.running_mode,
                    "stopped": pool.stopped,
                    "desiredUserSessions": pool.desired,
                    "users": len(pool.users),
                }
            )


def pool_session_lines(fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """A line for each session of a pool that starts in the interval."""
    for fleet in fleets:
        for pool in pools_of(fleet.site):
            for one in pool_sessions(pool, start, end):
                if one.session.start >= start:
                    yield json_line(
                        {
                            **_place("poolSession", fleet),
                            "poolId": pool.id,
                            "sessionId": one.id,
                            "userId": one.user,
                            "start": iso(one.session.start),
                            "end": iso(one.session.end),
                        }
                    )


def directory_lines(fleets: Iterable[SiteFleet], _start: int, end: int) -> Iterator[str]:
    """A line for each directory: what it is, and the parts that Directory Service tells of it."""
    for fleet in fleets:
        for directory in fleet.directories:
            yield json_line(
                {
                    **_place("directory", fleet),
                    "directoryId": directory.id,
                    "kind": directory.kind,
                    "registrationCode": directory.registration_code,
                    "ipGroups": list(directory.ip_groups),
                    **_parts(directory, end),
                }
            )


def _parts(directory: Directory, now: int) -> dict[str, object]:
    managed = directory.kind == "MicrosoftAD"
    controllers = details.domain_controllers(directory) if managed else []
    certificates = details.certificates(directory)
    return {
        "domainControllers": {one["DomainControllerId"]: one["Status"] for one in controllers},
        "trusts": {one["TrustId"]: one["TrustState"] for one in details.trusts(directory)},
        "certificates": {one["CertificateId"]: iso(one["ExpiryDateTime"]) for one in certificates},
        "ldaps": details.ldaps_settings(directory)[0]["LDAPSStatus"] if managed else None,
        "logGroups": [one["LogGroupName"] for one in details.log_subscriptions(directory)],
        "snapshots": [one["SnapshotId"] for one in details.snapshots(directory, now)],
    }


def ip_group_lines(fleets: Iterable[SiteFleet], _start: int, _end: int) -> Iterator[str]:
    """A line for each IP group; rules are by address range."""
    for fleet in fleets:
        for group in ip_groups_of(fleet.site):
            yield json_line(
                {
                    **_place("ipGroup", fleet),
                    "groupId": group.id,
                    "name": group.name,
                    "rules": dict(group.rules),
                }
            )


def quota_lines(fleets: Iterable[SiteFleet], _start: int, _end: int) -> Iterator[str]:
    """A line for each quota of a service."""
    for fleet in fleets:
        for service in SERVICES:
            for quota in quotas_of(fleet.site, service):
                yield json_line({**_place("quota", fleet), **asdict(quota)})


def user_lines(fleets: Iterable[SiteFleet], _start: int, end: int) -> Iterator[str]:
    """A line for each user of a directory that can be read, as of the interval's end."""
    for fleet in fleets:
        for directory in fleet.directories:
            if has_data_access(directory):
                for user in users_of(fleet, directory, end):
                    yield json_line(
                        {
                            **_place("user", fleet),
                            "directoryId": directory.id,
                            "userName": user.name,
                            "enabled": user.enabled,
                        }
                    )


def access_lines(fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """A line for each login of a session that starts in the interval, sent or lost."""
    for fleet in fleets:
        for event in access_events(fleet, start, end):
            yield json_line(
                {
                    **_place("access", fleet),
                    "eventId": event.id,
                    "workspaceId": event.desktop.id,
                    "directoryId": event.desktop.directory.id,
                    "login": iso(int(event.login)),
                    "loginMillisecond": round(event.login * 1000) % 1000,
                    "clientIpAddress": event.address,
                    "clientPlatform": event.platform,
                    "clientProduct": event.product,
                    "clientVersion": event.version,
                    "arrivals": [iso(arrival) for arrival in event.arrivals],
                }
            )


def _place(kind: str, fleet: SiteFleet) -> dict[str, str]:
    return {"type": kind, "account": fleet.site.account, "region": fleet.site.region}


TELLERS: dict[str, Callable[[Iterable[SiteFleet], int, int], Iterator[str]]] = {
    "images": image_lines,
    "snapshots": snapshot_lines,
    "pools": pool_lines,
    "poolSessions": pool_session_lines,
    "directories": directory_lines,
    "ipGroups": ip_group_lines,
    "quotas": quota_lines,
    "users": user_lines,
    "access": access_lines,
}
"""By the ledger's type."""
