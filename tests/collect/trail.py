"""What CloudTrail tells of each account and region, and which of it is to be kept.

In: rows of `LookupEvents` as they can be seen at the instant of a sync, and the ledger's lines of
the same time. Out: the events that a sync is to keep, the reads of its own that it only counts,
and the windows that it takes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from history import History, Json, Site, Sync
from plans import SECOND, access_key
from readings import DAY
from standin import Account, Standin, seconds

WATCHED = ("workspaces.amazonaws.com", "ds.amazonaws.com")
KEPT = 90 * DAY
OVERLAP = 1800
PAGE = 50
_HOUR = 3600
_SWEPT_AGAIN = 23 * _HOUR
_FIRST_WINDOW = DAY
_LONGEST_WINDOW = 7 * DAY


@dataclass
class Told:
    """What one sync is told of one site."""

    rows: dict[str, Json] = field(default_factory=dict)
    """Rows of `LookupEvents` that are to be kept, by id; some were kept before."""
    lines: dict[str, Json] = field(default_factory=dict)
    """The ledger's lines of the time that was read, by id."""
    windows: list[tuple[int, int]] = field(default_factory=list)
    """Pages and seconds of each window of changes, in order."""
    hour: tuple[int, int] | None = None
    """The hour that was swept, both ends included."""
    own_reads: int = 0
    """Reads of deskfleet's own in that hour."""


def reading(standin: Standin, client: Account, history: History, sync: Sync, site: Site) -> Told:
    """Ask for what the sync was told."""
    before = [reading.more["trail"] for _, reading, _ in history.readings(site, "AuditTrail")]
    times = [one.now for one, _, _ in history.readings(site, "AuditTrail")]
    start = _start(times[-1] if times else None, sync.now)
    told = Told()
    changes = _lookup(client, site, ("ReadOnly", "false"), start, sync.now)
    told.rows = {row["EventId"]: row for row in changes if row["EventSource"] in WATCHED}
    told.windows = list(_windows(changes, start, sync.now, measured=bool(before)))
    swept = [time for time, one in zip(times, before, strict=True) if one.hour is not None]
    if not swept or sync.now - swept[-1] >= _SWEPT_AGAIN:
        told.hour = _hour(sync.now)
        for source in WATCHED:
            for row in _lookup(client, site, ("EventSource", source), *told.hour):
                if _is_own_read(row, site):
                    told.own_reads += 1
                else:
                    told.rows[row["EventId"]] = row
    place = {"account": site.account, "region": site.region}
    first = min(start, told.hour[0] if told.hour else start)
    lines = standin.ledger("events", from_=first, to=sync.now + 1, **place)
    told.lines = {line["eventId"]: line for line in lines}
    return told


def lost(history: History, site: Site, sync: Sync) -> tuple[int, int] | None:
    """Time that was forgotten before the sync could read it."""
    times = [one.now for one, _, _ in history.readings(site, "AuditTrail") if one.now < sync.now]
    if times and times[-1] < sync.now - KEPT:
        return times[-1], sync.now - KEPT
    return None


def _start(last: int | None, now: int) -> int:
    horizon = now - KEPT
    return horizon if last is None or last <= horizon else max(horizon, last - OVERLAP)


def _hour(now: int) -> tuple[int, int]:
    """The hour to sweep: another one each day."""
    last = (now - OVERLAP) // _HOUR
    first = (last - 1 - now // DAY * 7 % 24) * _HOUR
    return first, first + _HOUR - 1


def _windows(
    changes: list[Json], start: int, now: int, *, measured: bool
) -> Iterator[tuple[int, int]]:
    """From the newest back: a day while nothing was measured, then a week each."""
    end = now
    while end > start:
        longest = _LONGEST_WINDOW if measured else _FIRST_WINDOW
        begin = max(start, end - longest)
        count = sum(begin <= row["EventTime"] <= end for row in changes)
        yield max(1, -(-count // PAGE)), end - begin
        end, measured = begin, True


def _lookup(client: Account, site: Site, by: tuple[str, str], first: int, end: int) -> list[Json]:
    attribute = {"AttributeKey": by[0], "AttributeValue": by[1]}
    return client.pages(
        site.region,
        "cloudtrail",
        "LookupEvents",
        "Events",
        LookupAttributes=[attribute],
        StartTime=first,
        EndTime=end,
    )


def _is_own_read(row: Json, site: Site) -> bool:
    """A read by the identity that deskfleet has in an account: a role, or keys of its own."""
    if row["ReadOnly"] != "true":
        return False
    if site.account == SECOND:
        return ":assumed-role/deskfleet-read/" in row["CloudTrailEvent"]
    return bool(row.get("AccessKeyId") == access_key(site.account))


def kept(history: History, site: Site) -> Iterator[tuple[Sync, Json, Json]]:
    """Every event that is to be in the trail: the sync that told it first, row and line."""
    known: set[str] = set()
    for sync, reading, _ in history.readings(site, "AuditTrail"):
        told: Told = reading.more["trail"]
        for identity, row in told.rows.items():
            if identity not in known:
                yield sync, row, told.lines[identity]
        known |= told.rows.keys()


def came_late(history: History) -> int:
    """Events that a sync could not see yet, though they had happened, and a later one kept."""
    late = 0
    for site in history.sites:
        times = [sync.now for sync, _, _ in history.readings(site, "AuditTrail")]
        for _, row, line in kept(history, site):
            at, delivered = row["EventTime"], seconds(line["deliveredAt"])
            late += any(at <= now < delivered for now in times)
    return late


def utc(at: float) -> str:
    """UTC seconds as records have them."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def record_of(row: Json) -> Any:
    """The record inside a row."""
    return json.loads(row["CloudTrailEvent"])
