"""Logins: `access_event`, `access_event_rejected`."""

from __future__ import annotations

from collections.abc import Iterator

import access
from compare import Expected, Table
from expectation import At, Contains, Within
from history import History, Json, Site, Sync
from plans import HUB, QUEUE_REGION
from standin import seconds

REASONS = (
    "not the JSON of an event",
    "a null character",
    'not "WorkSpaces Access" of aws.workspaces',
    "another account",
    "detail.loginTime",
)
"""What is said of each of the strange messages, in their order."""


def told(history: History) -> Iterator[tuple[Sync, Site, list[Json]]]:
    """The logins that each sync is told and that none before it was."""
    for site in history.sites:
        last: int | None = None
        known: set[str] = set()
        for sync, reading, _ in history.readings(site, "AccessEvents"):
            lines = access.arrived(reading.more["access"], last, sync.now)
            yield sync, site, [line for line in lines if line["eventId"] not in known]
            known |= {line["eventId"] for line in lines}
            last = sync.now


def events(history: History) -> Expected:
    """Every login that reached a queue, once."""
    return {
        (site.account, line["eventId"]): {
            "region": site.region,
            "workspace_id": line["workspaceId"],
            "directory_id": line["directoryId"],
            "action": "successfulLogin",
            "client_ip": line["clientIpAddress"],
            "client_platform": line["clientPlatform"],
            "client_product": line["clientProduct"],
            "client_version": line["clientVersion"],
            "login_at": At(login(line)),
            "recorded_at": Within(sync.window(site)),
        }
        for sync, site, lines in told(history)
        for line in lines
    }


def login(line: Json) -> float:
    """When somebody logged in, UTC seconds."""
    at: float = seconds(line["login"]) + line["loginMillisecond"] / 1000
    return at


def rejected(history: History) -> Expected:
    """What stood in a queue and is no login."""
    site = Site(HUB, QUEUE_REGION)
    rows: Expected = {}
    for sync in strange_at(history):
        for (identity, body), reason in zip(history.strange.items(), REASONS, strict=True):
            rows[site.account, site.region, identity] = {
                "reason": Contains(reason),
                "body": body,
                "received_at": Within(sync.window(site)),
            }
    return rows


def met(history: History) -> Json:
    """How often what makes a queue hard was met."""
    copies = 0
    for site in history.sites:
        last: int | None = None
        for sync, reading, _ in history.readings(site, "AccessEvents"):
            copies += access.copies(reading.more["access"], last, sync.now)
            last = sync.now
    logins = events(history)
    return {
        "a login that came twice": copies - len(logins),
        "a message that is no login": len(rejected(history)),
    }


def strange_at(history: History) -> list[Sync]:
    """The sync that was told the strange messages."""
    return [sync for sync in history.syncs if "AccessEvents" in sync.sources][1:2]


TABLES = (
    Table(
        "access_event",
        ("account_id", "event_id"),
        events,
        spoil="login_at = login_at + interval '1 millisecond'",
    ),
    Table(
        "access_event_rejected",
        ("account_id", "region", "message_id"),
        rejected,
        spoil="body = 'spoilt'",
    ),
)
