"""The virtual clock that the fleet lives by.

It runs with the wall clock until it is set; then it stands still or runs from there. Credentials
and request signatures use the wall clock, because clients do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class Clock:
    """Virtual time in UTC seconds since 1970."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._lock = threading.Lock()
        self._offset = 0.0
        self._stopped_at: float | None = None

    def now(self) -> int:
        """The virtual instant, in whole seconds."""
        with self._lock:
            return int(self._now())

    def set(self, instant: float, *, running: bool) -> None:
        """Jump to an instant; from there run with the wall clock, or stand still."""
        with self._lock:
            self._offset = instant - self._wall()
            self._stopped_at = None if running else instant

    def advance(self, seconds: float) -> None:
        """Jump ahead."""
        with self._lock:
            self._offset += seconds
            if self._stopped_at is not None:
                self._stopped_at += seconds

    def _now(self) -> float:
        return self._wall() + self._offset if self._stopped_at is None else self._stopped_at
