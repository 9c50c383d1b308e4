"""Logins as the queue of access events tells them.

In: the ledger's lines of sessions, with the instants at which their messages reached the queue.
Out: those that a queue holds at a sync; each once, however many copies came.
"""

from __future__ import annotations

from history import Json, Site
from plans import QUEUE_REGION
from readings import DAY
from standin import Standin, seconds

_KEPT = 4 * DAY
"""How long the queue keeps a message."""


def reading(standin: Standin, site: Site, now: int) -> list[Json]:
    """Lines of the sessions of some days, where the account has its queue."""
    if site.region != QUEUE_REGION:
        return []
    place = {"account": site.account, "region": site.region}
    return list(standin.ledger("access", from_=now - _KEPT - DAY, to=now, **place))


def arrived(lines: list[Json], last: int | None, now: int) -> list[Json]:
    """Lines of which a message came after the sync at `last` and up to now."""
    since = now - _KEPT if last is None else last
    return [line for line in lines if any(since < seconds(at) <= now for at in line["arrivals"])]


def copies(lines: list[Json], last: int | None, now: int) -> int:
    """How many messages those are."""
    since = now - _KEPT if last is None else last
    return sum(since < seconds(at) <= now for line in lines for at in line["arrivals"])
