"""Taking a reading of money: what AWS charges each account, and its price list.

In: the stand-in and its accounts at the instant of a sync. Out: lines of the ledger, and what only
an operation of AWS's tells (the forecast, entries of the price list).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from history import Json
from plans import REGIONS
from standin import Account, Standin, instant

HOME = "us-east-1"
"""Where AWS has its one Cost Explorer and Price List."""
SERVICES = ("Amazon WorkSpaces", "AWS Directory Service")
MONTHS_KEPT = 13
RESOURCE_DAYS = 13
LEVEL = 80
_CLOSED = 7
_WEEK = timedelta(days=7)


def today(now: int) -> date:
    """The day of an instant, UTC."""
    return datetime.fromtimestamp(now, UTC).date()


def first_kept(day: date) -> date:
    """The first day that Cost Explorer has."""
    months = day.year * 12 + day.month - 1 - MONTHS_KEPT
    return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True)
class Windows:
    """The days, the last one excluded, that a reading is about."""

    days: tuple[date, date]
    """Of costs summed."""
    resources: tuple[date, date]
    """Of costs by resource."""


def windows(now: int, before: int | None) -> Windows:
    """What is due at `now`, where the reading before was at `before`.

    The first one reads all that is kept. A later one in the same month, after it was closed and
    within a week, reads the latest days again, and of resources the day before the last.
    """
    day = today(now)
    end = day + timedelta(days=1)
    if before is None:
        resources = day - timedelta(days=RESOURCE_DAYS)
        return Windows((first_kept(day), end), (resources, day))
    last = today(before)
    if last.replace(day=1) != day.replace(day=1) or last.day < _CLOSED or day - last >= _WEEK:
        raise ValueError(f"what is due on {day} after {last} is not worked out here")
    again = min(last + timedelta(days=1), day) - _WEEK
    return Windows((again, end), (last - timedelta(days=1), day))


def bill(standin: Standin, now: int, of: Windows) -> dict[str, list[Json]]:
    """Lines of the bill as told at `now`: summed ones, and those of the last days by resource."""
    as_of = instant(now)
    return {
        "costs": list(_lines(standin, "costs", *of.days, as_of)),
        "bill": list(_lines(standin, "bill", *of.resources, as_of)),
    }


def reading(
    standin: Standin, clients: dict[str, Account], now: int, before: int | None
) -> dict[str, Any]:
    """The bill since the reading before, and each account's forecast."""
    of = windows(now, before)
    return {
        "windows": of,
        **bill(standin, now, of),
        "forecasts": {account: forecast(client, now) for account, client in clients.items()},
    }


def price_lists(client: Account) -> dict[str, list[Json]]:
    """The price list of each region."""
    return {region: price_list(client, region) for region in REGIONS}


def _lines(standin: Standin, kind: str, first: date, end: date, as_of: str) -> Any:
    begin, stop = (
        int(datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()) for d in (first, end)
    )
    return standin.ledger(kind, from_=begin, to=stop, asOf=as_of)


def forecast(account: Account, now: int) -> list[Json]:
    """What AWS expects of each day from now to the end of the next month."""
    day = today(now)
    end = (day.replace(day=1) + timedelta(days=63)).replace(day=1)
    answer = account.call(
        HOME,
        "ce",
        "GetCostForecast",
        TimePeriod={"Start": day.isoformat(), "End": end.isoformat()},
        Metric="UNBLENDED_COST",
        Granularity="DAILY",
        Filter={"Dimensions": {"Key": "SERVICE", "Values": list(SERVICES)}},
        PredictionIntervalLevel=LEVEL,
    )
    found: list[Json] = answer["ForecastResultsByTime"]
    return found


def price_list(account: Account, region: str) -> list[Json]:
    """Entries of the price list of a region."""
    filters = [
        {"Type": "TERM_MATCH", "Field": "productFamily", "Value": "Enterprise Applications"},
        {"Type": "TERM_MATCH", "Field": "regionCode", "Value": region},
    ]
    entries = account.pages(
        HOME, "pricing", "GetProducts", "PriceList", ServiceCode="AmazonWorkSpaces", Filters=filters
    )
    return [json.loads(entry) if isinstance(entry, str) else entry for entry in entries]
