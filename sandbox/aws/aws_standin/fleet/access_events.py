"""`WorkSpaces Access` events: what EventBridge sends of a login, best effort.

In: a fleet and an interval. Out: an `AccessEvent` for each session that begins in it, with what
becomes of it: some are lost, some are sent twice, some come late and so out of order. Addresses are
from the ranges reserved for documentation. Times are UTC seconds.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.sessions import Session, sessions_between
from aws_standin.fleet.store import SiteFleet

MOST_DELAY = 1200
"""No event arrives later after its login."""

_LOST, _TWICE, _LATE = 0.03, 0.02, 0.04
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
_CLIENTS = (
    (("Windows", "WorkSpaces Desktop client", "5.26.0.4940"), 60),
    (("OSX", "WorkSpaces Desktop client", "5.25.1.2203"), 18),
    (("Linux", "WorkSpaces Desktop client", "2024.4.4845"), 5),
    (("Web", "WorkSpacesWebClient", "5.26.0.1"), 12),
    (("iOS", "WorkSpaces iOS client", "2.4.23"), 5),
)
_AWAY = 0.15
"""Probability that a user is not at the usual address."""


@dataclass(frozen=True, slots=True)
class AccessEvent:
    """One login, as EventBridge would tell it."""

    id: str
    desktop: Desktop
    login: float
    """When the user logged in, a little before the session is seen."""
    address: str
    platform: str
    product: str
    version: str
    arrivals: tuple[int, ...]
    """When it reaches the queue; empty if it was lost, two times if it was sent twice."""

    def message_id(self, copy: int) -> str:
        """Id of the queue's message; each copy has its own, while the event's id is the same."""
        return _uuid(Draws("access-message", self.id, copy))

    def body(self) -> str:
        """The event as EventBridge writes it."""
        desktop = self.desktop
        return json.dumps(
            {
                "version": "0",
                "id": self.id,
                "detail-type": "WorkSpaces Access",
                "source": "aws.workspaces",
                "account": desktop.account,
                "time": _iso(int(self.login) + 1, "seconds"),
                "region": desktop.region,
                "resources": [],
                "detail": {
                    "clientIpAddress": self.address,
                    "actionType": "successfulLogin",
                    "workspacesClientProductName": self.product,
                    "loginTime": _iso(self.login, "milliseconds"),
                    "clientPlatform": self.platform,
                    "directoryId": f"domain/{desktop.directory.id}",
                    "clientVersion": self.version,
                    "workspaceId": desktop.id,
                },
            }
        )


def access_events(fleet: SiteFleet, start: int, end: int) -> Iterator[AccessEvent]:
    """The events of sessions that begin in [start, end), desktop by desktop."""
    for desktop in fleet.desktops():
        for session in sessions_between(desktop.worker, start, end):
            if session.start >= start:
                yield _event(desktop, session)


def _event(desktop: Desktop, session: Session) -> AccessEvent:
    usual = Draws(desktop.worker.seed, "client", desktop.id)
    platform, product, version = usual.weighted(_CLIENTS)
    home = _address(usual)
    draws = Draws(desktop.worker.seed, "access-event", desktop.id, session.start)
    identity = _uuid(draws)
    login = session.start - draws.between(4_000, 20_000) / 1000
    delay = draws.between(120, MOST_DELAY - 60) if draws.chance(_LATE) else draws.between(1, 30)
    arrivals = [session.start + delay]
    if draws.chance(_TWICE):
        arrivals.append(session.start + delay + draws.between(0, 60))
    return AccessEvent(
        id=identity,
        desktop=desktop,
        login=login,
        address=_address(draws) if draws.chance(_AWAY) else home,
        platform=platform,
        product=product,
        version=version,
        arrivals=() if draws.chance(_LOST) else tuple(arrivals),
    )


def _address(draws: Draws) -> str:
    return f"{draws.pick(_NETWORKS)}.{draws.between(1, 254)}"


def _uuid(draws: Draws) -> str:
    words = [draws.word() for _ in range(4)]
    number = words[0] << 96 | words[1] << 64 | words[2] << 32 | words[3]
    return str(uuid.UUID(int=number, version=4))


def _iso(instant: float, precision: str) -> str:
    text = datetime.fromtimestamp(instant, UTC).isoformat(timespec=precision)
    return text.replace("+00:00", "Z")
