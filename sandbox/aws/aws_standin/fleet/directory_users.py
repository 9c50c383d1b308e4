"""The users of a managed AD, which follow from the people of the fleet.

In: a fleet, a directory, an instant. Out: `DirectoryUser`s. Who leaves is disabled from the day of
leaving and deleted some months later, while the desktop stays; a few desktops belong to users whom
the directory does not know, and some accounts have no desktop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.directories import Directory
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.store import SiteFleet

DELETED_AFTER = timedelta(days=90)
"""From the day of leaving."""
_UNKNOWN = 0.015
_SERVICES = ("administrator", "svc-backup", "svc-join")
_FIRST_PERSON = 1200


@dataclass(frozen=True, slots=True)
class DirectoryUser:
    """One account of a directory."""

    name: str
    """SAMAccountName."""
    enabled: bool
    sid: str
    given_name: str | None = None
    surname: str | None = None


def users_of(fleet: SiteFleet, directory: Directory, now: int) -> list[DirectoryUser]:
    """All users of a directory at an instant, in the order of their names."""
    domain = _domain(directory)
    services = (
        DirectoryUser(name, True, f"{domain}-{1100 + number}")
        for number, name in enumerate(_SERVICES)
    )
    people = (
        user
        for desktop in fleet.desktops()
        if desktop.directory.id == directory.id
        for user in _user(desktop, domain, now)
    )
    return sorted([*services, *people], key=lambda user: user.name)


def _user(desktop: Desktop, domain: str, now: int) -> Iterator[DirectoryUser]:
    worker = desktop.worker
    if Draws(worker.seed, "directory-user", desktop.id).chance(_UNKNOWN):
        return
    today = _local_date(worker.zone, now)
    if worker.left_on is not None and today >= worker.left_on + DELETED_AFTER:
        return
    given, _, rest = desktop.user_name.partition(".")
    person = bool(rest)
    yield DirectoryUser(
        name=desktop.user_name,
        enabled=worker.left_on is None or today < worker.left_on,
        sid=f"{domain}-{_FIRST_PERSON + desktop.index}",
        given_name=given.title() if person else None,
        surname=rest.rstrip("0123456789").title() if person else None,
    )


def _domain(directory: Directory) -> str:
    draws = Draws("sid", directory.id)
    return "S-1-5-21-" + "-".join(str(draws.word()) for _ in range(3))


def _local_date(zone: str, now: int) -> date:
    return datetime.fromtimestamp(now, ZoneInfo(zone)).date()
