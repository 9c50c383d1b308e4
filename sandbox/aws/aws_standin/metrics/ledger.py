"""The points of health as JSON lines of the ledger: every one, whether it has arrived or not.

In: sites and an interval. Out: a line for each desktop, metric and UTC day with points, with their
slots and values. Flags are told by other lines: `connected`, `running`, `maintenance`, `gaps`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import compress

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.evidence import evidence
from aws_standin.fleet.ledger import iso, json_line
from aws_standin.fleet.slots import SLOT, as_text
from aws_standin.fleet.store import SiteFleet
from aws_standin.metrics.arrival import DAY
from aws_standin.metrics.catalogue import METRICS, Metric
from aws_standin.metrics.series import Series, series

_SLOTS = DAY // SLOT
_TRUTH = bytes.maketrans(b"01", bytes((0, 1)))


def measurement_lines(fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """Points of the whole UTC days that the interval touches."""
    first, last = start // DAY, -(-end // DAY)
    for fleet in fleets:
        for desktop in fleet.desktops():
            seen = evidence(fleet, desktop, first * _SLOTS, (last - first) * _SLOTS)
            for metric in METRICS:
                if metric.kind != "flag":
                    found = series(desktop, seen, metric, "stopped")
                    yield from _of_days(desktop, metric, found, (first, last))


def _of_days(
    desktop: Desktop, metric: Metric, found: Series, between: tuple[int, int]
) -> Iterator[str]:
    first, last = between
    text = as_text(found.present, (last - first) * _SLOTS)
    for day in range(first, last):
        begin = (day - first) * _SLOTS
        slots = text[begin : begin + _SLOTS]
        here = slots.encode().translate(_TRUTH)
        if values := list(compress(found.values[begin : begin + _SLOTS], here)):
            line = {
                "type": "measurement",
                "account": desktop.account,
                "region": desktop.region,
                "workspaceId": desktop.id,
                "metric": metric.name,
                "day": iso(day * DAY)[:10],
                "slots": f"{int(slots, 2):072x}",
                "values": values,
            }
            yield json_line(line)
