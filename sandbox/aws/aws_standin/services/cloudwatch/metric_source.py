"""Where a query's points come from: one desktop, or a flag summed over a directory.

In: a fleet, what has arrived by an instant, a query. Out: its points. Metrics, dimensions and
desktops that do not exist have none, as in CloudWatch, which knows only what was published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Generic, TypeVar

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.evidence import Evidence, evidence
from aws_standin.fleet.presence import Presence
from aws_standin.fleet.slots import SLOT, all_slots, as_text, before
from aws_standin.fleet.store import SiteFleet
from aws_standin.metrics.arrival import Arrival
from aws_standin.metrics.catalogue import BY_NAME, NAMESPACE, Metric
from aws_standin.metrics.series import Series, present_in, series
from aws_standin.metrics.statistics import (
    Periods,
    Points,
    Samples,
    is_by_slot,
    of_samples,
    points,
    samples,
    summed_points,
)
from aws_standin.services.cloudwatch.queries import Query

_LANE = 16
"""Bits for each slot when flags of up to 65,535 desktops are added up in one number."""


K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class Latest(Generic[K, V]):
    """The value that was reckoned last: who asks about a thing asks several things about it."""

    _key: K | None = None
    _value: V | None = None

    def get(self, key: K) -> V | None:
        """The value of a key, if it is the latest."""
        return self._value if key == self._key else None

    def keep(self, key: K, value: V) -> None:
        """Keep a value in place of the one before."""
        self._key, self._value = key, value


@dataclass(frozen=True, slots=True)
class MetricSource:
    """Points of a fleet, as they can be read at an instant; made for one request."""

    fleet: SiteFleet
    arrival: Arrival
    presence: Presence
    now: int
    _samples: Latest[tuple[str, str, Periods, int], Samples] = field(default_factory=Latest)
    _evidence: Latest[tuple[str, Periods, int], tuple[Evidence, int]] = field(
        default_factory=Latest
    )

    def points(self, query: Query, periods: Periods, oldest: int) -> Points:
        """A query's points, from an instant on, oldest first."""
        metric = BY_NAME.get(query.metric)
        if metric is None or query.namespace != NAMESPACE or query.unit not in {None, metric.unit}:
            return [], []
        match query.dimensions:
            case (("WorkspaceId", identity),):
                desktop = self.fleet.find(identity)
                if desktop is not None:
                    found = self._of_desktop(desktop, metric, query.statistic, periods, oldest)
                    return self._spoilt(identity, found)
            case (("DirectoryId", identity),) if metric.kind == "flag":
                return self._summed(identity, metric, periods, query.statistic, oldest)
        return [], []

    def _of_desktop(
        self, desktop: Desktop, metric: Metric, statistic: str, periods: Periods, oldest: int
    ) -> Points:
        if metric.kind == "flag" or is_by_slot(periods, statistic):
            return points(self._series(desktop, metric, periods, oldest), periods, statistic)
        key = (desktop.id, metric.name, periods, oldest)
        found = self._samples.get(key)
        if found is None:
            found = samples(self._series(desktop, metric, periods, oldest), periods)
            self._samples.keep(key, found)
        return of_samples(found, statistic)

    def _spoilt(self, desktop_id: str, found: Points) -> Points:
        """The points, some of which a control rule may make no number."""
        if not self.arrival.nan_share:
            return found
        times, values = found
        is_nan = self.arrival.is_nan
        return times, [
            nan if is_nan(desktop_id, time) else value
            for time, value in zip(times, values, strict=True)
        ]

    def published(
        self, desktop: Desktop, metrics: Sequence[Metric], since: int
    ) -> Iterator[Metric]:
        """Those of the metrics that have a point that has arrived, from an instant on."""
        periods = Periods.of(since, self.now, SLOT)
        seen = evidence(self.fleet, desktop, periods.first, periods.length)
        visible = self._visible(desktop, periods, since)
        for metric in metrics:
            present = present_in(desktop, seen, metric, self.presence.metrics_while_stopped)
            if present & visible:
                yield metric

    def _series(self, desktop: Desktop, metric: Metric, periods: Periods, oldest: int) -> Series:
        key = (desktop.id, periods, oldest)
        known = self._evidence.get(key)
        if known is None:
            seen = evidence(self.fleet, desktop, periods.first, periods.length)
            known = seen, self._visible(desktop, periods, oldest)
            self._evidence.keep(key, known)
        seen, visible = known
        found = series(desktop, seen, metric, self.presence.metrics_while_stopped)
        ones = None if found.ones is None else found.ones & visible
        return Series(found.present & visible, ones, found.values)

    def _visible(self, desktop: Desktop, periods: Periods, oldest: int) -> int:
        first, length = periods.first, periods.length
        kept = all_slots(length) ^ before(oldest + SLOT - 1, first, length)
        return kept & self.arrival.readable(desktop.id, self.now, first, length)

    def _summed(
        self, directory: str, metric: Metric, periods: Periods, statistic: str, oldest: int
    ) -> Points:
        present = ones = 0
        for desktop in self.fleet.desktops():
            if desktop.directory.id == directory:
                found = self._series(desktop, metric, periods, oldest)
                present += _lanes(found.present, periods.length)
                ones += _lanes(found.ones or 0, periods.length)
        return summed_points(
            _counts(present, periods.length), _counts(ones, periods.length), periods, statistic
        )


def _lanes(bits: int, length: int) -> int:
    """The map with `_LANE` bits for each slot, so that maps can be added."""
    digits = as_text(bits, length).replace("1", "x").replace("0", "0000").replace("x", "0001")
    return int(digits or "0", 16)


def _counts(lanes: int, length: int) -> list[int]:
    raw = lanes.to_bytes(length * 2, "big")
    return [raw[at] << 8 | raw[at + 1] for at in range(0, len(raw), 2)]
