"""The laws of metrics: what evidence says, and what CloudWatch makes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.evidence import Evidence, evidence
from aws_standin.fleet.gaps import NEVER_REACHES, SILENT_STATES, gaps_between
from aws_standin.fleet.maintenance import HOURS, maintenance_between
from aws_standin.fleet.mode_history import drawn_switches
from aws_standin.fleet.provisioning import created_at
from aws_standin.fleet.sessions import sessions_between
from aws_standin.fleet.slots import SLOT, all_slots, as_text, before, slots_touched, spans
from aws_standin.fleet.spec import Site
from aws_standin.fleet.store import SiteFleet
from aws_standin.metrics.arrival import DAY, Arrival, oldest_kept, rounded_start
from aws_standin.metrics.catalogue import BY_NAME, FLAGS, METRICS, Metric
from aws_standin.metrics.series import Series, present_in, series
from aws_standin.metrics.statistics import Periods, points

FLEET = SiteFleet(Site(7, "111111111111", "eu-central-1", 400, 3))
DESKTOPS = list(FLEET.desktops())
MONDAY = 1772409600
"""2026-03-02 00:00 UTC."""
FIRST = MONDAY // SLOT
WEEK = 7 * DAY // SLOT
SOME = st.sampled_from(DESKTOPS)
RANGES = st.tuples(st.integers(FIRST - 3000, FIRST + 3000), st.integers(1, 900))
STATISTICS = st.sampled_from(
    ["Sum", "Average", "Minimum", "Maximum", "SampleCount", "p95", "p50", "p99.9"]
)


def seen_by(desktop: Desktop, first: int = FIRST, length: int = WEEK) -> Evidence:
    return evidence(FLEET, desktop, first, length)


def values_of(desktop: Desktop, metric: str, first: int = FIRST, length: int = WEEK) -> Series:
    return series(desktop, seen_by(desktop, first, length), BY_NAME[metric], "stopped")


def test_connected_points_are_the_slots_touched_by_sessions_minus_the_gaps() -> None:
    """Slot by slot, which is slow and obviously right."""
    total = 0
    for desktop in DESKTOPS[:150]:
        sessions = list(sessions_between(desktop.worker, MONDAY, MONDAY + WEEK * SLOT))
        gaps = list(gaps_between(desktop, MONDAY, MONDAY + WEEK * SLOT))
        created = created_at(desktop) or 0
        expected = {
            at
            for at in range(MONDAY, MONDAY + WEEK * SLOT, SLOT)
            if any(s.start < at + SLOT and s.end > at for s in sessions)
            and not any(gap.start <= at < gap.end for gap in gaps)
            and created < at + SLOT
        }
        found = values_of(desktop, "UserConnected")
        assert found.ones is not None
        text = as_text(found.ones, WEEK)
        assert {MONDAY + SLOT * i for i, one in enumerate(text) if one == "1"} == expected
        total += len(expected)
    assert total > 10_000


@given(SOME, RANGES)
@settings(max_examples=60)
def test_a_slot_says_that_the_desktop_is_stopped_or_what_it_does_or_nothing(
    desktop: Desktop, slots: tuple[int, int]
) -> None:
    first, length = slots
    seen = seen_by(desktop, first, length)
    connected = present_in(desktop, seen, BY_NAME["UserConnected"], "stopped")
    stopped = values_of(desktop, "Stopped", first, length)
    assert stopped.ones is not None
    assert stopped.ones & connected == 0
    assert stopped.present == stopped.ones | connected
    silent = all_slots(length) ^ stopped.present
    if desktop.abnormal_state in SILENT_STATES:
        assert silent == all_slots(length)
    else:
        assert silent & seen.exists == seen.running & ~seen.observed & seen.exists


@given(SOME, RANGES, st.sampled_from(METRICS), st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=150)
def test_a_slots_value_does_not_depend_on_what_else_was_asked_for(
    desktop: Desktop, slots: tuple[int, int], metric: Metric, earlier: int, later: int
) -> None:
    first, length = slots
    part = series(desktop, seen_by(desktop, first, length), metric, "stopped")
    wide = seen_by(desktop, first - earlier, length + earlier + later)
    whole = series(desktop, wide, metric, "stopped")
    cut = all_slots(length)
    assert part.present == whole.present >> later & cut
    if part.ones is None:
        here = as_text(part.present, length)
        both = zip(here, part.values, whole.values[earlier : earlier + length], strict=True)
        assert all(value == other for shown, value, other in both if shown == "1")
    else:
        assert whole.ones is not None
        assert part.ones == whole.ones >> later & cut


@given(
    st.integers(0, 2**200 - 1), st.integers(0, 2**200 - 1), STATISTICS, st.integers(1, 40),
    st.integers(0, 60),
)  # fmt: skip
def test_flags_counted_a_period_at_a_time_are_what_samples_would_be(
    present: int, ones: int, statistic: str, minutes: int, offset: int
) -> None:
    periods = Periods.of(MONDAY + 60 * offset, MONDAY + 60 * offset + 200 * SLOT, 60 * minutes)
    mask = all_slots(periods.length)
    present, ones = present & mask, present & ones & mask
    flag = Series(present, ones, ())
    samples = tuple(float(one) for one in as_text(ones, periods.length))
    expected = points(Series(present, None, samples), periods, statistic)
    assert points(flag, periods, statistic) == expected


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_values_have_their_units_range(metric: Metric) -> None:
    most = {"Percent": 100.0, "Milliseconds": 2000.0, "Count": 20.0, "Seconds": 1e7}[metric.unit]
    count = 0
    for desktop in DESKTOPS:
        found = values_of(desktop, metric.name)
        _, values = points(found, Periods(MONDAY, SLOT, FIRST, WEEK), "Average")
        assert all(0 <= value <= most for value in values)
        count += len(values)
    assert count > 100


def test_attempts_are_successes_and_failures() -> None:
    totals = dict.fromkeys(("ConnectionAttempt", "ConnectionSuccess", "ConnectionFailure"), 0.0)
    for desktop in DESKTOPS:
        for name in totals:
            totals[name] += sum(values_of(desktop, name).values)
    attempts, successes, failures = totals.values()
    assert attempts == successes + failures
    assert 0.01 < failures / attempts < 0.08


def test_few_desktops_are_silent_and_some_only_for_a_while() -> None:
    never = partly = 0
    for desktop in DESKTOPS:
        if desktop.abnormal_state in SILENT_STATES:
            continue
        observed = seen_by(desktop, FIRST - 4 * WEEK, 4 * WEEK).observed
        never += observed == 0
        partly += 0 < observed < all_slots(4 * WEEK)
    assert 1 <= never <= 5 * NEVER_REACHES * len(DESKTOPS)
    assert 0.03 * len(DESKTOPS) < partly < 0.2 * len(DESKTOPS)


@given(SOME, RANGES, st.integers(0, 3), st.floats(0, 1), st.integers(0, 8 * 3600))
@settings(max_examples=60)
def test_points_only_ever_arrive_and_all_do_in_the_end(
    desktop: Desktop, slots: tuple[int, int], hours: int, share: float, late: int
) -> None:
    first, length = slots
    rule = Arrival(delay_seconds=hours * 3600, late_share=share, late_seconds=late)
    end = (first + length) * SLOT
    latest = end + hours * 3600 + late
    before_it = 0
    for now in range(first * SLOT - 3600, latest + 1, max(1, length * SLOT // 7)):
        arrived = rule.readable(desktop.id, now, first, length)
        assert arrived & before_it == before_it
        assert arrived & ~before(now - hours * 3600, first, length) == 0
        before_it = arrived
    assert rule.readable(desktop.id, latest, first, length) == all_slots(length)


def test_a_share_of_hours_comes_late() -> None:
    rule = Arrival(late_share=0.2)
    now = MONDAY + 4 * 3600
    missing = sum(
        (all_slots(48) ^ rule.readable(one.id, now, FIRST, 48)).bit_count() for one in DESKTOPS
    )
    assert 0.15 < missing / (48 * len(DESKTOPS)) < 0.25


@pytest.mark.parametrize(
    ("period", "days"), [(60, 15), (240, 15), (300, 63), (900, 63), (3600, 455), (86_400, 455)]
)
def test_points_are_kept_by_the_period_asked_for(period: int, days: int) -> None:
    assert oldest_kept(period, MONDAY) == MONDAY - days * DAY


@pytest.mark.parametrize(
    ("age", "rounded"),
    [(3 * DAY + 154, "23:57:00"), (20 * DAY + 154, "23:55:00"), (70 * DAY + 154, "23:00:00")],
)
def test_starts_are_rounded_down_by_their_age(age: int, rounded: str) -> None:
    start = datetime.fromtimestamp(rounded_start(MONDAY - age, MONDAY), UTC)
    assert start.strftime("%H:%M:%S") == rounded


def test_maintenance_of_running_desktops_is_on_sundays_and_of_the_others_once_a_month() -> None:
    month = (1_772_323_200, 1_775_001_600)  # March 2026
    for desktop in DESKTOPS[:200]:
        windows = list(maintenance_between(desktop, (), *month))
        zone = ZoneInfo(desktop.worker.zone)
        local = [datetime.fromtimestamp(start, zone) for start, _ in windows]
        if desktop.running_mode == "ALWAYS_ON":
            assert {(at.weekday(), at.hour) for at in local} == {(6, 0)}
            assert {end - start for start, end in windows} == {HOURS * 3600}
            assert len(windows) in {4, 5}
        elif desktop.running_mode == "AUTO_STOP":
            assert len(windows) == 1
            assert 16 <= local[0].day < 30
            assert local[0].hour < 5
        else:
            assert windows == []


def test_a_stopped_desktop_runs_for_its_maintenance_and_says_so() -> None:
    found = 0
    for desktop in DESKTOPS:
        if desktop.running_mode != "AUTO_STOP" or drawn_switches(desktop) or created_at(desktop):
            continue
        seen = seen_by(desktop, FIRST + 2 * WEEK, 2 * WEEK)
        assert seen.maintenance & ~seen.running == 0
        flag = series(desktop, seen, BY_NAME["Maintenance"], "stopped")
        found += bool(flag.ones)
    assert found > 100


def test_what_a_stopped_desktop_reports_can_be_chosen() -> None:
    desktop = next(d for d in DESKTOPS if d.running_mode == "AUTO_STOP" and not d.abnormal_state)
    seen = seen_by(desktop)
    assert seen.running != all_slots(WEEK)
    connected, stopped = BY_NAME["UserConnected"], BY_NAME["Stopped"]
    assert present_in(desktop, seen, stopped, "none") == 0
    zero = series(desktop, seen, connected, "zero")
    plain = series(desktop, seen, connected, "stopped")
    assert zero.present & ~plain.present == all_slots(WEEK) ^ seen.running
    assert zero.ones == plain.ones


@given(st.lists(st.tuples(st.integers(0, 90_000), st.integers(1, 9000)), max_size=6))
def test_a_map_is_the_slots_that_spans_touch(pairs: list[tuple[int, int]]) -> None:
    touched = [(start, start + length) for start, length in pairs]
    bits = slots_touched(touched, 20, 200)
    expected = {
        slot
        for slot in range(20, 220)
        if any(s < (slot + 1) * SLOT and e > slot * SLOT for s, e in touched)
    }
    assert {20 + i for i, one in enumerate(as_text(bits, 200)) if one == "1"} == expected
    assert slots_touched(spans(bits, 20, 200), 20, 200) == bits


def test_every_flag_of_the_catalogue_is_served() -> None:
    assert {metric.name for metric in FLAGS} == {
        "UserConnected", "Stopped", "Available", "Unhealthy", "Maintenance",
    }  # fmt: skip
