"""The bill of all accounts: whole, or as a provider has told it by an instant.

In: the fleets of a world, rules, months. Out: `Line`s, by resource or summed. Usage is worked out a
site and a month at a time and kept while fleet and rules stay the same: summed for long, by
resource only for a few.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from aws_standin.billing.adjustments import given_back, other_services, tax
from aws_standin.billing.line import Line
from aws_standin.billing.rules import BillingRules
from aws_standin.billing.usage import SiteUsage
from aws_standin.billing.visibility import Told, arrives_at, first_arriving, midnight, strays, told
from aws_standin.fleet.desktops import CALENDAR_START
from aws_standin.fleet.store import SiteFleet

_KEPT_DETAILS = 300_000
"""Lines by resource that are kept, about 1.6 KiB each; at least those of the last question."""
_KEPT_SUMS = 2000
_KEPT_MONTHS = 100


@dataclass(frozen=True, slots=True)
class Summed:
    """A month of a site, summed, and the lines of it that were told differently at first."""

    final: tuple[Line, ...]
    corrections: tuple[Told, ...]


class Bill:
    """Everything that is charged."""

    def __init__(self) -> None:
        self.rules = BillingRules()
        self._lock = threading.RLock()
        self._details: dict[Any, tuple[SiteFleet, list[Told]]] = {}
        self._sums: dict[Any, tuple[SiteFleet, Summed]] = {}
        # Fleets are kept beside what is about them: an id is only unique among living objects.
        self._months: dict[Any, tuple[list[SiteFleet], list[Line]]] = {}

    def set_rules(self, rules: BillingRules) -> None:
        """Replace the rules; they hold for the past as well."""
        with self._lock:
            self.rules = rules
            self._details, self._sums, self._months = {}, {}, {}

    def month(self, fleets: list[SiteFleet], month: date, as_of: int) -> list[Line]:
        """A month's lines as told at an instant, summed by day, account, region and usage type.

        Kept, because every page of an answer and every question of a client asks for it anew.
        """
        key = (tuple((id(fleet), fleet.revision) for fleet in fleets), month, as_of)
        with self._lock:
            kept = self._months.get(key)
        if kept is None:
            kept = fleets, self._month(fleets, month, as_of, self._summed_usage)
            with self._lock:
                _keep(self._months, key, kept, _KEPT_MONTHS)
        return kept[1]

    def month_by_resource(self, fleets: list[SiteFleet], month: date, as_of: int) -> list[Line]:
        """The same lines, each desktop and pool for itself."""
        return self._month(fleets, month, as_of, self._usage)

    def _month(
        self,
        fleets: list[SiteFleet],
        month: date,
        as_of: int,
        usage: Callable[[SiteFleet, date, int], Iterable[Line]],
    ) -> list[Line]:
        if month < CALENDAR_START or midnight(month) > as_of:
            return []
        accounts: dict[str, list[Line]] = {}
        for fleet in fleets:
            account, region = fleet.site.account, fleet.site.region
            if account not in accounts:
                given = [
                    *given_back(fleet.site.seed, account, region, month, self.rules),
                    *other_services(account, region, month),
                ]
                accounts[account] = [one for one in given if arrives_at(one) <= as_of]
            accounts[account] += usage(fleet, month, as_of)
        taxes = [
            one
            for account, lines in accounts.items()
            for one in tax(lines, account, month, self.rules)
        ]
        return [line for lines in (*accounts.values(), taxes) for line in lines]

    def _usage(self, fleet: SiteFleet, month: date, as_of: int) -> Iterator[Line]:
        return self._usage_since(month, fleet, month, as_of)

    def _usage_since(
        self, first: date, fleet: SiteFleet, month: date, as_of: int
    ) -> Iterator[Line]:
        for one in self._told(fleet, month):
            line = one.at(as_of)
            if line is not None and line.day >= first and arrives_at(line) <= as_of:
                yield line

    def _summed_usage(self, fleet: SiteFleet, month: date, as_of: int) -> list[Line]:
        """Whole days from the sums, days that are still arriving from the single lines."""
        summed = self._sum(fleet, month)
        arriving = first_arriving(as_of)
        found = [line for line in summed.final if line.day < arriving]
        for one in summed.corrections:
            wrong = one.corrected is not None and as_of < one.corrected
            if wrong and one.day < arriving:
                found += [one.before] if one.before else []
                found += [_negated(one.line)] if one.line else []
        if arriving < _following(month):
            found += self._usage_since(arriving, fleet, month, as_of)
        return summed_up(found)

    def _sum(self, fleet: SiteFleet, month: date) -> Summed:
        key = (id(fleet), fleet.revision, month)
        with self._lock:
            kept = self._sums.get(key)
            if kept is not None and kept[0] is fleet:
                return kept[1]
        everything = self._told(fleet, month)
        summed = Summed(
            final=tuple(summed_up(one.line for one in everything if one.line is not None)),
            corrections=tuple(one for one in everything if one.corrected is not None),
        )
        with self._lock:
            _keep(self._sums, key, (fleet, summed), _KEPT_SUMS)
        return summed

    def _told(self, fleet: SiteFleet, month: date) -> list[Told]:
        key = (id(fleet), fleet.revision, month)
        with self._lock:
            kept = self._details.get(key)
            # The fleet is kept beside its lines: an id is only unique among living objects.
            if kept is not None and kept[0] is fleet:
                return kept[1]
            lines = SiteUsage(fleet, self.rules).lines(month)
            everything = [told(line, self.rules) for line in lines]
            everything += strays(fleet.site, month, self.rules)
            self._details[key] = (fleet, everything)
            while len(self._details) > 1 and self._kept_lines() > _KEPT_DETAILS:
                self._details.pop(next(iter(self._details)))
            return everything

    def _kept_lines(self) -> int:
        return sum(len(lines) for _, lines in self._details.values())


def summed_up(lines: Iterable[Line]) -> list[Line]:
    """Lines summed by everything but the resource; sums of nothing are left out."""
    groups: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.key].append(line)
    found = []
    for group in groups.values():
        quantity = sum((line.quantity for line in group), Decimal(0))
        cost = sum((line.cost for line in group), Decimal(0))
        net = sum((line.net for line in group), Decimal(0))
        if quantity or cost:
            found.append(
                replace(group[0], quantity=quantity, cost=cost, net=net, resource=None, tags=())
            )
    return found


def _negated(line: Line) -> Line:
    return replace(line, quantity=-line.quantity, cost=-line.cost, net=-line.net)


def _following(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _keep(cache: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    if len(cache) >= most:
        cache.pop(next(iter(cache)))
    cache[key] = value
