"""Ground truth of use: the sessions of a desktop, to the second, computed when asked for.

In: a worker (who sits at the desktop) and a local day. Out: the sessions that start in that day's
window, in UTC seconds. Nothing is stored: a day is a function of (seed, desktop id, day) alone.

Laws, each held by a property test: sessions are ordered, at least a minute long and a minute
apart; they lie inside the persona's window, which may end on the next day; no window touches the
next one; a leaver has none from the day of leaving; one who never connects has none at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import fsum
from zoneinfo import ZoneInfo

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.personas import Persona

MIN_SESSION = 60
"""Seconds: no session is shorter, and no break between two sessions is."""

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Session:
    """One connection of a user: [start, end) in UTC seconds since 1970."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Worker:
    """Who uses a desktop: everything that its sessions depend on."""

    seed: int
    workspace_id: str
    persona: Persona
    zone: str
    """IANA time zone in which the persona's window is read."""
    hired_on: date
    """First possible day."""
    left_on: date | None
    """First day without sessions, for a leaver."""
    workdays: frozenset[int]
    """Weekdays this worker comes on; Monday is 0."""
    phase: int
    """Offset, in days, of this worker's rota or season."""


def sessions_on(worker: Worker, day: date) -> tuple[Session, ...]:
    """Sessions whose window opens on this local day, in order."""
    if not _is_employed(worker, day) or not _is_working_day(worker, day):
        return ()
    draws = Draws(worker.seed, "sessions", worker.workspace_id, day.toordinal())
    if not draws.chance(worker.persona.attendance):
        return ()
    opens, closes = worker.persona.window()
    start = _instant(worker.zone, day, opens)
    return tuple(
        Session(start + begin, start + end)
        for begin, end in _spread(draws, worker.persona, closes - opens)
    )


def sessions_between(worker: Worker, start: int, end: int) -> Iterator[Session]:
    """Sessions that overlap [start, end), in order."""
    day = _local_day(worker, start) - _ONE_DAY
    last = _local_day(worker, end)
    while day <= last:
        for session in sessions_on(worker, day):
            if session.start < end and session.end > start:
                yield session
        day += _ONE_DAY


def latest_session(worker: Worker, instant: int) -> Session | None:
    """The session that started last at or before this instant; it may be going on still."""
    if worker.persona.tenure == "never":
        return None
    day = _local_day(worker, instant)
    if worker.left_on is not None:
        day = min(day, worker.left_on)
    while day >= worker.hired_on:
        for session in reversed(sessions_on(worker, day)):
            if session.start <= instant:
                return session
        day -= _ONE_DAY
    return None


def _is_employed(worker: Worker, day: date) -> bool:
    if worker.persona.tenure == "never" or day < worker.hired_on:
        return False
    return worker.left_on is None or day < worker.left_on


def _is_working_day(worker: Worker, day: date) -> bool:
    persona = worker.persona
    if day.weekday() not in worker.workdays:
        return False
    ordinal = day.toordinal() + worker.phase
    if persona.rota and ordinal % sum(persona.rota) >= persona.rota[0]:
        return False
    week = ordinal // 7
    if persona.season and week % sum(persona.season) >= persona.season[0]:
        return False
    if not persona.leave:
        return True
    return not Draws(worker.seed, "leave", worker.workspace_id, week).chance(persona.leave)


def _spread(draws: Draws, persona: Persona, length: int) -> Iterator[tuple[int, int]]:
    """Sessions of one window as offsets in [0, length], apart by at least `MIN_SESSION`."""
    count = draws.between(*persona.sessions)
    low, high = persona.presence
    used = low + (high - low) * draws.unit()
    free = length - 2 * MIN_SESSION * count
    work = [0.15 + draws.unit() for _ in range(count)]
    breaks = [0.05 + draws.unit() for _ in range(count + 1)]
    per_work = free * used / fsum(work)
    per_break = free * (1 - used) / fsum(breaks)
    at = 0
    for index in range(count):
        at += int(breaks[index] * per_break) + (MIN_SESSION if index else 0)
        end = at + MIN_SESSION + int(work[index] * per_work)
        yield at, end
        at = end


def _local_day(worker: Worker, instant: int) -> date:
    return datetime.fromtimestamp(instant, _zone(worker.zone)).date()


@lru_cache(maxsize=65536)
def _instant(zone: str, day: date, seconds: int) -> int:
    """UTC seconds at which a window opens; in a clock-change gap, as if the old offset held."""
    local = datetime.combine(day, time.min, _zone(zone)) + timedelta(seconds=seconds)
    return int(local.astimezone(UTC).timestamp())


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
