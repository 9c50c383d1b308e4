"""The values of gauges: load, disks, latency, time since the desktop came up.

In: a desktop's `Evidence` and a metric. Out: a value for every slot of the range. A value follows
from (seed, desktop, metric, slot) alone. Ranges are of months and asked for by the thousand, so
values are not reckoned slot by slot: a byte of noise can give 256 values only, disks never shrink,
and time passes evenly. `tests/test_gauges.py` holds them to the formula of a single slot.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.evidence import WEEK_SLOTS, Evidence
from aws_standin.fleet.running import LONGEST
from aws_standin.fleet.slots import SLOT, spans

_CALENDAR_SLOT = 1_735_689_600 // SLOT
"""Disks grow from the beginning of 2025 on."""
_DAY = 86_400
_WEEK = WEEK_SLOTS * SLOT
_DISKS = frozenset({"RootVolumeDiskUsage", "UserVolumeDiskUsage"})
_FULL = 99.0
"""Percent that no disk goes beyond."""


def gauge(desktop: Desktop, seen: Evidence, metric: str) -> list[float]:
    """A value for every slot of the evidence."""
    if metric == "UpTime":
        return _up_time(seen)
    if metric in _DISKS:
        return _disk(nature(desktop.worker.seed, desktop.id, metric), seen.first, seen.length)
    return _load(desktop, seen, metric)


def _load(desktop: Desktop, seen: Evidence, metric: str) -> list[float]:
    levels = noise(desktop, metric, seen.first, seen.length)
    idle, busy = _by_level(nature(desktop.worker.seed, desktop.id, metric))
    values = list(map(idle.__getitem__, levels))
    for start, end in spans(seen.connected, seen.first, seen.length):
        begin, stop = start // SLOT - seen.first, end // SLOT - seen.first
        values[begin:stop] = map(busy.__getitem__, levels[begin:stop])
    return values


def _disk(of: Nature, first: int, length: int) -> list[float]:
    """Stretches of one value each, found by halving: what grows and is rounded never falls."""
    end = first + length
    values: list[float] = []
    slot = first
    while slot < end:
        value = disk_used(of, slot)
        following = bisect_right(range(slot, end), value, key=lambda at: disk_used(of, at)) + slot
        values += [value] * (following - slot)
        slot = following
    return values


def disk_used(of: Nature, slot: int) -> float:
    """Percent of a disk that are used in a slot."""
    step = of.growth * SLOT / _DAY
    return min(_FULL, round(of.base + (slot - _CALENDAR_SLOT) * step, 2))


def _up_time(seen: Evidence) -> list[float]:
    """Seconds since the desktop came up, at the end of the slot; all come up once a week."""
    first, end = (seen.first + 1) * SLOT, (seen.first + seen.length + 1) * SLOT
    values: list[float] = []
    at = first
    for boot, following in pairwise((*seen.boots, end)):
        # An end at which a desktop comes up belongs to the time before.
        begin = max(at, (boot // SLOT + 1) * SLOT)
        last = min(following, boot + LONGEST, end - SLOT)
        if begin <= last:
            values += _since_week(at, begin)
            values += map(float, range(begin - boot, last - boot + 1, SLOT))
            at = first + len(values) * SLOT
    return [*values, *_since_week(at, end)]


def _since_week(start: int, end: int) -> Iterator[float]:
    for at in range(start, end, SLOT):
        yield float(at % _WEEK or _WEEK)


@dataclass(frozen=True, slots=True)
class Nature:
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
def nature(seed: int, identity: str, metric: str) -> Nature:
    """What the gauge of a desktop is like."""
    draws = Draws(seed, "gauge", identity, metric)
    (low, high), (least, most), top = _RANGES[metric]
    base = low + (high - low) * draws.unit()
    load = least + (most - least) * draws.unit()
    growth = 0.02 * draws.unit() * draws.unit()
    if draws.chance(_POOR) and not most:
        base *= 1 if metric.endswith("DiskUsage") else 5
    return Nature(base, load, top, growth)


def load_at(of: Nature, level: int, *, connected: bool) -> float:
    """The value of a gauge of load at a level of noise, 0 to 255."""
    about = of.base + of.load if connected else of.base
    return round(min(of.top, about * (0.7 + level / 425)), 1)


def _by_level(of: Nature) -> tuple[list[float], list[float]]:
    """The values at all levels of noise: nobody connected, and somebody."""
    idle, busy = (
        [load_at(of, level, connected=connected) for level in range(256)]
        for connected in (False, True)
    )
    return idle, busy


def noise(desktop: Desktop, metric: str, first: int, length: int) -> bytes:
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
