"""GetCostForecast: what the days to come will cost, with an interval.

The forecast is the last whole month again: the first day with its monthly charges, every other day
the mean of all others. Its interval widens with the level asked for and with the distance. AWS's
own method is not published; what is held are the limits of the request and the errors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import NormalDist
from typing import Any

from aws_standin.billing.ledger import months_between, plain
from aws_standin.billing.line import Line
from aws_standin.errors import AwsError
from aws_standin.fleet.desktops import CALENDAR_START
from aws_standin.services.call import Call
from aws_standin.services.cost_explorer.asking import (
    Period,
    check_place,
    lines_between,
    period_of,
    today,
)
from aws_standin.services.cost_explorer.filters import needs_resources, predicate

_LEVEL = 80
_SHORTEST_HISTORY = timedelta(days=62)
_LONGEST = {"DAILY": timedelta(days=93), "MONTHLY": timedelta(days=549)}
_DEVIATION = 0.03
_CENT = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What a month costs: its first day, and each of its other days."""

    first: Decimal
    other: Decimal

    def between(self, period: Period) -> Decimal:
        total = Decimal(0)
        for number in range((period.end - period.start).days):
            day = period.start + timedelta(days=number)
            total += self.first if day.day == 1 else self.other
        return total


def get_cost_forecast(call: Call) -> dict[str, Any]:
    """Tell what a period to come will cost."""
    check_place(call)
    period, granularity = period_of(call), call.params["Granularity"]
    _check(call, period, granularity)
    pattern = _pattern(call)
    level = call.params.get("PredictionIntervalLevel", _LEVEL)
    width = NormalDist().inv_cdf(0.5 + level / 200) * _DEVIATION
    unit = "N/A" if call.params["Metric"].endswith("QUANTITY") else "USD"
    results = []
    for number, part in enumerate(_parts(period, granularity)):
        mean = pattern.between(part).quantize(_CENT)
        spread = abs(mean) * Decimal(width * (1 + number / 30))
        results.append({
            "TimePeriod": {"Start": part.start.isoformat(), "End": part.end.isoformat()},
            "MeanValue": plain(mean),
            "PredictionIntervalLowerBound": plain((mean - spread).quantize(_CENT)),
            "PredictionIntervalUpperBound": plain((mean + spread).quantize(_CENT)),
        })  # fmt: skip
    total = sum((Decimal(one["MeanValue"]) for one in results), Decimal(0))  # type: ignore[arg-type]
    return {"Total": {"Amount": plain(total), "Unit": unit}, "ForecastResultsByTime": results}


def _check(call: Call, period: Period, granularity: str) -> None:
    now = today(call)
    if granularity == "HOURLY":
        raise AwsError("ValidationException", "Hourly forecasts are not supported here.")
    if period.start > now:
        raise AwsError("ValidationException", "The start date must not be after today.")
    if period.end <= now:
        raise AwsError("ValidationException", "The end date must be in the future.")
    if period.end - now > _LONGEST[granularity]:
        raise AwsError("ValidationException", f"{granularity} forecasts do not go that far.")
    if now - CALENDAR_START < _SHORTEST_HISTORY:
        raise AwsError("DataUnavailableException", "Insufficient amount of historical data.")


def _pattern(call: Call) -> _Pattern:
    """The last whole month; without a line in it there is nothing to go by."""
    end = today(call).replace(day=1)
    month = Period((end - timedelta(days=1)).replace(day=1), end)
    expression = call.params.get("Filter")
    lines = list(
        lines_between(
            call, month, by_resource=needs_resources(expression), fits=predicate(expression)
        )
    )
    if not lines:
        raise AwsError("DataUnavailableException", "Insufficient amount of historical data.")
    amount = _METRICS.get(call.params["Metric"], _unblended)
    first = sum((amount(line) for line in lines if line.day == month.start), Decimal(0))
    other = sum((amount(line) for line in lines if line.day != month.start), Decimal(0))
    return _Pattern(first, other / ((month.end - month.start).days - 1))


def _unblended(line: Line) -> Decimal:
    return line.cost


def _parts(period: Period, granularity: str) -> Iterator[Period]:
    if granularity == "DAILY":
        day: date = period.start
        while day < period.end:
            yield Period(day, day + timedelta(days=1))
            day += timedelta(days=1)
        return
    for month in months_between(period.start, period.end):
        following = (month + timedelta(days=32)).replace(day=1)
        yield Period(max(month, period.start), min(following, period.end))


_METRICS: dict[str, Callable[[Line], Decimal]] = {
    "NET_UNBLENDED_COST": lambda line: line.net,
    "NET_AMORTIZED_COST": lambda line: line.net,
    "USAGE_QUANTITY": lambda line: line.quantity,
    "NORMALIZED_USAGE_AMOUNT": lambda line: line.quantity,
}
