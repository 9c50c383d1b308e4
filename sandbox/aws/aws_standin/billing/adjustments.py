"""What stands on a bill beside the fleet's usage: credits, refunds, tax, other services.

In: an account, a month, and for the tax the lines told so far. Out: `Line`s. Tax is reckoned on
what is told, so it grows through the month and moves with every correction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from aws_standin.billing import price_book
from aws_standin.billing.item import Item
from aws_standin.billing.line import TAX, WORKSPACES, Line, Record
from aws_standin.billing.rules import BillingRules
from aws_standin.fleet.draws import Draws

_CENT = Decimal("0.01")


def given_back(
    seed: int, account: str, region: str, month: date, rules: BillingRules
) -> Iterator[Line]:
    """The month's credit, and perhaps a refund; `region` is the account's first one."""
    draws = Draws(seed, "given-back", account, month)
    refund, day = -Decimal(draws.between(500, 6000)) / 100, month.replace(day=draws.between(5, 25))
    if rules.credit:
        yield _line(account, region, month.replace(day=3), "Credit", -rules.credit)
    if draws.chance(rules.refund_share):
        yield _line(account, region, day, "Refund", refund)


def tax(lines: Iterable[Line], account: str, month: date, rules: BillingRules) -> Iterator[Line]:
    """Tax on an account's lines of a month, in whole cents, on the first day of the month."""
    cost = net = Decimal(0)
    for line in lines:
        cost, net = cost + line.cost, net + line.net
    due = (rules.tax * net).quantize(_CENT, ROUND_HALF_UP)
    if due > 0:
        yield Line(
            day=month, account=account, region="", service=TAX, usage_type="NoUsageType",
            record="Tax", quantity=Decimal(0), unit="", cost=due, net=due,
        )  # fmt: skip


def other_services(account: str, region: str, month: date) -> Iterator[Line]:
    """What else stands on an account's bill; one service only sounds like WorkSpaces."""
    draws = Draws("other-services", account, region, month)
    prefix = price_book.usage_type(Item("pool-user"), region).removesuffix("AW-Pools-User")
    day = month
    while day.month == month.month:
        metrics = Decimal(draws.between(200, 900)) / 1000
        yield _other(account, region, day, "AmazonCloudWatch", f"{prefix}CW:GMD-Metrics", metrics)
        day += timedelta(days=1)
    thin = "Amazon WorkSpaces Thin Client"
    yield _other(account, region, month, thin, f"{prefix}ThinClient-Device-Month", Decimal(6))


def _other(
    account: str, region: str, day: date, service: str, usage_type: str, cost: Decimal
) -> Line:
    return Line(
        day=day, account=account, region=region, service=service, usage_type=usage_type,
        record="Usage", quantity=cost * 100, unit="Metrics", cost=cost, net=cost,
    )  # fmt: skip


def _line(account: str, region: str, day: date, record: Record, amount: Decimal) -> Line:
    return Line(
        day=day,
        account=account,
        region=region,
        service=WORKSPACES,
        usage_type=price_book.usage_type(Item("hour", "STANDARD"), region),
        record=record,
        quantity=Decimal(0),
        unit="",
        cost=amount,
        net=amount,
    )
