"""What every question to Cost Explorer has: a caller who sees some accounts, a period, lines.

In: a call. Out: the fleets it may see, its days, and the bill's lines as told by now. The payer
sees all accounts, any other account itself alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from aws_standin.billing.ledger import months_between
from aws_standin.billing.line import Line
from aws_standin.billing.visibility import refreshed_at
from aws_standin.errors import AwsError
from aws_standin.fleet.store import SiteFleet
from aws_standin.services.call import Call

PLACE = "us-east-1"
_MONTHS_BACK = 13


@dataclass(frozen=True, slots=True)
class Period:
    """Days [start, end)."""

    start: date
    end: date


def check_place(call: Call) -> None:
    """Refuse what was signed for another region, as the one endpoint does."""
    if call.request.region != PLACE:
        raise AwsError("InvalidSignatureException", f"Credential should be scoped to {PLACE}.", 403)


def payer_of(call: Call) -> str | None:
    """The account that pays for all."""
    spec, rules = call.world.spec, call.world.bill.rules
    return rules.payer or (spec.accounts[0].id if spec else None)


def visible_fleets(call: Call) -> list[SiteFleet]:
    """Fleets of the accounts whose costs the caller sees."""
    account = call.identity.account
    return list(call.world.fleets(None if account == payer_of(call) else account))


def today(call: Call) -> date:
    """The fleet's day, UTC."""
    return datetime.fromtimestamp(call.now, UTC).date()


def period_of(call: Call) -> Period:
    """The request's days; the end is exclusive."""
    wanted = call.params["TimePeriod"]
    start, end = _day(wanted["Start"]), _day(wanted["End"])
    if start >= end:
        raise AwsError(
            "ValidationException", "Start date (and hour) should be before end date (and hour)"
        )
    return Period(start, end)


def check_history(call: Call, period: Period) -> None:
    """Refuse days before the history that Cost Explorer keeps."""
    month = today(call).replace(day=1)
    for _ in range(_MONTHS_BACK):
        month = (month - timedelta(days=1)).replace(day=1)
    if period.start < month:
        raise AwsError(
            "ValidationException",
            f"start date is too old, it should not be before {month.isoformat()}",
        )


def lines_between(
    call: Call, period: Period, *, by_resource: bool, fits: Callable[[Line], bool]
) -> Iterator[Line]:
    """Lines of the period as told by now."""
    bill, as_of = call.world.bill, refreshed_at(call.now)
    tell = bill.month_by_resource if by_resource else bill.month
    fleets = visible_fleets(call)
    for month in months_between(period.start, period.end):
        for line in tell(fleets, month, as_of):
            if period.start <= line.day < period.end and fits(line):
                yield line


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise AwsError("ValidationException", f"{text} is not a day") from None
