"""The laws of the ground truth: what holds for every session of every persona, for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_standin.fleet.desktops import CALENDAR_START, desktop_id
from aws_standin.fleet.personas import BY_NAME, MAX_WINDOW, PERSONAS, Persona
from aws_standin.fleet.sessions import (
    MIN_SESSION,
    Worker,
    latest_session,
    sessions_between,
    sessions_on,
)
from aws_standin.fleet.spec import Site

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Etc/UTC")
DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
SITE = Site(seed=7, account="111111111111", region="eu-central-1", desktops=1, directories=1)


@st.composite
def workers(draw: st.DrawFn, personas: tuple[Persona, ...] = PERSONAS) -> Worker:
    persona = draw(st.sampled_from(personas))
    hired = CALENDAR_START + timedelta(days=draw(st.integers(0, 400)))
    left = hired + timedelta(days=draw(st.integers(1, 700)))
    return Worker(
        seed=draw(st.integers(0, 2**32)),
        workspace_id=desktop_id(SITE, draw(st.integers(0, 10**6))),
        persona=persona,
        zone=draw(st.sampled_from(ZONES)),
        hired_on=hired,
        left_on=left if persona.tenure == "leaves" else None,
        workdays=persona.weekdays,
        phase=draw(st.integers(0, 76)),
    )


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=number) for number in range(count)]


def opening(worker: Worker, day: date) -> datetime:
    """Where the window opens, reckoned independently: local wall clock, then UTC."""
    opens, _ = worker.persona.window()
    naive = datetime(day.year, day.month, day.day) + timedelta(seconds=opens)
    return naive.replace(tzinfo=ZoneInfo(worker.zone)).astimezone(UTC)


@given(workers(), DAYS)
def test_sessions_never_overlap_nor_touch(worker: Worker, first: date) -> None:
    sessions = [s for day in days_from(first, 30) for s in sessions_on(worker, day)]
    for session in sessions:
        assert session.end - session.start >= MIN_SESSION
    for earlier, later in pairwise(sessions):
        assert later.start - earlier.end >= MIN_SESSION


@given(workers(), DAYS)
def test_sessions_lie_in_the_window_of_their_day(worker: Worker, day: date) -> None:
    opens, closes = worker.persona.window()
    start = opening(worker, day).timestamp()
    for session in sessions_on(worker, day):
        assert start <= session.start
        assert session.end <= start + closes - opens


@given(workers(), DAYS)
def test_the_number_of_sessions_of_a_day_is_the_personas(worker: Worker, day: date) -> None:
    low, high = worker.persona.sessions
    assert len(sessions_on(worker, day)) in {0, *range(low, high + 1)}


@given(workers(), DAYS)
def test_a_day_is_the_same_whenever_it_is_asked_for(worker: Worker, day: date) -> None:
    alone = sessions_on(worker, day)
    for other in days_from(day - timedelta(days=3), 7):
        sessions_on(worker, other)
    assert sessions_on(worker, day) == alone


@given(workers((BY_NAME["leaver"],)), st.integers(0, 400))
def test_a_leaver_has_no_sessions_from_the_day_of_leaving(worker: Worker, later: int) -> None:
    assert worker.left_on is not None
    assert sessions_on(worker, worker.left_on + timedelta(days=later)) == ()


@given(workers((BY_NAME["never_connected"],)), DAYS)
def test_one_who_never_connects_has_no_sessions(worker: Worker, day: date) -> None:
    assert sessions_on(worker, day) == ()
    assert latest_session(worker, int(opening(worker, day).timestamp())) is None


@given(workers(), st.integers(1, 500))
def test_nobody_works_before_being_hired(worker: Worker, earlier: int) -> None:
    assert sessions_on(worker, worker.hired_on - timedelta(days=earlier)) == ()


@given(workers(), DAYS, st.integers(0, 10 * 86_400), st.integers(1, 5 * 86_400))
def test_sessions_between_are_those_that_overlap(
    worker: Worker, first: date, offset: int, length: int
) -> None:
    start = int(opening(worker, first).timestamp()) + offset
    around = [
        session
        for day in days_from(first - timedelta(days=3), 25)
        for session in sessions_on(worker, day)
    ]
    expected = [s for s in around if s.start < start + length and s.end > start]
    assert list(sessions_between(worker, start, start + length)) == expected


@settings(max_examples=50)
@given(workers(), DAYS, st.integers(0, 86_399))
def test_the_latest_session_is_the_last_that_began(worker: Worker, day: date, second: int) -> None:
    instant = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + second
    latest = latest_session(worker, instant)
    if latest is None:
        assert not any(sessions_between(worker, instant - 60 * 86_400, instant))
        return
    assert latest.start <= instant
    assert not any(s.start > latest.start for s in sessions_between(worker, latest.end, instant))


def test_night_shifts_and_sleeping_laptops_carry_over_midnight() -> None:
    for name in ("night_shift", "sleeping_laptop"):
        assert any(
            datetime.fromtimestamp(session.end, UTC).date() > day
            for day in days_from(date(2026, 3, 2), 14)
            for session in sessions_on(worker_of(name), day)
        )


@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)])
def test_windows_follow_the_wall_clock_through_clock_changes(day: date) -> None:
    kiosk = worker_of("shared_kiosk")
    sessions = sessions_on(kiosk, day)
    local = [datetime.fromtimestamp(s.start, ZoneInfo("Europe/Berlin")).hour for s in sessions]
    assert sessions
    assert min(local) >= 6


def test_the_table_of_personas_is_sound() -> None:
    assert sum(persona.share for persona in PERSONAS) == 100
    for persona in PERSONAS:
        opens, closes = persona.window()
        assert 0 <= opens < closes
        assert closes - opens <= MAX_WINDOW
        assert closes - opens >= 2 * MIN_SESSION * persona.sessions[1]
        assert 0 < persona.presence[0] <= persona.presence[1] < 1


def test_the_ground_truth_is_fixed() -> None:
    """Two months of every persona: whoever changes this digest changes every engine's truth."""
    truth = [
        (persona.name, session.start, session.end)
        for persona in PERSONAS
        for day in days_from(date(2026, 3, 1), 61)
        for session in sessions_on(worker_of(persona.name), day)
    ]
    assert truth[0] == ("steady", 1772438522, 1772470370)
    assert sha256(repr(truth).encode()).hexdigest()[:16] == "5f406cf95e1126fb"


def worker_of(name: str) -> Worker:
    persona = BY_NAME[name]
    return Worker(
        seed=7,
        workspace_id="ws-000000000",
        persona=persona,
        zone="Europe/Berlin",
        hired_on=CALENDAR_START,
        left_on=None,
        workdays=persona.weekdays,
        phase=0,
    )
