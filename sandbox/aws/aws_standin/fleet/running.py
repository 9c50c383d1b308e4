"""When a desktop really runs: sessions, modes through time, administrators, maintenance, API calls.

In: a desktop, its switches of mode and what API calls did. Out: `Running` stretches. This is what
is billed; `lifecycle.running_between` knows only the sessions, and one mode. The beginning of a
stretch of AUTO_STOP never depends on the interval that was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.interventions import DAY, Intervention, drawn_interventions, stopped_at
from aws_standin.fleet.lifecycle import RESUME, SHUTDOWN, Running
from aws_standin.fleet.mode_history import Regime, Switch, regimes
from aws_standin.fleet.sessions import latest_session, sessions_between

LONGEST = 8 * DAY
"""No AUTO_STOP desktop runs longer at a stretch: weekends break every chain of sessions."""


def runs(
    desktop: Desktop,
    switches: Sequence[Switch],
    calls: Sequence[Intervention],
    start: int,
    end: int,
) -> list[Running]:
    """Stretches that overlap [start, end), unclipped and apart for each regime, in order.

    A stretch of AUTO_STOP has its true beginning, and its true end if that is at most a day behind
    the interval; the others begin with their regime, or `LONGEST` before the interval.
    """
    wide_start, wide_end = start - LONGEST, end + DAY
    return [
        run
        for regime in regimes(desktop, switches, wide_start, wide_end)
        for run in _of_regime(desktop, regime, calls)
        if run.start < end and run.end > start
    ]


def intervened_state(desktop: Desktop, timeout: int, instant: int) -> str | None:
    """State of an AUTO_STOP desktop where its sessions alone would tell a wrong one; else None."""
    linger = 60 * timeout
    latest = latest_session(desktop.worker, instant)
    if latest is not None and latest.end <= instant < latest.end + linger:
        return _stopped_state(desktop, latest.end, linger, instant)
    if latest is not None and instant < latest.end:
        return None
    for one in drawn_interventions(desktop, instant - linger, instant + 1):
        length = linger if one.kind == "start" else one.seconds
        stopped = latest is None or one.at >= latest.end + linger
        if stopped and instant < one.at + length:
            return "MAINTENANCE" if one.kind == "maintenance" else "AVAILABLE"
    return None


def _stopped_state(desktop: Desktop, ended: int, linger: int, instant: int) -> str | None:
    at = stopped_at(desktop, ended, linger)
    returns = any(sessions_between(desktop.worker, ended + 1, ended + linger + RESUME + 1))
    if at is None or returns or instant < at:
        return None
    return "STOPPING" if instant < at + SHUTDOWN else "STOPPED"


def clipped(stretches: Iterable[Running], start: int, end: int) -> list[Running]:
    """The parts that lie in [start, end), merged."""
    return _merged(_inside(stretches, start, end))


def _inside(stretches: Iterable[Running], start: int, end: int) -> Iterator[Running]:
    for run in stretches:
        if run.start < end and run.end > start:
            yield Running(max(run.start, start), min(run.end, end))


def _of_regime(
    desktop: Desktop, regime: Regime, calls: Sequence[Intervention]
) -> Iterator[Running]:
    here = [one for one in calls if regime.start <= one.at < regime.end]
    if regime.mode == "AUTO_STOP":
        stretches = _auto_stop(desktop, regime, here)
    elif regime.mode == "MANUAL":
        stretches = list(_manual(regime, here))
    else:
        stretches = [Running(regime.start, regime.end)]
    return _inside(stretches, regime.start, regime.end)


def _auto_stop(desktop: Desktop, regime: Regime, calls: Sequence[Intervention]) -> list[Running]:
    linger = 60 * regime.timeout
    by_sessions = list(_by_sessions(desktop, regime, linger))
    drawn = drawn_interventions(desktop, regime.start, regime.end)
    stretches = by_sessions
    for one in sorted([*drawn, *calls], key=lambda one: one.at):
        current = next((run for run in stretches if run.start <= one.at < run.end), None)
        if one.kind == "stop":
            if current is not None:
                stretches = [run for run in stretches if run is not current]
                stretches += _cut(desktop, current, one.at)
        elif current is None:
            length = linger if one.kind == "start" else one.seconds
            stretches = [*stretches, Running(one.at, one.at + length)]
    return _merged(stretches)


def _by_sessions(desktop: Desktop, regime: Regime, linger: int) -> Iterator[Running]:
    begin: int | None = None
    finish = 0
    around = (regime.start - linger, regime.end + linger + RESUME)
    for session in sessions_between(desktop.worker, *around):
        if begin is None:
            begin = session.start - RESUME
        elif session.start - RESUME > finish + linger:
            yield Running(begin, stopped_at(desktop, finish, linger) or finish + linger)
            begin = session.start - RESUME
        finish = session.end
    if begin is not None:
        yield Running(begin, stopped_at(desktop, finish, linger) or finish + linger)


def _cut(desktop: Desktop, run: Running, at: int) -> Iterator[Running]:
    """A run that a call stopped: until then, and again from the user's next session in it."""
    if run.start < at:
        yield Running(run.start, at)
    for session in sessions_between(desktop.worker, at, run.end):
        if session.start - RESUME >= at:
            yield Running(session.start - RESUME, run.end)
            return


def _manual(regime: Regime, calls: Sequence[Intervention]) -> Iterator[Running]:
    since: int | None = regime.start
    for one in calls:
        if one.kind == "stop" and since is not None:
            yield Running(since, one.at)
            since = None
        elif one.kind == "start" and since is None:
            since = one.at
    if since is not None:
        yield Running(since, regime.end)


def _merged(stretches: Iterable[Running]) -> list[Running]:
    merged: list[Running] = []
    for run in sorted(stretches, key=lambda run: run.start):
        if merged and run.start <= merged[-1].end:
            merged[-1] = Running(merged[-1].start, max(merged[-1].end, run.end))
        else:
            merged.append(run)
    return merged
