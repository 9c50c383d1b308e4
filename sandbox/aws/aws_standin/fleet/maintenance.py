"""Maintenance windows, as AWS keeps them for each running mode.

ALWAYS_ON: every Sunday from 00 to 04 in the desktop's zone. AUTO_STOP: one night in the two weeks
from the third Monday of a month, between 00 and 05; the desktop is started for it and billed, which
`running` sees to. MANUAL: none. In: a desktop, its switches of mode, an interval. Out: spans
[start, end) in UTC seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.interventions import DAY, drawn_interventions
from aws_standin.fleet.mode_history import Regime, Switch, regimes

HOURS = 4
"""Length of the window of desktops that always run."""
_SUNDAY = 6


def maintenance_between(
    desktop: Desktop, switches: Sequence[Switch], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """Windows that overlap [start, end), unclipped, in order."""
    for regime in regimes(desktop, switches, start - DAY, end + DAY):
        for begin, finish in _of_regime(desktop, regime):
            if begin < end and finish > start:
                yield begin, finish


def _of_regime(desktop: Desktop, regime: Regime) -> Iterator[tuple[int, int]]:
    if regime.mode == "AUTO_STOP":
        for one in drawn_interventions(desktop, regime.start, regime.end):
            if one.kind == "maintenance":
                yield one.at, one.at + one.seconds
    elif regime.mode == "ALWAYS_ON":
        yield from _sundays(desktop.worker.zone, regime.start, regime.end)


def _sundays(zone: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Windows that begin in [start, end)."""
    local = ZoneInfo(zone)
    day = datetime.fromtimestamp(start, local).date()
    day += timedelta(days=(_SUNDAY - day.weekday()) % 7)
    while True:
        midnight = datetime(day.year, day.month, day.day, tzinfo=local)
        begin = int(midnight.astimezone(UTC).timestamp())
        if begin >= end:
            return
        if begin >= start:
            yield begin, begin + HOURS * 3600
        day += timedelta(days=7)
