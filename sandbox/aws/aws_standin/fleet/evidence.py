"""What can be seen of a desktop's use: maps of slots, and the instants within them.

In: a fleet, a desktop, a range of slots. Out: its `Evidence`: which slots a session, a stretch of
running or a maintenance window touched, and in which ones the desktop could report. It follows from
the ground truth alone, is computed for a week at a time, and kept in a bounded cache that every
change of the fleet empties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from weakref import WeakKeyDictionary

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.gaps import gaps_between
from aws_standin.fleet.lifecycle import Running
from aws_standin.fleet.maintenance import maintenance_between
from aws_standin.fleet.provisioning import created_at
from aws_standin.fleet.running import LONGEST
from aws_standin.fleet.sessions import Session, sessions_between
from aws_standin.fleet.slots import SLOT, all_slots, slots_touched
from aws_standin.fleet.store import SiteFleet

WEEK_SLOTS = 7 * 86_400 // SLOT
_KEPT_WEEKS = 65_536


@dataclass(frozen=True, slots=True)
class Evidence:
    """A desktop's range of slots; the maps are as `slots` describes them."""

    first: int
    length: int
    connected: int
    """Touched by a session."""
    running: int
    """Touched by running: the desktop was on at least for a part of it."""
    maintenance: int
    observed: int
    """The desktop, if it runs, can report."""
    exists: int
    """The desktop has been created."""
    sessions: tuple[Session, ...]
    """Those that overlap the range."""
    boots: tuple[int, ...]
    """UTC seconds at which the desktop came up, the last one before the range included."""


def evidence(fleet: SiteFleet, desktop: Desktop, first: int, length: int) -> Evidence:
    """The evidence of these slots."""
    last = first + max(length, 1) - 1
    weeks = [
        _week(fleet, desktop, week) for week in range(first // WEEK_SLOTS, last // WEEK_SLOTS + 1)
    ]
    begin, end = first * SLOT, (first + length) * SLOT
    joined = {session.start: session for week in weeks for session in week.sessions}

    def cut(name: str) -> int:
        bits = 0
        for week in weeks:
            bits = bits << WEEK_SLOTS | int(getattr(week, name))
        spare = weeks[-1].first + WEEK_SLOTS - (first + length)
        return bits >> spare & all_slots(length)

    return Evidence(
        first,
        length,
        connected=cut("connected"),
        running=cut("running"),
        maintenance=cut("maintenance"),
        observed=cut("observed"),
        exists=cut("exists"),
        sessions=tuple(s for s in joined.values() if s.start < end and s.end > begin),
        boots=tuple(sorted(set(chain.from_iterable(week.boots for week in weeks)))),
    )


def maintenance_of(
    fleet: SiteFleet, desktop: Desktop, start: int, end: int
) -> Iterator[tuple[int, int]]:
    """Spans of [start, end) in which the desktop runs and is maintained, in order."""
    yield from _maintained(fleet, desktop, fleet.runs(desktop, start, end), start, end)


def _maintained(
    fleet: SiteFleet, desktop: Desktop, runs: Iterable[Running], start: int, end: int
) -> Iterator[tuple[int, int]]:
    for begin, finish in maintenance_between(desktop, fleet.switches(desktop), start, end):
        for run in runs:
            low, high = max(begin, run.start, start), min(finish, run.end, end)
            if low < high:
                yield low, high


@dataclass(slots=True)
class _Cache:
    revision: int
    weeks: dict[tuple[str, int], Evidence]


_CACHES: WeakKeyDictionary[SiteFleet, _Cache] = WeakKeyDictionary()


def _week(fleet: SiteFleet, desktop: Desktop, week: int) -> Evidence:
    revision = fleet.revision
    cache = _CACHES.get(fleet)
    if cache is None or cache.revision != revision or len(cache.weeks) >= _KEPT_WEEKS:
        cache = _CACHES[fleet] = _Cache(revision, {})
    key = (desktop.id, week)
    found = cache.weeks.get(key)
    if found is None:
        found = cache.weeks[key] = _computed(fleet, desktop, week * WEEK_SLOTS)
    return found


def _computed(fleet: SiteFleet, desktop: Desktop, first: int) -> Evidence:
    start, end = first * SLOT, (first + WEEK_SLOTS) * SLOT
    created = created_at(desktop) or 0
    sessions = tuple(sessions_between(desktop.worker, start, end))
    running = fleet.runs(desktop, start, end)
    runs = [(max(run.start, created), run.end) for run in running if run.end > created]
    before = start - LONGEST  # so that the last window before the week is among them
    windows = list(_maintained(fleet, desktop, running, before, end))
    gaps = [(gap.start, gap.end) for gap in gaps_between(desktop, start, end)]
    boots = {begin for begin, _ in runs if begin > start - LONGEST} | {to for _, to in windows}
    return Evidence(
        first,
        WEEK_SLOTS,
        connected=slots_touched(((s.start, s.end) for s in sessions), first, WEEK_SLOTS),
        running=slots_touched(runs, first, WEEK_SLOTS),
        maintenance=slots_touched(windows, first, WEEK_SLOTS),
        observed=all_slots(WEEK_SLOTS) ^ slots_touched(gaps, first, WEEK_SLOTS),
        exists=slots_touched([(created, end)], first, WEEK_SLOTS),
        sessions=sessions,
        boots=tuple(sorted(boots)),
    )
