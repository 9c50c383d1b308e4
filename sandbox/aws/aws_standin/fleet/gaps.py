"""Where a desktop cannot report: no datapoint there, whatever the user does.

A desktop sends its metrics through us-east-1; a firewall in between silences it, for hours, for
days, or for good. In: a desktop and an interval. Out: `Gap`s in whole slots. A desktop that was
never provisioned well does not report either. "No datapoint" then differs from "nobody there".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.slots import SLOT

Reason = Literal["network", "state"]

SILENT_STATES = frozenset({"PENDING", "ERROR", "SUSPENDED"})
"""Lasting states in which nothing is ever reported."""
NEVER_REACHES = 0.006
"""Share of desktops that the firewall silences for good."""

_BLOCK = 28 * 86_400
_LONG, _SHORT = 0.03, 0.07
"""Probabilities, in a block of 28 days, of a gap of days and of one of hours."""
_DAY_SLOTS = 86_400 // SLOT
_ALWAYS = (0, 1 << 40)


@dataclass(frozen=True, slots=True)
class Gap:
    """[start, end) without datapoints, UTC seconds."""

    start: int
    end: int
    reason: Reason


def gaps_between(desktop: Desktop, start: int, end: int) -> Iterator[Gap]:
    """Gaps that overlap [start, end), clipped to it; they may overlap each other."""
    if desktop.abnormal_state in SILENT_STATES:
        yield Gap(start, end, "state")
        return
    for block in range(start // _BLOCK - 1, end // _BLOCK + 1):
        for begin, finish in _drawn(desktop.worker.seed, desktop.id, block):
            if begin < end and finish > start:
                yield Gap(max(begin, start), min(finish, end), "network")


@lru_cache(maxsize=65_536)
def _drawn(seed: int, identity: str, block: int) -> tuple[tuple[int, int], ...]:
    """A block's gaps, which may reach into the next one."""
    if Draws(seed, "silent", identity).chance(NEVER_REACHES):
        return (_ALWAYS,)
    draws = Draws(seed, "gaps", identity, block)
    gaps = []
    for probability, longest in ((_LONG, 12 * _DAY_SLOTS), (_SHORT, _DAY_SLOTS // 3)):
        begin = block * _BLOCK + draws.below(_BLOCK // SLOT) * SLOT
        length = draws.between(longest // 12, longest) * SLOT
        if draws.chance(probability):
            gaps.append((begin, begin + length))
    return tuple(gaps)
