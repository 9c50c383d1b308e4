"""The trail as JSON lines of the ledger: every event, also those that cannot be seen yet.

In: the trail, fleets and an interval. Out: canonical lines, oldest first a site, each with the
instant from which LookupEvents shows the event and the desktops it is about.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from aws_standin.fleet.ledger import iso
from aws_standin.fleet.store import SiteFleet
from aws_standin.trail.delivery import delivered_at
from aws_standin.trail.event import TrailEvent
from aws_standin.trail.lookup import Trail
from aws_standin.trail.rules import TrailRules

_DESKTOP = re.compile(r"\bws-[0-9a-z]{8,63}\b")


def event_lines(trail: Trail, fleets: Iterable[SiteFleet], start: int, end: int) -> Iterator[str]:
    """A line for each event at an instant in [start, end)."""
    for fleet in fleets:
        for event in reversed(list(trail.newest_first(fleet, start, end - 1))):
            yield _line(event, trail.rules)


def _line(event: TrailEvent, rules: TrailRules) -> str:
    record = {
        "type": "event",
        "eventId": event.id,
        "account": event.account,
        "region": event.region,
        "at": iso(event.at),
        "deliveredAt": iso(delivered_at(event, rules)),
        "source": event.source,
        "name": event.name,
        "readOnly": event.read_only,
        "identityType": event.actor.identity.get("type"),
        "username": event.actor.username,
        "errorCode": event.error[0] if event.error else None,
        "failedDesktops": _failed(event),
        "desktops": _desktops(event),
        "hostility": event.hostility,
        "malformed": event.malformed,
    }
    return json.dumps(record, sort_keys=True, separators=(",", ":")) + "\n"


def _desktops(event: TrailEvent) -> list[str]:
    text = json.dumps([event.parameters, event.response], default=str)
    return sorted(set(_DESKTOP.findall(text)))


def _failed(event: TrailEvent) -> list[str]:
    response = event.response if isinstance(event.response, dict) else {}
    return sorted(str(one.get("workspaceId")) for one in response.get("failedRequests") or [])
