"""What a column must hold, where that is not one plain value.

Each kind tells whether a value of the database, as `to_jsonb` writes it, is right, and says in
words what it wants. Plain values are compared with `==`.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

from history import Window

_SLACK = 0.005
"""Seconds: the two clocks read are one, but not at one moment."""
_EQUAL = 1e-6
"""Seconds: Postgres keeps no finer ones."""


class Wanted(Protocol):
    """An expectation."""

    def holds(self, value: Any) -> bool:
        """Whether the value is right."""


@dataclass(frozen=True)
class At:
    """An instant, UTC seconds."""

    instant: float

    def holds(self, value: Any) -> bool:
        """Whether the value is this instant."""
        return isinstance(value, str) and abs(moment_of(value) - self.instant) < _EQUAL

    def __str__(self) -> str:
        return datetime.fromtimestamp(self.instant, UTC).isoformat()


@dataclass(frozen=True)
class Within:
    """An instant of the real clock in a window."""

    window: Window

    def holds(self, value: Any) -> bool:
        """Whether the value lies in it."""
        first, last = self.window.first - _SLACK, self.window.last + _SLACK
        return isinstance(value, str) and first <= moment_of(value) <= last

    def __str__(self) -> str:
        return f"an instant from {At(self.window.first)} to {At(self.window.last)}"


@dataclass(frozen=True)
class Amount:
    """A decimal number, whatever its scale."""

    amount: Decimal

    def holds(self, value: Any) -> bool:
        """Whether the value is this number."""
        return value is not None and not isinstance(value, str) and Decimal(value) == self.amount

    def __str__(self) -> str:
        return str(self.amount)


@dataclass(frozen=True)
class Between:
    """A number of which only bounds are known, both included."""

    least: Decimal | int
    most: Decimal | int

    def holds(self, value: Any) -> bool:
        """Whether the value lies between them."""
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return is_number and self.least <= value <= self.most

    def __str__(self) -> str:
        return f"{self.least} to {self.most}"


@dataclass(frozen=True)
class Single:
    """A number of single precision, which JSON writes with as few digits as tell it apart."""

    value: float

    def holds(self, value: Any) -> bool:
        """Whether the value is this number."""
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return is_number and _single(float(value)) == _single(self.value)

    def __str__(self) -> str:
        return f"{self.value}"


@dataclass(frozen=True)
class Somehow:
    """Something that cannot be known from outside, but must be there."""

    what: str

    def holds(self, value: Any) -> bool:
        """Whether there is something."""
        return value not in (None, "")

    def __str__(self) -> str:
        return self.what


@dataclass(frozen=True)
class Contains:
    """A text with these words in it."""

    words: str

    def holds(self, value: Any) -> bool:
        """Whether they are."""
        return isinstance(value, str) and self.words in value

    def __str__(self) -> str:
        return f"a text with {self.words!r}"


@dataclass(frozen=True)
class Bits:
    """A bitmap of a day: one character a part, earliest first; no bit at all may be null."""

    text: str
    empty_is_null: bool

    def holds(self, value: Any) -> bool:
        """Whether the same parts are set."""
        if value is None:
            return self.empty_is_null and "1" not in self.text
        return bool(value == self.text) and not (self.empty_is_null and "1" not in self.text)

    def __str__(self) -> str:
        return f"{self.text.count('1')} of {len(self.text)} set ({self.text})"


@dataclass(frozen=True)
class Form:
    """A value that nobody can know from outside, but that has a form."""

    pattern: str
    what: str

    def holds(self, value: Any) -> bool:
        """Whether the value, as text, has the form."""
        return re.fullmatch(self.pattern, str(value)) is not None

    def __str__(self) -> str:
        return self.what


def right(wanted: Any, value: Any) -> bool:
    """Whether a value is what is wanted."""
    if hasattr(wanted, "holds"):
        return bool(wanted.holds(value))
    return type(wanted) is type(value) and bool(wanted == value)


def told(wanted: Any, value: Any) -> str:
    """The difference in words."""
    if isinstance(wanted, Bits) and isinstance(value, str):
        width = len(wanted.text)
        wrong = [n for n, (a, b) in enumerate(zip(wanted.text, value, strict=False)) if a != b]
        first = wrong[0] if wrong else 0
        minute = first * 1440 // width
        has = "set" if value[first : first + 1] == "1" else "not set"
        at = f"{minute // 60:02}:{minute % 60:02}"
        return f"{len(wrong)} of {width} parts differ, first the one at {at}, which is {has}"
    if hasattr(wanted, "holds"):
        return f"is {value!r}, must be {wanted}"
    return f"is {value!r}, must be {wanted!r}"


def _single(value: float) -> float:
    found: float = struct.unpack("f", struct.pack("f", value))[0]
    return found


def moment_of(text: str) -> float:
    """RFC 3339 as UTC seconds."""
    return datetime.fromisoformat(text).timestamp()
