"""How a desktop is billed through a month: by the month, by fee and hours, or as Core.

In: its stretches of running modes in the month and its tenure. Out: the monthly charges with their
shares of a month, and the spans in which hours are billed. Running mode and billing mode differ: a
switch to ALWAYS_ON is billed at once, for the rest of the month and on top of what was billed; a
switch to AUTO_STOP is billed from the next month on, so the hours until then cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from aws_standin.billing.rules import FirstMonth
from aws_standin.fleet.mode_history import Regime

_SHARE = Decimal("0.000001")
"""Coarser than AWS's, so that money in ten decimals is exact."""

Basis = Literal["month", "fee", "core-month"]


@dataclass(frozen=True, slots=True)
class Charge:
    """A monthly charge: on which day, for what, and for how much of the month."""

    at: int
    basis: Basis
    share: Decimal


@dataclass(frozen=True, slots=True)
class MonthBilling:
    """How a desktop is billed in one month."""

    charges: tuple[Charge, ...]
    hourly: tuple[int, int] | None
    """Span [start, end) in which hours are billed, UTC seconds."""


def month_span(month: date) -> tuple[int, int]:
    """First instant of a month and of the one after it, UTC seconds."""
    following = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return _midnight(month.replace(day=1)), _midnight(following)


def bill_month(
    month: date, modes: Sequence[Regime], created: int | None, first_month: FirstMonth
) -> MonthBilling:
    """The month's charges. `modes` cover it from the creation, if that is in the month."""
    start, end = month_span(month)
    since = start if created is None or created <= start else created
    if not modes or since >= end:
        return MonthBilling((), None)
    whole = since == start or first_month == "full"
    share = Decimal(1) if whole else rest_of_month(since, month)
    first = modes[0].mode
    if first == "MANUAL":
        return MonthBilling((Charge(since, "core-month", share),), None)
    if first == "ALWAYS_ON":
        return MonthBilling((Charge(since, "month", share),), None)
    fee = Charge(since, "fee", share)
    switched = next((regime.start for regime in modes if regime.mode == "ALWAYS_ON"), None)
    if switched is None:
        return MonthBilling((fee,), (since, end))
    rest = Charge(switched, "month", rest_of_month(switched, month))
    return MonthBilling((fee, rest), (since, switched))


def rest_of_month(instant: int, month: date) -> Decimal:
    """Share of the month from the day of an instant on, that day included."""
    start, end = month_span(month)
    days = (end - start) // 86_400
    gone = (instant - start) // 86_400
    return (Decimal(days - gone) / days).quantize(_SHARE)


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
