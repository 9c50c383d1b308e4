"""What a provider has told by an instant: late lines, corrected ones, and ones that vanish.

In: final lines and an instant of the fleet's clock. Out: each line as it reads then, or nothing.
Data is refreshed three times a day. A day's lines arrive in the course of the next day, so the day
before is partial and the one before that whole. A few lines read differently until they are
corrected, some stand there only until then; all is final from the 7th of the next month on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from aws_standin.billing import price_book
from aws_standin.billing.item import Item
from aws_standin.billing.line import WORKSPACES, Line
from aws_standin.billing.rules import BillingRules
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.spec import Site

DAY = 86_400
REFRESH = 8 * 3600
FINAL_DAY = 7
"""Day of the next month from which a month is final."""
_WHOLE_AFTER = 2  # days
_STRAY = Item("hour", "GENERALPURPOSE_8XLARGE")


@dataclass(frozen=True, slots=True)
class Told:
    """A line and what was told of it before it was corrected.

    `before` is None where nothing was; a `line` of None vanished. `corrected` is None for a line
    that always read as it does.
    """

    line: Line | None
    before: Line | None
    corrected: int | None

    @property
    def day(self) -> date:
        """The day it is about."""
        line = self.line or self.before
        assert line is not None, "nothing was ever told"  # noqa: S101
        return line.day

    def at(self, instant: int) -> Line | None:
        """What is told at an instant, once it has arrived at all."""
        if self.corrected is None or instant >= self.corrected:
            return self.line
        return self.before


def refreshed_at(now: int) -> int:
    """The last time, up to now, at which the provider looked."""
    return now - now % REFRESH


def final_from(day: date) -> int:
    """The instant from which a day's lines do not change any more."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=FINAL_DAY)
    return midnight(following)


def first_arriving(instant: int) -> date:
    """The first day of which something may not have been told yet."""
    return datetime.fromtimestamp(instant, UTC).date() - timedelta(days=1)


def arrives_at(line: Line) -> int:
    """When a line is told first: in the course of the day after."""
    draws = Draws("arrival", line.resource or line.account, line.usage_type, line.day)
    return midnight(line.day) + DAY + draws.below(DAY)


def told(line: Line, rules: BillingRules) -> Told:
    """A line with what was told before; only hours are corrected."""
    if not line.usage_type.endswith("AutoStop-Usage"):
        return Told(line, line, None)
    draws = Draws("restated", line.resource, line.usage_type, line.day)
    if not draws.chance(rules.restated_share):
        return Told(line, line, None)
    hours = line.quantity + draws.pick((-1, 1, 2))
    # By the hour's price, not by a factor: money stays exact.
    cost, net = (amount / line.quantity * hours for amount in (line.cost, line.net))
    before = replace(line, quantity=hours, cost=cost, net=net)
    return Told(line, before if hours else None, _corrected(draws, line.day))


def strays(site: Site, month: date, rules: BillingRules) -> Iterator[Told]:
    """Lines that are nobody's, stand on the bill for some days and vanish."""
    day = month
    while day.month == month.month:
        draws = Draws(site.seed, "stray", site.account, site.region, day)
        if site.desktops and draws.chance(rules.vanishing_share):
            hours = Decimal(draws.between(1, 5))
            cost = hours * price_book.price(_STRAY, site.region, day)
            stray = Line(
                day=day, account=site.account, region=site.region, service=WORKSPACES,
                usage_type=price_book.usage_type(_STRAY, site.region), record="Usage",
                quantity=hours, unit="Hour", cost=cost, net=cost * (1 - rules.discount),
                resource=f"arn:aws:workspaces:{site.region}:{site.account}:workspace/ws-"
                + draws.text("0123456789abcdefghijklmnopqrstuvwxyz", 9),
            )  # fmt: skip
            yield Told(None, stray, _corrected(draws, day))
        day += timedelta(days=1)


def midnight(day: date) -> int:
    """First instant of a day, UTC seconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _corrected(draws: Draws, day: date) -> int:
    """Some time after the day was whole and before the month is final."""
    whole = midnight(day) + _WHOLE_AFTER * DAY + REFRESH
    return whole + draws.below(final_from(day) - whole)
