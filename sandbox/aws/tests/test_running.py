"""What runs, and so what is billed: sessions, switches of the mode, administrators, maintenance."""

from __future__ import annotations

from itertools import pairwise

import pytest

from aws_standin.fleet.interventions import DAY, Intervention, drawn_interventions
from aws_standin.fleet.lifecycle import RESUME, running_between
from aws_standin.fleet.mode_history import Switch, drawn_switches, regimes
from aws_standin.fleet.running import clipped, runs
from aws_standin.fleet.spec import Site
from aws_standin.fleet.store import SiteFleet

FLEET = SiteFleet(Site(7, "111111111111", "eu-central-1", 300, 3))
MONDAY = 1772409600
"""2026-03-02 00:00 UTC."""
MONTH = 30 * DAY
AUTO_STOP = [d for d in FLEET.desktops() if d.running_mode == "AUTO_STOP"]


def seconds(stretches: list[tuple[int, int]]) -> int:
    return sum(end - start for start, end in stretches)


def test_without_interventions_a_desktop_runs_as_its_sessions_say() -> None:
    for desktop in AUTO_STOP[:80]:
        if drawn_switches(desktop):
            continue
        expected = seconds(
            [
                (run.start, run.end)
                for run in running_between(
                    desktop.worker, "AUTO_STOP", desktop.timeout, MONDAY, MONDAY + MONTH
                )
            ]
        )
        real = [(r.start, r.end) for r in clipped(FLEET.runs(desktop, MONDAY, MONDAY + MONTH),
                                                  MONDAY, MONDAY + MONTH)]  # fmt: skip
        more = list(drawn_interventions(desktop, MONDAY - DAY, MONDAY + MONTH))
        assert abs(seconds(real) - expected) <= (len(more) + 3) * 60 * desktop.timeout


def test_stretches_are_apart_and_begin_where_they_began_whatever_was_asked() -> None:
    for desktop in AUTO_STOP[:60]:
        whole = FLEET.runs(desktop, MONDAY, MONDAY + MONTH)
        for earlier, later in pairwise(whole):
            assert earlier.end <= later.start
        for day in range(MONDAY, MONDAY + MONTH, 5 * DAY):
            part = FLEET.runs(desktop, day, day + DAY)
            assert [r.start for r in part] == [
                r.start for r in whole if r.start < day + DAY and r.end > day
            ]


def test_maintenance_and_administrators_run_a_desktop_that_nobody_uses() -> None:
    idle = [d for d in AUTO_STOP if d.persona.name == "never_connected" and not drawn_switches(d)]
    assert idle
    for desktop in idle:
        (first, *_) = FLEET.runs(desktop, MONDAY, MONDAY + MONTH)
        assert first.end - first.start <= 60 * desktop.timeout


def test_the_state_agrees_with_what_runs() -> None:
    for desktop in AUTO_STOP[:150]:
        if desktop.abnormal_state is not None or drawn_switches(desktop):
            continue
        for run in FLEET.runs(desktop, MONDAY, MONDAY + 20 * DAY):
            assert FLEET.state(desktop, run.end - 1) in {"AVAILABLE", "MAINTENANCE"}
            assert FLEET.state(desktop, run.end + 50) in {"STOPPED", "STARTING"}


def test_a_switch_of_the_mode_takes_effect_at_its_instant() -> None:
    desktop = next(d for d in AUTO_STOP if not drawn_switches(d))
    to_always = Switch(MONDAY + 5 * DAY, "ALWAYS_ON", 60)
    (before, after) = regimes(desktop, (to_always,), MONDAY, MONDAY + 10 * DAY)
    assert (before.mode, after.mode) == ("AUTO_STOP", "ALWAYS_ON")
    assert before.end == after.start == to_always.at
    (run,) = [r for r in runs(desktop, (to_always,), (), to_always.at, to_always.at + DAY)
              if r.start >= to_always.at]  # fmt: skip
    assert run.start == to_always.at


@pytest.mark.parametrize("kind", ["start", "stop"])
def test_calls_start_and_stop(kind: str) -> None:
    desktop = next(d for d in AUTO_STOP if d.persona.name == "steady" and not drawn_switches(d))
    run = next(r for r in FLEET.runs(desktop, MONDAY, MONDAY + 7 * DAY) if r.start > MONDAY)
    if kind == "start":
        call = Intervention(run.start - 3 * 3600 - RESUME, "start")
        after = runs(desktop, (), (call,), MONDAY, MONDAY + 7 * DAY)
        assert any(r.start == call.at and r.end == call.at + 60 * desktop.timeout for r in after)
    else:
        call = Intervention(run.end - 60, "stop")
        after = runs(desktop, (), (call,), MONDAY, MONDAY + 7 * DAY)
        assert any(r.end == call.at for r in after)


def test_some_desktops_were_tried_in_the_other_mode_and_switched_back() -> None:
    tried = [d for d in FLEET.desktops() if drawn_switches(d)]
    assert 5 < len(tried) < 40
    for desktop in tried:
        over, back = drawn_switches(desktop)
        assert over.at < back.at
        assert FLEET.running_mode(desktop, over.at - 1) == desktop.running_mode
        assert FLEET.running_mode(desktop, over.at) == over.mode != desktop.running_mode
        assert FLEET.running_mode(desktop, back.at) == desktop.running_mode
