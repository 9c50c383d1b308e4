"""Volumes through time: desktops that are larger than their bundle grew on a certain day.

In: a desktop. Out: its `Growth`s, all before `HISTORY_ENDS`, so that listings always show the last
size. Deliberately absent: growth by API calls, which the listing shows at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from aws_standin.fleet.desktops import CALENDAR_START, Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.provisioning import DAY, HISTORY_ENDS, created_at

Volume = Literal["RootVolumeSizeGib", "UserVolumeSizeGib"]
_SPAN = (HISTORY_ENDS - CALENDAR_START).days
_FIRST = int(datetime(CALENDAR_START.year, 1, 1, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class Growth:
    """A volume that grew. Sizes in GiB, `at` in UTC seconds."""

    at: int
    volume: Volume
    before: int
    after: int


def growths(desktop: Desktop) -> list[Growth]:
    """When volumes grew beyond the bundle's, in order of time."""
    draws = Draws(desktop.worker.seed, "volume-history", desktop.id)
    sizes: tuple[tuple[Volume, int, int], ...] = (
        ("RootVolumeSizeGib", desktop.bundle.root, desktop.root),
        ("UserVolumeSizeGib", desktop.bundle.user, desktop.user),
    )
    found = [
        Growth(_FIRST + draws.below(_SPAN) * DAY + draws.between(8, 17) * 3600, *size)
        for size in sizes
    ]
    since = created_at(desktop) or 0
    return sorted(
        (one for one in found if one.after > one.before and one.at > since),
        key=lambda one: one.at,
    )


def volumes_at(desktop: Desktop, instant: int) -> tuple[int, int]:
    """Root and user volume at an instant, in GiB."""
    sizes = {"RootVolumeSizeGib": desktop.root, "UserVolumeSizeGib": desktop.user}
    for one in reversed(growths(desktop)):
        if one.at > instant:
            sizes[one.volume] = one.before
    return sizes["RootVolumeSizeGib"], sizes["UserVolumeSizeGib"]
