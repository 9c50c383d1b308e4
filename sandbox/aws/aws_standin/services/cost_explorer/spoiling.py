"""Amounts that are wrong on purpose: a reader has to refuse them, not to count them.

In: metric values that are right, and rules. Out: the same, or every third group's with a negative
cost, another currency, or a text that is no number.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

_EVERY = 3
_NOT_NUMBERS = ("NaN", "", "1,234.50", "Infinity", "1e999999", "0x10", "12.3.4", "\u0661\u0662")


def spoiled(
    values: dict[str, dict[str, str]], number: int, malformed: Collection[str]
) -> dict[str, dict[str, Any]]:
    """The values of the group with this number."""
    if number % _EVERY or not malformed:
        return values
    return {name: _one(name, value, number, malformed) for name, value in values.items()}


def _one(name: str, value: dict[str, str], number: int, malformed: Collection[str]) -> Any:
    amount, unit = value["Amount"], value["Unit"]
    is_cost = name.endswith("Cost")
    if "negative-costs" in malformed and is_cost:
        amount = "-" + amount.lstrip("-")
    if "other-currencies" in malformed and is_cost:
        unit = "EUR"
    if "not-numbers" in malformed:
        amount = _NOT_NUMBERS[number // _EVERY % len(_NOT_NUMBERS)]
    return {"Amount": amount, "Unit": unit}
