"""Running modes through time: which mode and timeout a desktop had at any instant.

In: a desktop, and the switches that API calls made. Out: `Regime`s, stretches of one mode. A few
desktops were tried in the other mode for some weeks: an administrator switched them over and back,
which the audit trail shows and the bill follows. Instants are UTC seconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.personas import RunningMode

_TRIED = 0.06
_FIRST_TRIAL = date(2025, 2, 3)
_TRIAL_STARTS = 900  # days after the first
_SATURDAY = 5
_OTHER: dict[RunningMode, RunningMode] = {"AUTO_STOP": "ALWAYS_ON", "ALWAYS_ON": "AUTO_STOP"}


@dataclass(frozen=True, slots=True)
class Switch:
    """From this instant on, the desktop has this mode and this AutoStop timeout in minutes."""

    at: int
    mode: RunningMode
    timeout: int


@dataclass(frozen=True, slots=True)
class Regime:
    """A stretch [start, end) of one mode."""

    start: int
    end: int
    mode: RunningMode
    timeout: int


def drawn_switches(desktop: Desktop) -> tuple[Switch, ...]:
    """The switches that administrators of the fleet made: none, or over and back."""
    return _drawn(desktop.worker.seed, desktop.id, desktop.running_mode, desktop.timeout)


def in_force(desktop: Desktop, switches: Sequence[Switch], instant: int) -> Switch:
    """The last switch up to an instant; before the first one, how the desktop was provisioned."""
    current = Switch(0, desktop.running_mode, desktop.timeout)
    for switch in switches:
        if switch.at <= instant:
            current = switch
    return current


def regimes(desktop: Desktop, switches: Sequence[Switch], start: int, end: int) -> Iterator[Regime]:
    """The stretches of [start, end), in order and without a gap."""
    current, since = in_force(desktop, switches, start), start
    for switch in switches:
        if start < switch.at < end:
            yield Regime(since, switch.at, current.mode, current.timeout)
            current, since = switch, switch.at
    if since < end:
        yield Regime(since, end, current.mode, current.timeout)


@lru_cache(maxsize=65_536)
def _drawn(seed: int, identity: str, mode: RunningMode, timeout: int) -> tuple[Switch, ...]:
    draws = Draws(seed, "mode-history", identity)
    other = _OTHER.get(mode)
    if other is None or not draws.chance(_TRIED):
        return ()
    over = _FIRST_TRIAL + timedelta(days=draws.below(_TRIAL_STARTS))
    back = over + timedelta(days=draws.between(20, 150))
    return (
        Switch(_office_hours(draws, over), other, timeout),
        Switch(_office_hours(draws, back), mode, timeout),
    )


def _office_hours(draws: Draws, day: date) -> int:
    """An instant on this day, or on the Monday after a weekend."""
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= _SATURDAY else 0)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int(midnight.timestamp()) + draws.between(8 * 3600, 16 * 3600)
