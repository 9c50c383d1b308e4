"""The health of desktops by the day, worked out from every point of five minutes.

In: the ledger's measurements, and what CloudWatch told of the hours in which points may still come
late. Out: for each desktop and complete UTC day the values of its row, and how many metrics were
asked for. A point of those hours counts if it was told, and must then be one of the ledger's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum
from typing import Any

import readings
from evidence import DAY, SLOT, SLOTS, DisagreementError
from history import History, Site, Sync
from standin import Account, Standin, seconds

Values = dict[str, float | int]
"""Columns of a row."""
Told = dict[tuple[str, int], Values]
"""What could be read at a sync: desktop and day since 1970."""

GAUGES = {
    "CPUUsage": "cpu",
    "MemoryUsage": "memory",
    "RootVolumeDiskUsage": "root_volume",
    "UserVolumeDiskUsage": "user_volume",
    "GPUUsage": "gpu",
    "InSessionLatency": "latency",
    "SessionLaunchTime": "launch",
    "UDPPacketLossRate": "packet_loss",
    "UpTime": "up_time",
}
COUNTS = {"ConnectionAttempt": "connection_attempts", "ConnectionFailure": "connection_failures"}
STATISTICS = ("min", "max", "avg", "samples")
_OVERLAP = 2
_KEPT = 454
_LATE_BLOCK = 40
"""Desktops whose late hours are asked about at once."""


@dataclass(frozen=True)
class Asked:
    """That the health of a desktop was asked for at a sync."""

    first: int
    """The first day since 1970."""
    end: int
    """The day of the sync."""
    graphics: bool

    @property
    def metrics(self) -> int:
        """How many metrics and statistics a request names."""
        gauges = len(GAUGES) - (not self.graphics)
        return gauges * len(STATISTICS) + len(COUNTS)


def reading(standin: Standin, client: Account, syncs: list[Sync], site: Site) -> Told:
    """What could be read at the last of the syncs of the days before it."""
    sync = syncs[-1]
    due = {desktop: one for (number, desktop), one in _asked(syncs, site) if number == sync.number}
    if not due:
        return {}
    midnight = sync.now - sync.now % DAY
    first = min(one.first for one in due.values()) * DAY
    desktops = list(due)
    late = _late(client, site.region, desktops, (min(sync.late_from, midnight), midnight))
    told: Told = {}
    place = {"account": site.account, "region": site.region}
    for line in standin.ledger("measurements", from_=first, to=midnight, **place):
        desktop, metric = line["workspaceId"], line["metric"]
        if desktop not in due or (metric not in GAUGES and metric not in COUNTS):
            continue
        day = seconds(line["day"] + "T00:00:00Z") // DAY
        points = line["values"]
        if (day + 1) * DAY > sync.late_from:
            slots = _slots(day, line["slots"])
            points = list(_arrived(slots, points, late.pop((desktop, metric), {}), sync.late_from))
        if points:
            told.setdefault((desktop, day), {}).update(_statistics(metric, points))
    if any(late.values()):
        raise DisagreementError(f"CloudWatch tells points in {site} that the ledger does not have")
    return told


def _arrived(
    slots: list[int], points: list[float], told: dict[int, float], late_from: int
) -> Iterator[float]:
    """The points of a day that could be read: all of the time before, and those that were told."""
    known = dict(zip(slots, points, strict=True))
    for slot, value in told.items():
        if known.get(slot) != value:
            raise DisagreementError(f"a point of slot {slot} is {value}, not {known.get(slot)}")
    for slot, value in known.items():
        if slot * SLOT < late_from or slot in told:
            yield value


def _slots(day: int, digits: str) -> list[int]:
    return [day * SLOTS + at for at, one in enumerate(f"{int(digits, 16):0{SLOTS}b}") if one == "1"]


def _late(
    client: Account, region: str, desktops: list[str], between: tuple[int, int]
) -> dict[tuple[str, str], dict[int, float]]:
    """Points of hours in which some come late, as they are told now: desktop, metric, slot."""
    first, end = between
    if first >= end:
        return {}
    found = {}
    asked = [(desktop, metric) for desktop in desktops for metric in (*GAUGES, *COUNTS)]
    for begin in range(0, len(asked), _LATE_BLOCK * len((*GAUGES, *COUNTS))):
        part = asked[begin : begin + _LATE_BLOCK * len((*GAUGES, *COUNTS))]
        answered = readings.metric_points(client, region, part, first, end)
        for key, points in zip(part, answered, strict=True):
            found[key] = {int(at) // SLOT: value for at, value in points}
    return found


def _statistics(metric: str, points: list[float]) -> Values:
    if metric in COUNTS:
        return {COUNTS[metric]: int(fsum(points))}
    name = GAUGES[metric]
    return {
        f"{name}_min": min(points),
        f"{name}_max": max(points),
        f"{name}_avg": fsum(points) / len(points),
        f"{name}_samples": len(points),
    }


def asked(history: History, site: Site) -> dict[tuple[int, str], Asked]:
    """What was asked for: once a day, by number of the sync and desktop."""
    key = ("health", site, len(history.syncs))
    if key not in history.computed:
        history.computed[key] = dict(_asked(history.syncs, site))
    found: dict[tuple[int, str], Asked] = history.computed[key]
    return found


def _asked(syncs: list[Sync], site: Site) -> Iterator[tuple[tuple[int, str], Asked]]:
    read: dict[str, int] = {}
    for sync in syncs:
        if not (sync.lists(site) and "Metrics" in sync.sources):
            continue
        today = sync.now // DAY
        for desktop, answer in sync.readings[site].desktops.items():
            before = read.get(desktop)
            if before == today:
                continue
            wanted = min(max(sync.metrics_days, 1), _KEPT)
            first = today - wanted if before is None else max(before - _OVERLAP, today - _KEPT)
            read[desktop] = today
            yield (sync.number, desktop), Asked(first, today, _has_graphics(answer))


def _has_graphics(desktop: dict[str, Any]) -> bool:
    compute = desktop.get("WorkspaceProperties", {}).get("ComputeTypeName") or ""
    return bool(compute.startswith("GRAPHICS"))


def told(sync: Sync, site: Site, desktop: str, of: Asked) -> Iterator[tuple[int, Values]]:
    """The days of one desktop that a sync was told."""
    for day in range(of.first, of.end):
        values = sync.health[site].get((desktop, day), {})
        shown = {
            column: value
            for column, value in values.items()
            if of.graphics or not column.startswith("gpu_")
        }
        if shown:
            yield day, shown
