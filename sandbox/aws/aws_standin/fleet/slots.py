"""Time in slots of five minutes, and sets of slots as whole numbers.

A map of n slots is a number of n bits whose highest bit is the earliest slot, so that maps are cut,
joined, counted and compared in single steps. Slots are numbered from 1970 on, UTC.
"""

from __future__ import annotations

from collections.abc import Iterable

SLOT = 300
"""Seconds: what CloudWatch keeps of WorkSpaces' metrics, one point each."""


def slots_touched(spans: Iterable[tuple[int, int]], first: int, length: int) -> int:
    """The map of slots that any of these [start, end) spans of seconds touches."""
    bits = 0
    for start, end in spans:
        begin = max(start // SLOT, first) - first
        finish = min(-(-end // SLOT), first + length) - first
        if start < end and begin < finish:
            bits |= ((1 << (finish - begin)) - 1) << (length - finish)
    return bits


def all_slots(length: int) -> int:
    """The map that holds every slot."""
    return (1 << length) - 1


def before(instant: int, first: int, length: int) -> int:
    """The map of slots that end at this instant or sooner."""
    count = min(max(instant // SLOT - first, 0), length)
    return all_slots(count) << (length - count)


def as_text(bits: int, length: int) -> str:
    """A `0` or `1` for each slot, earliest first."""
    return format(bits, f"0{length}b") if length else ""


def spans(bits: int, first: int, length: int) -> Iterable[tuple[int, int]]:
    """The map's stretches as [start, end) in seconds, in order."""
    text = as_text(bits, length)
    at = text.find("1")
    while at >= 0:
        end = text.find("0", at)
        end = length if end < 0 else end
        yield (first + at) * SLOT, (first + end) * SLOT
        at = text.find("1", end)
