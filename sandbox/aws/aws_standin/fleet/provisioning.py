"""When desktops came and went: the tenure of each, also of those that no listing shows any more.

In: a site's fleet. Out: `Tenure`s. Desktops of people hired up to `HISTORY_ENDS` were made some
days before, in the place of a predecessor that was terminated; all others are older than the
fleet's calendar. So listings, audit trail and bills agree for every clock from `HISTORY_ENDS` on.
An image pipeline makes a desktop now and then, tries it and terminates it within hours; these
trials are on the trail and on the bill, and too short-lived for any listing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from aws_standin.fleet.bundles import Bundle
from aws_standin.fleet.desktops import CALENDAR_START, Desktop, desktop_at
from aws_standin.fleet.directories import Directory
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.spec import Site

DAY = 86_400
HISTORY_ENDS = date(2026, 3, 1)
_PREDECESSORS = 10_000_000
_TRIALS = 20_000_000
"""Indexes of desktops that are not in the listing begin here."""
_TRIALS_A_DAY = 0.08

Reason = Literal["seat", "predecessor", "trial", "call"]


@dataclass(frozen=True, slots=True)
class Tenure:
    """A desktop from its creation to its termination, UTC seconds.

    None: it is older than the fleet's calendar, or exists still.
    """

    desktop: Desktop
    created: int | None
    terminated: int | None
    reason: Reason
    """Why it is told of: it has a seat, or had one before another, or was a trial, or was
    terminated by an API call."""


def created_at(desktop: Desktop) -> int | None:
    """When the desktop was made; None if before the calendar."""
    hired = desktop.worker.hired_on
    if not CALENDAR_START < hired <= HISTORY_ENDS:
        return None
    draws = Draws(desktop.worker.seed, "created", desktop.id)
    return _working_hours(draws, hired - timedelta(days=draws.between(1, 4)))


@dataclass(frozen=True, slots=True)
class Past:
    """Makes the desktops of a site that no listing shows."""

    site: Site
    directories: tuple[Directory, ...]
    bundles: tuple[Bundle, ...]

    def predecessor(self, successor: Desktop) -> Tenure | None:
        """Who had the seat before, if it was taken over within the calendar."""
        created = created_at(successor)
        if created is None:
            return None
        desktop = self._make(_PREDECESSORS + successor.index)
        draws = Draws(self.site.seed, "predecessor", desktop.id)
        terminated = created - draws.between(1, 20) * DAY - draws.below(3 * 3600)
        start = datetime(CALENDAR_START.year, 1, 1, tzinfo=UTC).timestamp()
        return Tenure(desktop, None, max(terminated, int(start) + DAY), "predecessor")

    def trials(self, start: int, end: int) -> Iterator[Tenure]:
        """The pipeline's desktops that were made in [start, end)."""
        if not self.directories:
            return
        for day in range(start // DAY, -(-end // DAY)):
            draws = Draws(self.site.seed, "trial", self.site.account, self.site.region, day)
            if not draws.chance(_TRIALS_A_DAY):
                continue
            created = day * DAY + draws.between(8 * 3600, 15 * 3600)
            terminated = created + draws.between(3600, 4 * 3600)
            if start <= created < end:
                yield Tenure(self._make(_TRIALS + day), created, terminated, "trial")

    def _make(self, index: int) -> Desktop:
        return desktop_at(self.site, self.directories, self.bundles, index)


def _working_hours(draws: Draws, day: date) -> int:
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    return midnight + draws.between(7 * 3600, 15 * 3600)
