"""What makes a desktop run, or stop, without its user: administrators and maintenance.

In: a desktop and an interval. Out: the deterministic `Intervention`s that begin in it. They are
only what was tried: whether one has an effect depends on what the desktop does then, which
`running` decides. Instants are UTC seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws

DAY = 86_400
_STARTED_IN_A_MONTH = 0.12
_STOPPED_IN_A_MONTH = 0.12

Kind = Literal["start", "stop", "maintenance"]


@dataclass(frozen=True, slots=True)
class Intervention:
    """At an instant, somebody other than the user starts, stops or maintains the desktop."""

    at: int
    kind: Kind
    seconds: int = 0
    """How long a maintenance takes; a start lasts the desktop's timeout."""


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """What a calendar month (UTC) brings for one desktop."""

    maintenance: Intervention
    start: Intervention | None
    stop_day: int | None
    """Days since 1970: after that day's last session an administrator stops the desktop."""
    stop_share: float
    """How much of the timeout has passed when it is stopped."""


def drawn_interventions(desktop: Desktop, start: int, end: int) -> Iterator[Intervention]:
    """Administrators' starts and AWS's maintenance that begin in [start, end)."""
    month = _utc_day(start - DAY).replace(day=1)
    while month <= _utc_day(end + DAY):
        plan = plan_of(desktop, month)
        for one in (plan.maintenance, plan.start):
            if one is not None and start <= one.at < end:
                yield one
        month = (month + timedelta(days=32)).replace(day=1)


def stopped_at(desktop: Desktop, session_end: int, linger: int) -> int | None:
    """When an administrator stopped a desktop that only waited for its timeout; mostly never."""
    plan = plan_of(desktop, _utc_day(session_end).replace(day=1))
    if plan.stop_day != session_end // DAY:
        return None
    return session_end + int(linger * plan.stop_share)


def plan_of(desktop: Desktop, month: date) -> MonthPlan:
    """The plan of the month that begins on this day."""
    return _plan(desktop.worker.seed, desktop.id, desktop.worker.zone, month)


@lru_cache(maxsize=65_536)
def _plan(seed: int, identity: str, zone: str, month: date) -> MonthPlan:
    """Maintenance is in one night of the two weeks from the third Monday, 00-05 local time."""
    draws = Draws(seed, "interventions", identity, month.toordinal())
    third_monday = month + timedelta(days=(7 - month.weekday()) % 7 + 14)
    night = third_monday + timedelta(days=draws.below(12))
    local = datetime.combine(night, time.min, ZoneInfo(zone))
    at = int(local.timestamp()) + draws.between(0, 4 * 3600)
    maintenance = Intervention(at, "maintenance", draws.between(20, 55) * 60)
    since = int(datetime(month.year, month.month, 1, tzinfo=UTC).timestamp())
    begun = since + draws.below(28 * DAY)
    started = draws.chance(_STARTED_IN_A_MONTH)
    stop_day = since // DAY + draws.below(27)
    stopped = draws.chance(_STOPPED_IN_A_MONTH)
    return MonthPlan(
        maintenance=maintenance,
        start=Intervention(begun, "start") if started else None,
        stop_day=stop_day if stopped else None,
        stop_share=0.25 + draws.unit() / 2,
    )


def _utc_day(instant: int) -> date:
    return datetime.fromtimestamp(instant, UTC).date()
