"""Bill and prices as JSON lines of the ledger, so that an independent reader compares with them.

In: the bill, fleets, days and the instant as of which to tell. Out: canonical lines; money and
quantities are decimal texts, exact. `bill` is a line for each desktop or pool, day and usage type,
`costs` the same summed, `prices` a line for each usage type of a region and day of change.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from aws_standin.billing import price_book
from aws_standin.billing.bill import Bill
from aws_standin.billing.line import Line
from aws_standin.billing.products import products
from aws_standin.billing.visibility import refreshed_at
from aws_standin.fleet.store import SiteFleet


@dataclass(frozen=True, slots=True)
class BillSelection:
    """Which lines: days in [first, end), as told at an instant, of one account or region only."""

    first: date
    end: date
    as_of: int
    account: str | None
    region: str | None


def bill_lines(
    bill: Bill, fleets: list[SiteFleet], wanted: BillSelection, *, by_resource: bool
) -> Iterator[str]:
    """Lines of the bill. Tax is reckoned on whole accounts, whatever is asked for."""
    tell = bill.month_by_resource if by_resource else bill.month
    kind = "bill" if by_resource else "costs"
    for month in months_between(wanted.first, wanted.end):
        told = tell(fleets, month, refreshed_at(wanted.as_of))
        for line in sorted(told, key=_order):
            fits = wanted.account in {None, line.account} and wanted.region in {None, line.region}
            if fits and wanted.first <= line.day < wanted.end:
                yield _text(_shown(kind, line))


def price_lines(regions: Iterable[str], first: date, end: date) -> Iterator[str]:
    """A line for each usage type with a price, of every day on which prices changed."""
    days = {max(first, price_book.effective_from(first))}
    days |= {date.fromisoformat(one["from"]) for one in price_book.book()["versions"]}
    for region in regions:
        for day in sorted(day for day in days if first <= day < end):
            for product in products(region, day):
                yield _text(
                    {
                        "type": "price",
                        "region": region,
                        "from": day.isoformat(),
                        "productFamily": product.family,
                        "usageType": product.attributes.get("usagetype"),
                        "bundle": product.attributes.get("bundle"),
                        "unit": product.unit,
                        "usd": plain(product.usd),
                        "sku": product.sku,
                    }
                )


def months_between(first: date, end: date) -> Iterator[date]:
    """First days of the months that [first, end) touches."""
    month = first.replace(day=1)
    while month < end:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def plain(amount: Decimal) -> str:
    """A decimal as text without an exponent."""
    return f"{amount.normalize():f}" if amount else "0"


def _shown(kind: str, line: Line) -> dict[str, Any]:
    return {
        "type": kind,
        "day": line.day.isoformat(),
        "account": line.account,
        "region": line.region,
        "service": line.service,
        "usageType": line.usage_type,
        "record": line.record,
        "resource": line.resource,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unblended": plain(line.cost),
        "netUnblended": plain(line.net),
        "tags": dict(line.tags),
    }


def _order(line: Line) -> tuple[Any, ...]:
    return (*line.key, line.resource or "")


def _text(record: dict[str, Any]) -> str:
    return json.dumps(record, sort_keys=True, separators=(",", ":")) + "\n"
