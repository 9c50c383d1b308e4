"""What follows from sessions: running hours, power states, connections."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_standin.fleet.lifecycle import (
    RESUME,
    SHUTDOWN,
    connection,
    power_state,
    running_between,
)
from aws_standin.fleet.personas import BY_NAME, RunningMode
from aws_standin.fleet.sessions import Worker, sessions_between, sessions_on
from tests.test_sessions import DAYS, opening, worker_of, workers

TIMEOUTS = st.sampled_from([60, 120, 240])


@settings(max_examples=60)
@given(workers(), DAYS, TIMEOUTS)
def test_auto_stop_runs_from_resume_to_disconnect_plus_timeout(
    worker: Worker, first: date, timeout: int
) -> None:
    """Second by second as a set union, which is slow and obviously right."""
    start = int(opening(worker, first).timestamp())
    end = start + 4 * 86_400
    runs = list(running_between(worker, "AUTO_STOP", timeout, start, end))
    by_minute = set()
    for session in sessions_between(worker, start - 86_400, end + 86_400):
        begin, stop = session.start - RESUME, session.end + timeout * 60
        by_minute |= {t for t in range(start, end, 60) if begin <= t < stop}
    assert by_minute == {t for t in range(start, end, 60) for r in runs if r.start <= t < r.end}
    for earlier, later in pairwise(runs):
        assert earlier.end < later.start


@given(DAYS, st.sampled_from(["ALWAYS_ON", "MANUAL"]))
def test_other_modes_run_all_the_time(day: date, mode: RunningMode) -> None:
    worker = worker_of("steady")
    start = int(opening(worker, day).timestamp())
    (run,) = running_between(worker, mode, 60, start, start + 1000)
    assert (run.start, run.end) == (start, start + 1000)
    assert power_state(worker, mode, 60, start) == "AVAILABLE"


@settings(max_examples=200)
@given(workers(), DAYS, st.integers(0, 86_399), TIMEOUTS)
def test_a_desktop_is_on_exactly_while_it_runs(
    worker: Worker, day: date, second: int, timeout: int
) -> None:
    instant = int(opening(worker, day).timestamp()) + second
    runs = any(running_between(worker, "AUTO_STOP", timeout, instant, instant + 1))
    state = power_state(worker, "AUTO_STOP", timeout, instant)
    assert (state in {"AVAILABLE", "STARTING"}) == runs


def test_a_day_in_the_life_of_an_auto_stop_desktop() -> None:
    worker = worker_of("gpu_designer")
    day = date(2026, 3, 4)
    while len(sessions_on(worker, day)) != 1:
        day += timedelta(days=1)
    (session,) = sessions_on(worker, day)
    stop = session.end + 3600
    for instant, expected in [
        (session.start - RESUME - 1, "STOPPED"),
        (session.start - RESUME, "STARTING"),
        (session.start - 1, "STARTING"),
        (session.start, "AVAILABLE"),
        (session.end, "AVAILABLE"),
        (stop - 1, "AVAILABLE"),
        (stop, "STOPPING"),
        (stop + SHUTDOWN, "STOPPED"),
    ]:
        assert power_state(worker, "AUTO_STOP", 60, instant) == expected


def test_the_connection_follows_the_session() -> None:
    worker = worker_of("steady")
    first = sessions_on(worker, date(2026, 3, 4))[0]
    during = connection(worker, running=True, instant=first.start + 10)
    after = connection(worker, running=True, instant=first.end)
    assert (during.state, during.last_connected) == ("CONNECTED", first.start)
    assert during.checked >= first.start
    assert (after.state, after.last_connected) == ("DISCONNECTED", first.start)
    assert connection(worker, running=False, instant=first.end).state == "UNKNOWN"


@pytest.mark.parametrize("running", [True, False])
def test_one_who_never_connected_has_no_last_connection(running: bool) -> None:
    worker = worker_of("never_connected")
    seen = connection(worker, running=running, instant=1_772_625_600)
    assert seen.last_connected is None
    assert seen.state != "CONNECTED"


def test_a_sleeping_laptop_keeps_its_desktop_running_through_the_night() -> None:
    worker = worker_of("sleeping_laptop")
    assert BY_NAME["sleeping_laptop"].presence[0] * 22 > 12
    start = int(opening(worker, date(2026, 3, 2)).timestamp())
    runs = running_between(worker, "AUTO_STOP", 60, start, start + 4 * 86_400)
    assert sum(run.end - run.start for run in runs) > 3 * 14 * 3600
