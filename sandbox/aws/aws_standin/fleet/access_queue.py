"""The queue of an account and region that carries its access events.

In: a fleet and the virtual instant. Out: messages to receive. Events enter when their time has
come, and leave when they are deleted or four days old. What is received is hidden until its
timeout, on the virtual clock, and then comes again. Order is not kept, as in a standard queue.
"""

from __future__ import annotations

import heapq
import threading
from dataclasses import dataclass, field

from aws_standin.fleet.access_events import MOST_DELAY, AccessEvent, access_events
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.store import SiteFleet

RETENTION = 4 * 86_400
"""Seconds that a message is kept."""
VISIBILITY = 30
"""Seconds that a received message is hidden, unless the call says otherwise."""
_DISORDER = 900
"""Seconds by which messages may overtake each other."""


@dataclass(slots=True)
class Message:
    """One message; instants are UTC seconds."""

    id: str
    content: AccessEvent | str
    """An event, or text that somebody put in."""
    sent: int
    rank: int
    """What it is handed out by."""
    receives: int = 0
    first_received: int = 0
    hidden_until: int = 0

    @property
    def body(self) -> str:
        """Its text."""
        return self.content if isinstance(self.content, str) else self.content.body()


@dataclass(slots=True)
class AccessQueue:
    """Messages of one fleet. Every change takes the lock."""

    fleet: SiteFleet
    _filled_to: int | None = None
    _messages: dict[str, Message] = field(default_factory=dict)
    _ready: list[tuple[int, str]] = field(default_factory=list)
    _hidden: list[tuple[int, str]] = field(default_factory=list)
    _aging: list[tuple[int, str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def receive(self, now: int, most: int, hide_for: int) -> list[Message]:
        """Hand out messages, and hide them for a time."""
        with self._lock:
            self._advance(now)
            taken: list[Message] = []
            while self._ready and len(taken) < most:
                message = self._messages.get(heapq.heappop(self._ready)[1])
                if message is not None:
                    message.receives += 1
                    message.first_received = message.first_received or now
                    message.hidden_until = now + hide_for
                    taken.append(message)
            for message in taken:
                heapq.heappush(self._hidden, (message.hidden_until, message.id))
            return taken

    def put(self, now: int, body: str) -> str:
        """Put a message in, whatever it says, and tell its id."""
        with self._lock:
            self._advance(now)
            identity = f"put-{now}-{len(self._messages)}"
            self._messages[identity] = Message(identity, body, now, now)
            heapq.heappush(self._ready, (now, identity))
            heapq.heappush(self._aging, (now, identity))
            return identity

    def delete(self, message_id: str) -> None:
        """Delete a message; one that is gone already is no error."""
        with self._lock:
            self._messages.pop(message_id, None)

    def counts(self, now: int) -> tuple[int, int]:
        """How many messages are ready, and how many are hidden."""
        with self._lock:
            self._advance(now)
            hidden = sum(message.hidden_until > now for message in self._messages.values())
            return len(self._messages) - hidden, hidden

    def _advance(self, now: int) -> None:
        if self._filled_to is not None and now < self._filled_to:  # the clock was set back
            self._messages, self._ready, self._hidden, self._aging = {}, [], [], []
            self._filled_to = None
        since = now - RETENTION if self._filled_to is None else self._filled_to
        if now > since:
            self._fill(since, now)
            self._filled_to = now
        while self._hidden and self._hidden[0][0] <= now:
            message = self._messages.get(heapq.heappop(self._hidden)[1])
            if message is not None and message.hidden_until <= now:
                heapq.heappush(self._ready, (message.rank, message.id))
        while self._aging and self._aging[0][0] <= now - RETENTION:
            self._messages.pop(heapq.heappop(self._aging)[1], None)

    def _fill(self, since: int, now: int) -> None:
        """Let in what arrived in (since, now]."""
        for event in access_events(self.fleet, since - MOST_DELAY, now + 1):
            for copy, arrival in enumerate(event.arrivals):
                if since < arrival <= now:
                    identity = event.message_id(copy)
                    rank = arrival + Draws("queue-order", identity).below(_DISORDER)
                    self._messages[identity] = Message(identity, event, arrival, rank)
                    heapq.heappush(self._ready, (rank, identity))
                    heapq.heappush(self._aging, (arrival, identity))
