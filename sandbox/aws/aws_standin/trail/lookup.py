"""The trail of one account and region in order of time: what LookupEvents and the ledger tell.

In: a world's fleets and journal. Out: events, newest first. Drawn events are made a month at a
time and kept for as long as the fleet stays the same.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from heapq import merge

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.store import SiteFleet
from aws_standin.trail.consequences import Explainer
from aws_standin.trail.event import TrailEvent
from aws_standin.trail.journal import Journal
from aws_standin.trail.people import Cast
from aws_standin.trail.routine import DAY, Routine
from aws_standin.trail.rules import TrailRules

_KEPT_MONTHS = 96


@dataclass(slots=True)
class Trail:
    """Everything that happened, as far as it is on a trail."""

    journal: Journal = field(default_factory=Journal)
    rules: TrailRules = field(default_factory=TrailRules)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _months: dict[tuple[int, date], tuple[SiteFleet, list[TrailEvent]]] = field(
        default_factory=dict
    )

    def set_rules(self, rules: TrailRules) -> None:
        """Replace the rules; they hold for the past as well."""
        with self._lock:
            self.rules = rules
            self._months = {}

    def newest_first(self, fleet: SiteFleet, first: int, last: int) -> Iterator[TrailEvent]:
        """Events at instants from the first to the last one, both included."""
        site, between = fleet.site, (first, last)
        calls = self.journal.newest_first(
            site.account, site.region, between, reads=self.rules.own_reads
        )
        return merge(self._drawn_between(fleet, between), *calls, key=_key, reverse=True)

    def _drawn_between(self, fleet: SiteFleet, between: tuple[int, int]) -> Iterator[TrailEvent]:
        first, last = between
        month = _month(last)
        while True:
            events = self._drawn(fleet, month)
            begin = bisect_left(events, f"{first:012d}", key=_key)
            end = bisect_left(events, f"{last + 1:012d}", key=_key)
            yield from (events[at] for at in range(end - 1, begin - 1, -1))
            if _instants(month)[0] <= first:
                return
            month = (month - timedelta(days=1)).replace(day=1)

    def _drawn(self, fleet: SiteFleet, month: date) -> list[TrailEvent]:
        key = (id(fleet), month)
        with self._lock:
            kept = self._months.get(key)
            # The fleet is kept beside its events: an id is only unique among living objects.
            if kept is not None and kept[0] is fleet:
                return kept[1]
            if len(self._months) >= _KEPT_MONTHS:
                self._months.pop(next(iter(self._months)))
            events = sorted(_draw(fleet, month, self.rules), key=_key)
            self._months[key] = (fleet, events)
            return events


def _draw(fleet: SiteFleet, month: date, rules: TrailRules) -> Iterator[TrailEvent]:
    site = fleet.site
    cast = Cast(site.seed, site.account)
    start, end = _instants(month)
    routine = Routine(fleet, cast)
    events = [
        *Explainer(fleet, cast).of_month(month),
        *(one for day in range(start // DAY, end // DAY) for one in routine.of_day(day, rules)),
    ]
    for event in events:
        cut = Draws("malformed", event.id).chance(rules.malformed_share)
        yield replace(event, malformed=True) if cut else event


def _key(event: TrailEvent) -> str:
    return event.key


def _month(instant: int) -> date:
    return datetime.fromtimestamp(instant, UTC).date().replace(day=1)


def _instants(month: date) -> tuple[int, int]:
    following = (month + timedelta(days=32)).replace(day=1)
    start, end = (
        datetime(day.year, day.month, 1, tzinfo=UTC).timestamp() for day in (month, following)
    )
    return int(start), int(end)
