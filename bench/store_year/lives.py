"""What the desktops of a fleet do in a year, taken from the ledger of the stand-in for AWS.

How often a desktop is connected to, starts, stops, is maintained, falls silent and is billed
follows from the stand-in's personas (`sandbox/aws`, `fleet/personas.py`): 460 sessions and 156
stretches of running a desktop and year, the mean over people who come daily, half-time, in shifts,
hardly ever or never, and shared rooms with a dozen sessions a day. No part of it is chosen here.

In: the address of the stand-in. Out: `Life`s, instants in UTC seconds.
"""

from __future__ import annotations

import json
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

ACCOUNT, REGION = "111111111111", "us-east-1"
ACCESS_KEY = f"AKIA{ACCOUNT}AAAA"
SEED = 20_261_125
DAY, SLOT, SLOTS = 86_400, 300, 288
READING = 900
"""Seconds between two readings of states and connections: the sample schedule's quarter of an hour."""
RESUME, SHUTDOWN = 75, 45
"""Seconds in `starting` before a session and in `stopping` after running, as the stand-in has them."""


@dataclass
class Life:
    """One desktop in the year."""

    desktop: dict[str, Any]
    sessions: list[tuple[int, int]] = field(default_factory=list)
    begun: dict[int, int] = field(default_factory=dict)
    """By day, the slots in which a session began; as the maps below."""
    connected: dict[int, int] = field(default_factory=dict)
    """By day since 1970, a map of 288 bits; slot 0 is the highest bit."""
    running: dict[int, int] = field(default_factory=dict)
    maintenance: dict[int, int] = field(default_factory=dict)
    silent: dict[int, int] = field(default_factory=dict)
    runs: list[tuple[int, int]] = field(default_factory=list)
    maintained: list[tuple[int, int]] = field(default_factory=list)
    charges: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    """By day, the lines of the bill."""

    @property
    def id(self) -> str:
        """`ws-…`."""
        return self.desktop["workspaceId"]

    @property
    def number(self) -> int:
        """A number that its values are drawn from."""
        return int(self.id[3:], 36)


class Standin:
    """The control interface of the stand-in."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def make(self, desktops: int) -> None:
        """A fleet of one account in one region, from a fixed seed."""
        accounts = [{"id": ACCOUNT, "regions": [REGION]}]
        self._post("reset", {})
        self._post("fleet", {"seed": SEED, "desktops": desktops, "accounts": accounts})
        self._post(
            "credentials", {"strict": True, "keys": [{"accessKeyId": ACCESS_KEY, "account": ACCOUNT}], "roles": []}
        )

    def set_clock(self, at: str) -> None:
        """Stops the fleet's clock at an instant, RFC 3339."""
        self._post("clock", {"set": at})

    def ledger(self, kind: str, start: int, end: int) -> Iterator[dict[str, Any]]:
        """Lines of the ledger about [start, end)."""
        query = urlencode({"type": kind, "from": instant(start), "to": instant(end)})
        with urllib.request.urlopen(f"{self.url}/_standin/ledger?{query}", timeout=300) as answer:
            for line in answer:
                yield json.loads(line)

    def _post(self, name: str, document: dict[str, Any]) -> None:
        request = urllib.request.Request(f"{self.url}/_standin/{name}", json.dumps(document).encode(), method="POST")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=300) as answer:
            answer.read()


def lives(standin: Standin, start: int, end: int) -> list[Life]:
    """The lives of the fleet in [start, end), whole days, ordered by id."""
    found = {one["workspaceId"]: Life(one) for one in standin.ledger("desktops", start, end)}
    for line in standin.ledger("sessions", start, end):
        session = _span(line)
        found[line["workspaceId"]].sessions.append(session)
        mark(found[line["workspaceId"]].begun, session[0], session[0] + 1)
    for line in standin.ledger("running", start, end):
        life = found[line["workspaceId"]]
        life.runs.append(_span(line))
        mark(life.running, *_span(line))
    for line in standin.ledger("maintenance", start, end):
        found[line["workspaceId"]].maintained.append(_span(line))
        mark(found[line["workspaceId"]].maintenance, *_span(line))
    for line in standin.ledger("connected", start, end):
        mark(found[line["workspaceId"]].connected, *_span(line))
    for line in standin.ledger("gaps", start, end):
        mark(found[line["workspaceId"]].silent, *_span(line))
    for line in standin.ledger("bill", start, end):
        resource = (line["resource"] or "").rpartition("/")[2]
        if line["record"] == "Usage" and resource in found:
            found[resource].charges[seconds(line["day"] + "T00:00:00Z") // DAY].append(line)
    return [found[one] for one in sorted(found)]


def mark(days: dict[int, int], start: int, end: int) -> None:
    """Sets the slots that [start, end) touches."""
    slot, last = start // SLOT, -(-end // SLOT)
    while slot < last:
        day = slot // SLOTS
        stop = min(last, (day + 1) * SLOTS)
        length = stop - slot
        days[day] = days.get(day, 0) | ((1 << length) - 1) << ((day + 1) * SLOTS - stop)
        slot = stop


def states(life: Life) -> Iterator[tuple[int, str]]:
    """(time of the reading, state) for each reading that shows another state than the one before."""
    always = life.desktop["runningMode"] != "AUTO_STOP"
    rest = life.desktop["abnormalState"] or ("AVAILABLE" if always else "STOPPED")
    changes: list[tuple[int, str]] = []
    if not always and life.desktop["abnormalState"] is None:
        for start, end in life.runs:
            changes += [
                (start, "STARTING"),
                (start + RESUME, "AVAILABLE"),
                (end, "STOPPING"),
                (end + SHUTDOWN, "STOPPED"),
            ]
    for start, end in life.maintained:
        changes += [(start, "MAINTENANCE"), (end, "AVAILABLE" if always else "STOPPED")]
    changes.sort()
    before = rest
    for number, (at, state) in enumerate(changes):
        reading = -(-at // READING) * READING
        following = changes[number + 1][0] if number + 1 < len(changes) else reading + 1
        if reading < following and state != before:
            yield reading, state.lower()
            before = state


def last_connections(life: Life) -> Iterator[tuple[int, int]]:
    """(time of the reading, last connection) for each reading that tells another last connection."""
    told: dict[int, int] = {}
    for start, _ in life.sessions:
        told[-(-start // READING) * READING] = start
    yield from sorted(told.items())


def instant(at: float) -> str:
    """UTC seconds as RFC 3339."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text: str) -> int:
    """RFC 3339 as UTC seconds."""
    return int(datetime.fromisoformat(text).timestamp())


def _span(line: dict[str, Any]) -> tuple[int, int]:
    return seconds(line["start"]), seconds(line["end"])
