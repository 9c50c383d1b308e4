"""From evidence to the points of one metric: in which slots there is one, and its value.

In: a desktop's `Evidence` and a metric. Out: a `Series`. Values follow from (seed, desktop, metric,
slot) alone, whatever range is asked for. A desktop that does not run reports nothing but
`Stopped` = 1, unless `WhileStopped` says otherwise, as nobody has seen yet what AWS does.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.evidence import WEEK_SLOTS, Evidence
from aws_standin.fleet.gaps import SILENT_STATES
from aws_standin.fleet.presence import WhileStopped
from aws_standin.fleet.running import LONGEST
from aws_standin.fleet.slots import SLOT, all_slots, as_text, slots_touched
from aws_standin.metrics.catalogue import Metric

_ILL = frozenset({"UNHEALTHY", "IMPAIRED"})
_MAINTAINED = frozenset({"MAINTENANCE", "ADMIN_MAINTENANCE"})
_CALENDAR_SLOT = 1_735_689_600 // SLOT
"""Disks grow from the beginning of 2025 on."""
_WEEK = WEEK_SLOTS * SLOT
_FAILURES = 0.04
"""Probability that a session needs a second attempt."""


@dataclass(frozen=True, slots=True)
class Series:
    """Points in a range of slots."""

    present: int
    """Map of the slots that have a point."""
    ones: int | None
    """For a flag, the map of those whose value is 1."""
    values: tuple[float, ...]
    """Else a value for every slot of the range, meaningful where there is a point."""


def series(desktop: Desktop, seen: Evidence, metric: Metric, while_stopped: WhileStopped) -> Series:
    """A metric's points, before it is asked whether they have arrived."""
    present = present_in(desktop, seen, metric, while_stopped)
    if metric.kind == "flag":
        return Series(present, _ones(desktop, seen, metric) & present, ())
    if metric.kind == "count":
        return Series(present, None, _counts(desktop, seen, metric))
    return Series(present, None, tuple(_gauge(desktop, seen, metric)))


def present_in(
    desktop: Desktop, seen: Evidence, metric: Metric, while_stopped: WhileStopped
) -> int:
    """The map of slots in which the metric has a point."""
    if not _ever_reports(desktop, metric):
        return 0
    reports = seen.running & seen.observed & seen.exists
    stopped = seen.exists & ~seen.running
    if metric.present == "stopped":
        return 0 if while_stopped == "none" else reports | stopped
    if metric.present == "connected":
        return reports & seen.connected
    if metric.present == "launch":
        begins = ((s.start, s.start + 1) for s in seen.sessions)
        return reports & slots_touched(begins, seen.first, seen.length)
    if metric.name == "UserConnected" and while_stopped == "zero":
        return reports | stopped
    return reports


def _ever_reports(desktop: Desktop, metric: Metric) -> bool:
    if desktop.abnormal_state in SILENT_STATES:
        return False
    if metric.name == "GPUUsage":
        return desktop.bundle.compute.startswith("GRAPHICS")
    return True


def _ones(desktop: Desktop, seen: Evidence, metric: Metric) -> int:
    everything = all_slots(seen.length)
    ill = everything if desktop.abnormal_state in _ILL else 0
    maintained = everything if desktop.abnormal_state in _MAINTAINED else seen.maintenance
    return {
        "UserConnected": seen.connected & seen.running,
        "Stopped": everything ^ seen.running,
        "Available": everything ^ ill,
        "Unhealthy": ill,
        "Maintenance": maintained,
    }[metric.name]


