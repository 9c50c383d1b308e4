"""The log of every AWS call, so that a test proves what a client put on the wire.

Each call is stamped when it arrives. Law a client's pace is held to: in every window of the log,
calls <= rate x window + burst. Bounded: the oldest calls are dropped, the counts stay whole.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

CAPACITY = 250_000
"""Calls that are kept; about 400 bytes each."""


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call. Times are taken at its arrival."""

    sequence: int
    monotonic: float
    """Seconds on the server's monotonic clock."""
    wall: float
    """UTC seconds since 1970."""
    account: str
    region: str
    service: str
    operation: str
    outcome: str
    """`ok`, or the error code that was answered."""
    status: int
    fault: bool
    """Whether a fault rule touched the call."""
    request_id: str


class CallLog:
    """Calls in order of completion, each with its arrival time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[LoggedCall] = deque(maxlen=CAPACITY)
        self._counts: Counter[tuple[str, ...]] = Counter()
        self._next = 0
        self._cleared = 0.0

    def record(self, **call: Any) -> None:
        """Add a finished call; one that arrived before the log was cleared is forgotten as well."""
        with self._lock:
            if call["monotonic"] < self._cleared:
                return
            logged = LoggedCall(sequence=self._next, **call)
            self._calls.append(logged)
            self._next += 1
            where = (logged.account, logged.region, logged.service, logged.operation)
            self._counts[*where, logged.outcome] += 1

    def clear(self, now: float) -> None:
        """Forget all calls that arrived by now (monotonic seconds); numbering goes on."""
        with self._lock:
            self._cleared = now
            self._calls.clear()
            self._counts.clear()

    def since(self, sequence: int) -> Iterator[dict[str, Any]]:
        """Calls with at least this sequence number, as JSON-ready objects."""
        with self._lock:
            first = self._next - len(self._calls)
            calls = list(islice(self._calls, max(0, sequence - first), None))
        return (asdict(call) for call in calls)

    def counts(self) -> list[dict[str, Any]]:
        """All calls by account, region, service, operation and outcome, dropped ones included."""
        with self._lock:
            counted = sorted(self._counts.items())
        names = ("account", "region", "service", "operation", "outcome")
        return [{**dict(zip(names, key, strict=True)), "calls": number} for key, number in counted]
