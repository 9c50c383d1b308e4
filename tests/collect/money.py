"""Taking a reading of money: what AWS charges each account, and its price list.

In: the stand-in and its accounts at the instant of a sync. Out: lines of the ledger, and what only
an operation of AWS's tells (the forecast, entries of the price list).
"""

from __future__ import annotations

import json
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


def today(now: int) -> date:
    """The day of an instant, UTC."""
    return datetime.fromtimestamp(now, UTC).date()


def first_kept(day: date) -> date:
    """The first day that Cost Explorer has."""
    months = day.year * 12 + day.month - 1 - MONTHS_KEPT
    return date(months // 12, months % 12 + 1, 1)


def bill(standin: Standin, now: int) -> dict[str, list[Json]]:
    """Lines of the bill as told at `now`: summed ones, and those of the last days by resource."""
    day = today(now)
    until = day + timedelta(days=1)
    as_of = instant(now)
    return {
        "costs": list(_lines(standin, "costs", first_kept(day), until, as_of)),
        "bill": list(_lines(standin, "bill", day - timedelta(days=RESOURCE_DAYS), day, as_of)),
    }


def reading(standin: Standin, clients: dict[str, Account], now: int) -> dict[str, Any]:
    """All of it: the bill, each account's forecast, and the price list of each region."""
    hub = next(iter(clients.values()))
    return {
        **bill(standin, now),
        "forecasts": {account: forecast(client, now) for account, client in clients.items()},
        "prices": {region: price_list(hub, region) for region in REGIONS},
    }


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