def _counts(desktop: Desktop, seen: Evidence, metric: Metric) -> tuple[float, ...]:
    happened: Counter[int] = Counter()
    for session in seen.sessions:
        failed = Draws(desktop.worker.seed, "failed", desktop.id, session.start).chance(_FAILURES)
        number = {
            "ConnectionAttempt": 1 + failed,
            "ConnectionSuccess": 1,
            "ConnectionFailure": int(failed),
            "SessionDisconnect": 1,
        }[metric.name]
        at = session.end - 1 if metric.name == "SessionDisconnect" else session.start
        happened[at // SLOT - seen.first] += number
    return tuple(float(happened[slot]) for slot in range(seen.length))


def _gauge(desktop: Desktop, seen: Evidence, metric: Metric) -> list[float]:
    if metric.name == "UpTime":
        return _up_time(seen)
    nature = _nature(desktop.worker.seed, desktop.id, metric.name)
    noise = _noise(desktop, metric.name, seen.first, seen.length)
    if metric.name in {"RootVolumeDiskUsage", "UserVolumeDiskUsage"}:
        step = nature.growth * SLOT / 86_400
        slots = range(seen.first - _CALENDAR_SLOT, seen.first - _CALENDAR_SLOT + seen.length)
        return [min(99.0, round(nature.base + slot * step, 2)) for slot in slots]
    idle, busy, top = nature.base, nature.base + nature.load, nature.top
    connected = as_text(seen.connected, seen.length)
    return [
        round(min(top, (busy if on == "1" else idle) * (0.7 + level / 425)), 1)
        for on, level in zip(connected, noise, strict=True)
    ]


def _up_time(seen: Evidence) -> list[float]:
    """Seconds since the desktop came up, at the end of the slot; all come up once a week."""
    ends = range((seen.first + 1) * SLOT, (seen.first + seen.length + 1) * SLOT, SLOT)
    ups = []
    for end in ends:
        index = bisect_right(seen.boots, end - 1) - 1
        known = index >= 0 and end - seen.boots[index] <= LONGEST
        ups.append(float(end - seen.boots[index] if known else end % _WEEK or _WEEK))
    return ups


@dataclass(frozen=True, slots=True)
class _Nature:
    """What a gauge of one desktop is like, in the gauge's unit."""

    base: float
    load: float
    """How much more it is while somebody is connected."""
    top: float
    growth: float
    """A day, for disks."""


_RANGES: dict[str, tuple[tuple[float, float], tuple[float, float], float]] = {
    "SessionLaunchTime": ((14, 60), (0, 0), 600),
    "InSessionLatency": ((12, 90), (0, 0), 2000),
    "UDPPacketLossRate": ((0, 0.4), (0, 0), 100),
    "CPUUsage": ((3, 9), (8, 70), 100),
    "MemoryUsage": ((28, 60), (4, 35), 100),
    "RootVolumeDiskUsage": ((38, 90), (0, 0), 100),
    "UserVolumeDiskUsage": ((5, 80), (0, 0), 100),
    "GPUUsage": ((0, 4), (10, 80), 100),
}
_POOR = 0.05
"""Share of desktops whose launch, latency or loss is several times as bad."""


@lru_cache(maxsize=65_536)
def _nature(seed: int, identity: str, metric: str) -> _Nature:
    draws = Draws(seed, "gauge", identity, metric)
    (low, high), (least, most), top = _RANGES[metric]
    base = low + (high - low) * draws.unit()
    load = least + (most - least) * draws.unit()
    growth = 0.02 * draws.unit() * draws.unit()
    if draws.chance(_POOR) and not most:
        base *= 1 if metric.endswith("DiskUsage") else 5
    return _Nature(base, load, top, growth)


def _noise(desktop: Desktop, metric: str, first: int, length: int) -> bytes:
    """A byte for each slot, drawn a week at a time."""
    weeks = range(first // WEEK_SLOTS, (first + max(length, 1) - 1) // WEEK_SLOTS + 1)
    drawn = b"".join(
        hashlib.shake_128(
            f"{desktop.worker.seed}\x1fnoise\x1f{desktop.id}\x1f{metric}\x1f{week}".encode()
        ).digest(WEEK_SLOTS)
        for week in weeks
    )
    begin = first - weeks[0] * WEEK_SLOTS
    return drawn[begin : begin + length]
