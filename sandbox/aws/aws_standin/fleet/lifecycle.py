"""What a desktop does because of its sessions: when it runs, and how it looks at an instant.

In: a worker, a running mode, an instant. Out: running intervals, the power state, the connection.
A desktop in AUTO_STOP begins to resume `RESUME` seconds before its session and stops `timeout`
minutes after the disconnect, unless another session came before. ALWAYS_ON and MANUAL desktops
run all the time. Deliberately absent: maintenance windows, and what an API call changed (`store`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from aws_standin.fleet.personas import RunningMode
from aws_standin.fleet.sessions import Worker, latest_session, sessions_between

RESUME = 75
"""Seconds from the user's click to the session; the desktop is STARTING, and billed."""
SHUTDOWN = 45
"""Seconds in STOPPING after the running interval; not billed."""
CHECK_PERIOD = 300
"""Seconds between two looks of the service at a connection."""

PowerState = Literal["STARTING", "AVAILABLE", "STOPPING", "STOPPED"]
ConnectionState = Literal["CONNECTED", "DISCONNECTED", "UNKNOWN"]


@dataclass(frozen=True, slots=True)
class Running:
    """A stretch in which the desktop runs: [start, end) in UTC seconds."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Connection:
    """What the service knows of the user's connection. Instants are UTC seconds."""

    state: ConnectionState
    checked: int
    last_connected: int | None
    """When the user's latest session began; None where there never was one."""


def running_between(
    worker: Worker, mode: RunningMode, timeout_minutes: int, start: int, end: int
) -> Iterator[Running]:
    """Running intervals inside [start, end), merged, clipped to it and in order."""
    if mode != "AUTO_STOP":
        yield Running(start, end)
        return
    linger = timeout_minutes * 60
    current: Running | None = None
    for session in sessions_between(worker, start - linger, end + RESUME):
        begin = max(start, session.start - RESUME)
        finish = min(end, session.end + linger)
        if current is None:
            current = Running(begin, finish)
        elif begin <= current.end:
            current = Running(current.start, finish)
        else:
            yield current
            current = Running(begin, finish)
    if current is not None:
        yield current


def power_state(
    worker: Worker, mode: RunningMode, timeout_minutes: int, instant: int
) -> PowerState:
    """State of a healthy desktop at an instant."""
    if mode != "AUTO_STOP":
        return "AVAILABLE"
    linger = timeout_minutes * 60
    latest = latest_session(worker, instant)
    if latest is not None and instant < latest.end + linger:
        return "AVAILABLE"
    if any(sessions_between(worker, instant + 1, instant + RESUME + 1)):
        return "STARTING"
    if latest is not None and instant < latest.end + linger + SHUTDOWN:
        return "STOPPING"
    return "STOPPED"


def connection(worker: Worker, *, running: bool, instant: int) -> Connection:
    """Connection at an instant; the service does not know it while the desktop does not run."""
    latest = latest_session(worker, instant)
    last_connected = latest.start if latest else None
    checked = instant - instant % CHECK_PERIOD
    if not running:
        return Connection("UNKNOWN", checked, last_connected)
    if latest is not None and instant < latest.end:
        return Connection("CONNECTED", max(checked, latest.start), last_connected)
    return Connection("DISCONNECTED", checked, last_connected)
