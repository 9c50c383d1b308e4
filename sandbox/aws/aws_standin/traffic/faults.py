"""Faults put into answers on purpose: errors, delays, broken bodies.

In: rules, each for a number of calls. Out: for a call, the fault to apply, if any. Choosing is
under the lock; waiting never is (the caller waits).
"""

from __future__ import annotations

import threading
from typing import Literal, Self

from pydantic import Field, model_validator

from aws_standin.traffic.scope import CallSite, Scope

BrokenBody = Literal["truncate", "garbage", "empty"]


class FaultRule(Scope):
    """What goes wrong, and for how many of the calls in scope."""

    count: int = Field(default=1, ge=1)
    """Calls that suffer it."""
    after: int = Field(default=0, ge=0)
    """Calls that pass before the first one suffers."""
    status: int = Field(default=500, ge=200, le=599)
    code: str | None = None
    """Error code of the answer; without one the call is answered, late or broken."""
    message: str = "Injected by a fault rule."
    delay_ms: int = Field(default=0, ge=0, le=600_000)
    body: BrokenBody | None = None
    """`truncate`: half of the answer, then the connection closes. `garbage`: not the protocol."""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.code is None and not self.delay_ms and self.body is None:
            raise ValueError("give at least one of code, delayMs, body")
        return self


class Faults:
    """The rules still to be applied, in order of arrival."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[tuple[FaultRule, list[int]]] = []
        self._cleared = threading.Event()

    def add(self, rules: list[FaultRule]) -> None:
        """Queue rules behind those there are."""
        with self._lock:
            self._rules += [(rule, [rule.after, rule.count]) for rule in rules]

    def clear(self) -> None:
        """Drop all rules, and end the delays under way."""
        with self._lock:
            self._rules = []
            self._cleared.set()
            self._cleared = threading.Event()

    def wait(self, seconds: float) -> None:
        """Wait as long as a rule says, or until all are dropped."""
        self._cleared.wait(seconds)

    def left(self) -> list[dict[str, object]]:
        """What each rule has still to do, spent ones included."""
        with self._lock:
            return [
                {"operation": rule.operation, "after": after, "count": count}
                for rule, (after, count) in self._rules
            ]

    def next_for(self, site: CallSite) -> FaultRule | None:
        """The fault this call suffers; it uses up one count of its rule."""
        with self._lock:
            for rule, left in self._rules:
                if not rule.covers(site) or not left[1]:
                    continue
                if left[0]:
                    left[0] -= 1
                    continue
                left[1] -= 1
                return rule
            return None
