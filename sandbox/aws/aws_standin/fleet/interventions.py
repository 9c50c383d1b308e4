"""What makes a desktop run, or stop, without its user: administrators and maintenance.

In: a desktop and an interval. Out: the deterministic `Intervention`s that begin in it. They are
only what was tried: whether one has an effect depends on what the desktop does then, which
`running` decides. Instants are UTC seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws

DAY = 86_400
_STARTED_IN_A_MONTH = 0.12
_STOPPED_AFTER_SESSION = 0.004

Kind = Literal["start", "stop", "maintenance"]


@dataclass(frozen=True, slots=True)
class Intervention:
    """At an instant, somebody other than the user starts, stops or maintains the desktop."""

    at: int
    kind: Kind
    seconds: int = 0
    """How long a maintenance takes; a start lasts the desktop's timeout."""


def drawn_interventions(desktop: Desktop, start: int, end: int) -> Iterator[Intervention]:
    """Administrators' starts and AWS's maintenance that begin in [start, end)."""
    month = _utc_day(start - DAY).replace(day=1)
    while month <= _utc_day(end + DAY):
        for one in _of_month(desktop, month):
            if start <= one.at < end:
                yield one
        month = (month + timedelta(days=32)).replace(day=1)


def stopped_at(desktop: Desktop, session_end: int, linger: int) -> int | None:
    """When an administrator stopped a desktop that only waited for its timeout; mostly never."""
    draws = Draws(desktop.worker.seed, "admin-stop", desktop.id, session_end)
    if not draws.chance(_STOPPED_AFTER_SESSION):
        return None
    return session_end + draws.between(linger // 4, linger * 3 // 4)


def _of_month(desktop: Desktop, month: date) -> Iterator[Intervention]:
    """What begins in a month; maintenance is on one night of the two weeks from the third Monday.

    It comes between midnight and five o'clock of the desktop's own zone, as AWS's does.
    """
    draws = Draws(desktop.worker.seed, "interventions", desktop.id, month.toordinal())
    third_monday = month + timedelta(days=(7 - month.weekday()) % 7 + 14)
    night = third_monday + timedelta(days=draws.below(12))
    local = datetime.combine(night, time.min, ZoneInfo(desktop.worker.zone))
    at = int(local.timestamp()) + draws.between(0, 4 * 3600)
    yield Intervention(at, "maintenance", draws.between(20, 55) * 60)
    if draws.chance(_STARTED_IN_A_MONTH):
        since = int(datetime(month.year, month.month, 1, tzinfo=UTC).timestamp())
        yield Intervention(since + draws.below(28 * DAY), "start")


def _utc_day(instant: int) -> date:
    return datetime.fromtimestamp(instant, UTC).date()
