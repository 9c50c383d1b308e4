"""Snapshots of a desktop: taken every twelve hours, the latest two kept.

In: a desktop and an instant. Out: when its snapshots were taken, latest first; none of a desktop
that never came up. A desktop is rebuilt from the latest and restored from either.
"""

from __future__ import annotations

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.gaps import SILENT_STATES

PERIOD = 12 * 3600


def snapshots_of(desktop: Desktop, now: int) -> list[int]:
    """Times of the snapshots there are at an instant, UTC seconds."""
    if desktop.abnormal_state in SILENT_STATES:
        return []
    offset = Draws(desktop.worker.seed, "snapshot", desktop.id).below(PERIOD)
    latest = now - (now - offset) % PERIOD
    return [latest, latest - PERIOD]
