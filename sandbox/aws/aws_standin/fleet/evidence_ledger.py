"""The ledger of what can be seen of use: connected, maintained, silent, as JSON lines.

In: sites and an interval. Out: stretches in it, clipped. `connected` is in whole slots, as the
metric says it where desktop and network let it; `maintenance` and `gaps` are what the other slots
are explained by. `gaps` carry a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from aws_standin.fleet.evidence import evidence, maintenance_of
from aws_standin.fleet.gaps import gaps_between
from aws_standin.fleet.ledger import interval_line
from aws_standin.fleet.slots import SLOT, spans
from aws_standin.fleet.store import SiteFleet
from aws_standin.metrics.catalogue import BY_NAME
from aws_standin.metrics.series import series


def connected_lines(fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """A line for each stretch of slots whose `UserConnected` is 1."""
    first = start // SLOT
    length = -(-end // SLOT) - first
    for fleet in fleets:
        for desktop in fleet.desktops():
            seen = evidence(fleet, desktop, first, length)
            found = series(desktop, seen, BY_NAME["UserConnected"], "stopped")
            for begin, finish in spans(found.ones or 0, first, length):
                yield interval_line("connected", desktop, begin, finish)


def maintenance_lines(fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """A line for each stretch in which a running desktop is maintained."""
    for fleet in fleets:
        for desktop in fleet.desktops():
            for begin, finish in maintenance_of(fleet, desktop, start, end):
                yield interval_line("maintenance", desktop, begin, finish)


def gap_lines(fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """A line for each stretch in which a desktop cannot report."""
    for fleet in fleets:
        for desktop in fleet.desktops():
            for gap in gaps_between(desktop, start, end):
                yield interval_line("gap", desktop, gap.start, gap.end, reason=gap.reason)


TELLERS: dict[str, Callable[[Iterable[SiteFleet], int, int], Iterator[str]]] = {
    "connected": connected_lines,
    "maintenance": maintenance_lines,
    "gaps": gap_lines,
}
"""By the ledger's type."""
