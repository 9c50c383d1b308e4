"""The ledger: the whole ground truth as JSON lines, so that tests compare with it.

In: sites and an interval. Out: a line for each desktop, for each session that starts in the
interval, or for each stretch of running in it. Lines are canonical (sorted keys, no spaces) and in
a fixed order, so equal fleets have equal bytes. Running follows from the sessions, from starts,
stops and changes of the mode by administrators and API calls, and from maintenance.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.running import clipped
from aws_standin.fleet.sessions import sessions_between
from aws_standin.fleet.store import SiteFleet


def desktop_lines(fleets: Iterable[SiteFleet], now: int | None = None) -> Iterator[str]:
    """A line for each desktop, as it is at an instant; without one, as it was provisioned."""
    for fleet in fleets:
        for desktop in fleet.desktops():
            yield json_line(_desktop(desktop, fleet, now))


def session_lines(fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """A line for each session that starts in [start, end), UTC seconds."""
    for fleet in fleets:
        for desktop in fleet.desktops():
            for session in sessions_between(desktop.worker, start, end):
                if session.start >= start:
                    yield interval_line("session", desktop, session.start, session.end)


def running_lines(fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """A line for each stretch in which a desktop runs, clipped."""
    for fleet in fleets:
        for desktop in fleet.desktops():
            for running in clipped(fleet.runs(desktop, start, end), start, end):
                yield interval_line("running", desktop, running.start, running.end)


def iso(instant: int) -> str:
    """UTC seconds as RFC 3339."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def interval_line(kind: str, desktop: Desktop, start: int, end: int, **more: str) -> str:
    """A line about a desktop and the stretch [start, end) in UTC seconds."""
    return json_line(
        {
            **more,
            "type": kind,
            "account": desktop.account,
            "region": desktop.region,
            "workspaceId": desktop.id,
            "start": iso(start),
            "end": iso(end),
        }
    )


def _desktop(desktop: Desktop, fleet: SiteFleet, now: int | None) -> dict[str, Any]:
    worker = desktop.worker
    return {
        "type": "desktop",
        "account": desktop.account,
        "region": desktop.region,
        "workspaceId": desktop.id,
        "directoryId": desktop.directory.id,
        "bundleId": desktop.bundle.id,
        "userName": desktop.user_name,
        "persona": desktop.persona.name,
        "zone": worker.zone,
        "hiredOn": worker.hired_on.isoformat(),
        "leftOn": worker.left_on.isoformat() if worker.left_on else None,
        "runningMode": fleet.running_mode(desktop, now),
        "autoStopTimeoutMinutes": fleet.timeout(desktop, now),
        "computeType": desktop.bundle.compute,
        "operatingSystem": desktop.bundle.system,
        "protocol": desktop.protocol,
        "rootVolumeGib": desktop.root,
        "userVolumeGib": desktop.user,
        "abnormalState": desktop.abnormal_state,
        "tags": fleet.tags(desktop),
    }


def json_line(record: dict[str, Any]) -> str:
    """A record in its one canonical form."""
    return json.dumps(record, sort_keys=True, separators=(",", ":")) + "\n"
