"""Reproducible draws: every random-looking choice is a hash of what it is about.

In: a path of names and numbers (seed, account, region, desktop, purpose). Out: numbers, choices.
A choice never depends on the order in which choices are made, on the process, or on the Python
version (`fsum` is used, because `sum` rounds differently since 3.12). A new purpose draws from its
own path, so it moves no existing fleet.
Deliberately absent: any global or stateful generator.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from math import fsum
from typing import TypeVar

T = TypeVar("T")

_WORDS = struct.Struct(">16I")
_FULL = float(1 << 32)


class Draws:
    """A stream of draws that belongs to one path."""

    __slots__ = ("_block", "_path", "_words")

    def __init__(self, *path: object) -> None:
        self._path = "\x1f".join(map(str, path)).encode()
        self._block = 0
        self._words: list[int] = []

    def word(self) -> int:
        """A number from 0 to 2^32 - 1."""
        if not self._words:
            block = self._block.to_bytes(4, "big")
            digest = hashlib.blake2b(self._path, digest_size=64, person=block).digest()
            self._words = list(_WORDS.unpack(digest))
            self._block += 1
        return self._words.pop()

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self.word() / _FULL

    def below(self, bound: int) -> int:
        """A whole number in [0, bound); the bias is below 2^-16 for the small bounds used here."""
        return self.word() * bound >> 32

    def between(self, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        return low + self.below(high - low + 1)

    def chance(self, probability: float) -> bool:
        """Whether an event of this probability happens."""
        return self.unit() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, all equally likely."""
        return options[self.below(len(options))]

    def weighted(self, options: Sequence[tuple[T, float]]) -> T:
        """One of the options, by weight."""
        point = self.unit() * fsum(weight for _, weight in options)
        for option, weight in options:
            point -= weight
            if point < 0:
                return option
        return options[-1][0]

    def text(self, alphabet: str, length: int) -> str:
        """A string of this length over the alphabet."""
        return "".join(alphabet[self.below(len(alphabet))] for _ in range(length))
