"""Gauges and daily statistics, held to the formula of a single slot: slow, and obviously right."""

from __future__ import annotations

from bisect import bisect_right
from math import fsum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.evidence import Evidence, evidence
from aws_standin.fleet.presence import Presence
from aws_standin.fleet.running import LONGEST
from aws_standin.fleet.slots import SLOT, as_text
from aws_standin.fleet.spec import Site
from aws_standin.fleet.store import SiteFleet
from aws_standin.metrics.arrival import DAY, Arrival
from aws_standin.metrics.catalogue import BY_NAME, METRICS
from aws_standin.metrics.gauges import disk_used, gauge, load_at, nature, noise
from aws_standin.metrics.series import series
from aws_standin.metrics.statistics import Periods
from aws_standin.services.cloudwatch.metric_source import MetricSource
from aws_standin.services.cloudwatch.queries import Query

FLEET = SiteFleet(Site(7, "111111111111", "eu-central-1", 120, 3))
DESKTOPS = list(FLEET.desktops())
MONDAY = 1772409600
"""2026-03-02 00:00 UTC."""
WEEK = 7 * DAY
GAUGES = [metric.name for metric in METRICS if metric.kind == "gauge"]
STATISTICS = ("Minimum", "Maximum", "Average", "SampleCount", "Sum", "p90")


def slowly(desktop: Desktop, seen: Evidence, metric: str, slot: int) -> float:
    """The value of one slot."""
    if metric == "UpTime":
        end = (slot + 1) * SLOT
        index = bisect_right(seen.boots, end - 1) - 1
        known = index >= 0 and end - seen.boots[index] <= LONGEST
        return float(end - seen.boots[index] if known else end % WEEK or WEEK)
    of = nature(desktop.worker.seed, desktop.id, metric)
    if metric.endswith("DiskUsage"):
        return disk_used(of, slot)
    connected = as_text(seen.connected, seen.length)[slot - seen.first] == "1"
    return load_at(of, noise(desktop, metric, slot, 1)[0], connected=connected)


@given(
    st.sampled_from(DESKTOPS), st.sampled_from(GAUGES), st.integers(-9_000, 9_000),
    st.integers(0, 700),
)  # fmt: skip
@settings(max_examples=120)
def test_stretches_of_values_are_what_single_slots_have(
    desktop: Desktop, metric: str, offset: int, length: int
) -> None:
    first = MONDAY // SLOT + offset
    seen = evidence(FLEET, desktop, first, length)
    expected = [slowly(desktop, seen, metric, slot) for slot in range(first, first + length)]
    assert gauge(desktop, seen, metric) == expected


def test_a_disk_that_grows_to_its_end_stays_there() -> None:
    desktop = next(one for one in DESKTOPS if _disk(one) > 80)
    later = MONDAY // SLOT + 400_000
    seen = evidence(FLEET, desktop, later, 600)
    expected = [slowly(desktop, seen, "RootVolumeDiskUsage", later + at) for at in range(600)]
    assert gauge(desktop, seen, "RootVolumeDiskUsage") == expected


def _disk(desktop: Desktop) -> float:
    return nature(desktop.worker.seed, desktop.id, "RootVolumeDiskUsage").base


@pytest.mark.parametrize("metric", [*GAUGES, "ConnectionAttempt"])
@pytest.mark.parametrize("start", [MONDAY, MONDAY + 60], ids=["on a slot", "between slots"])
def test_statistics_of_days_are_what_their_points_come_to(metric: str, start: int) -> None:
    now = start + 5 * DAY + 40_000
    arrival = Arrival(delay_seconds=300, late_share=0.3)
    source = MetricSource(FLEET, arrival, Presence(), now)
    days = Periods.of(start, start + 6 * DAY, DAY)
    values = 0
    for desktop in DESKTOPS[:40]:
        grouped = _points_by_day(desktop, metric, days, arrival, now)
        for statistic in STATISTICS:
            query = _query(desktop.id, metric, statistic)
            expected = {day: _statistic(statistic, found) for day, found in grouped.items()}
            times, told = source.points(query, days, 0)
            assert dict(zip(times, told, strict=True)) == expected
            values += len(told)
    assert values > 50


def _points_by_day(
    desktop: Desktop, metric: str, days: Periods, arrival: Arrival, now: int
) -> dict[int, list[float]]:
    seen = evidence(FLEET, desktop, days.first, days.length)
    found = series(desktop, seen, BY_NAME[metric], "stopped")
    visible = found.present & arrival.readable(desktop.id, now, days.first, days.length)
    grouped: dict[int, list[float]] = {}
    for at, here in enumerate(as_text(visible, days.length)):
        if here == "1":
            second = (days.first + at) * SLOT
            grouped.setdefault(second - (second - days.start) % DAY, []).append(found.values[at])
    return grouped


def _statistic(name: str, points: list[float]) -> float:
    simple = {
        "Minimum": min(points),
        "Maximum": max(points),
        "Sum": fsum(points),
        "Average": fsum(points) / len(points),
        "SampleCount": float(len(points)),
    }
    if name in simple:
        return simple[name]
    ranked = sorted(points)
    at = 0.9 * (len(ranked) - 1)
    low, high = ranked[int(at)], ranked[min(int(at) + 1, len(ranked) - 1)]
    return low + (high - low) * (at - int(at))


def _query(identity: str, metric: str, statistic: str) -> Query:
    return Query(
        id="q",
        namespace="AWS/WorkSpaces",
        metric=metric,
        dimensions=(("WorkspaceId", identity),),
        period=DAY,
        statistic=statistic,
        unit=None,
        label="",
        returned=True,
    )
