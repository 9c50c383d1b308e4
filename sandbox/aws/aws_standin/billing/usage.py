"""What a site used in a month: the lines of its desktops, pools and directories, at list prices.

In: a site's fleet, a month and the rules. Out: `Line`s of record type Usage, final as the provider
will have told them in the end. Desktops that never came up (PENDING, ERROR) cost nothing. The bill
knows switches of the mode, starts, stops and terminations by API calls; it does not know volumes,
compute types or tags that a call changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from aws_standin.billing import price_book
from aws_standin.billing.hours import billed_hours
from aws_standin.billing.item import Item, licence_of
from aws_standin.billing.line import DIRECTORIES, WORKSPACES, Line, Tags
from aws_standin.billing.modes import bill_month, month_span, rest_of_month
from aws_standin.billing.rules import BillingRules
from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.lifecycle import Running
from aws_standin.fleet.mode_history import regimes
from aws_standin.fleet.pools import Pool, pools_of, user_sessions
from aws_standin.fleet.provisioning import Tenure
from aws_standin.fleet.rendering import UNPLACED
from aws_standin.fleet.store import SiteFleet
from aws_standin.fleet.volume_history import growths, volumes_at

_CONTROLLERS = 2
_HOURS_A_DAY = 24
_TRIAL_BOOT = 900
"""Seconds from the creation of a trial to its running."""


@dataclass(frozen=True, slots=True)
class SiteUsage:
    """Tells the usage of one account and region."""

    fleet: SiteFleet
    rules: BillingRules

    def lines(self, month: date) -> Iterator[Line]:
        """All lines of the month that begins on this day."""
        start, end = month_span(month)
        for tenure in self.fleet.tenures(start, end):
            created = tenure.created or 0
            if created < end and tenure.desktop.abnormal_state not in UNPLACED:
                yield from self._desktop(tenure, month)
        for pool in pools_of(self.fleet.site):
            yield from self._pool(pool, month)
        yield from self._directories(start, end)

    def _desktop(self, tenure: Tenure, month: date) -> Iterator[Line]:
        desktop = tenure.desktop
        start, end = month_span(month)
        since, until = max(start, tenure.created or 0), min(end, tenure.terminated or end)
        trial = tenure.reason == "trial"
        switches = self.fleet.switches(desktop)
        modes = list(regimes(desktop, switches, since, until))
        billing = bill_month(month, modes, tenure.created, self.rules.first_month)
        seat = _Seat(self, desktop, month, tuple(sorted(self.fleet.tags(desktop).items())))
        for charge in billing.charges:
            yield from seat.charge(charge.at, charge.basis, charge.share)
        yield from seat.volumes(since, tenure.created)
        if billing.hourly is None:
            return
        if trial:
            runs = [Running((tenure.created or 0) + _TRIAL_BOOT, tenure.terminated or end)]
        else:
            runs = self.fleet.runs(desktop, since, until)
        lived = [
            Running(max(run.start, tenure.created or 0), min(run.end, tenure.terminated or run.end))
            for run in runs
        ]
        first, last = billing.hourly
        begun = (at for at in billed_hours(lived, self.rules.rounding) if first <= at < last)
        yield from seat.hours(begun)

    def line(
        self, item: Item, day: date, quantity: Decimal, resource: str | None, tags: Tags = ()
    ) -> Line:
        """A line at the day's list price."""
        site = self.fleet.site
        cost = quantity * price_book.price(item, site.region, day)
        return Line(
            day=day,
            account=site.account,
            region=site.region,
            service=DIRECTORIES if item.kind == "directory-hour" else WORKSPACES,
            usage_type=price_book.usage_type(item, site.region),
            record="Usage",
            quantity=quantity,
            unit=price_book.unit(item),
            cost=cost,
            net=cost * (1 - self.rules.discount),
            resource=resource,
            tags=tags,
        )

    def _pool(self, pool: Pool, month: date) -> Iterator[Line]:
        """Streaming hours, a fee for each user in the month, and hours of idle instances."""
        start, end = month_span(month)
        bundle = next(one for one in self.fleet.bundles if one.id == pool.bundle)
        arn = _arn(self.fleet, "workspacespool", pool.id)
        item = Item("pool-hour", bundle.compute, licence_of(bundle.system))
        hours: Counter[date] = Counter()
        users: dict[str, date] = {}
        for user, session in user_sessions(pool, max(start, pool.created), end):
            if session.start < pool.created:
                continue
            if start <= session.start:
                users.setdefault(user, _day(session.start))
            # A session over the end of a month has hours in both, each in its own.
            stretch = [Running(session.start, session.end)]
            for at in billed_hours(stretch, self.rules.rounding):
                if start <= at < end:
                    hours[_day(at)] += 1
        for day, count in sorted(hours.items()):
            yield self.line(item, day, Decimal(count), arn)
        for day, count in sorted(Counter(users.values()).items()):
            yield self.line(Item("pool-user"), day, Decimal(count), arn)
        if pool.stopped or pool.running_mode != "AUTO_STOP":
            return
        for at in range(max(start, pool.created), end, 86_400):
            idle = max(0, pool.desired * _HOURS_A_DAY - hours[_day(at)])
            yield self.line(Item("pool-stopped-hour"), _day(at), Decimal(idle), arn)

    def _directories(self, start: int, end: int) -> Iterator[Line]:
        """Managed ADs by the hour; connectors and simple ADs are free with desktops in them."""
        managed = sum(one.kind == "MicrosoftAD" for one in self.fleet.directories)
        item = Item("directory-hour", directory="MicrosoftAD")
        for at in range(start, end, 86_400):
            if managed:
                hours = Decimal(managed * _CONTROLLERS * _HOURS_A_DAY)
                yield self.line(item, _day(at), hours, None)


@dataclass(frozen=True, slots=True)
class _Seat:
    """One desktop in one month."""

    usage: SiteUsage
    desktop: Desktop
    month: date
    tags: Tags

    def charge(self, at: int, basis: str, share: Decimal) -> Iterator[Line]:
        pairing, _ = self._pairing(at)
        compute, licence = self.desktop.bundle.compute, licence_of(self.desktop.bundle.system)
        if basis == "core-month":
            yield self._line(Item("core-month", compute), at, share)
            return
        item = Item("month" if basis == "month" else "fee", compute, licence, pairing)
        yield self._line(item, at, share)
        if _has_software(self.desktop):
            yield self._line(Item("software", compute), at, share)

    def volumes(self, since: int, created: int | None) -> Iterator[Line]:
        """Gigabytes beyond the pairing, and those that came in the course of the month."""
        start, end = month_span(self.month)
        share = Decimal(1)
        if created is not None and created > start and self.usage.rules.first_month == "prorated":
            share = rest_of_month(since, self.month)
        _, extra = self._pairing(since)
        kinds = (Item("root-gb"), Item("user-gb"))
        for item, size in zip(kinds, extra, strict=True):
            if size:
                yield self._line(item, since, size * share)
        for growth in growths(self.desktop):
            if since < growth.at < end:
                item = kinds[growth.volume == "UserVolumeSizeGib"]
                more = (growth.after - growth.before) * rest_of_month(growth.at, self.month)
                yield self._line(item, growth.at, more)

    def hours(self, begun: Iterator[int]) -> Iterator[Line]:
        compute, licence = self.desktop.bundle.compute, licence_of(self.desktop.bundle.system)
        item = Item("hour", compute, licence)
        for day, count in Counter(at // 86_400 for at in begun).items():
            yield self._line(item, day * 86_400, Decimal(count))

    def _pairing(self, at: int) -> tuple[int, tuple[int, int]]:
        """The largest pairing of volumes that fits, -1 for the bundle's own, and what is beyond."""
        root, user = volumes_at(self.desktop, at)
        family = price_book.book()["families"][self.desktop.bundle.compute]
        own = (family["root"], family["user"])
        fitting = [one for one in price_book.pairings() if one[0] <= root and one[1] <= user]
        best = max(fitting, key=sum, default=own)
        number = -1 if best == own else price_book.pairings().index(best)
        return number, (max(0, root - best[0]), max(0, user - best[1]))

    def _line(self, item: Item, at: int, quantity: Decimal) -> Line:
        arn = _arn(self.usage.fleet, "workspace", self.desktop.id)
        return self.usage.line(item, _day(at), quantity, arn, self.tags)


def _has_software(desktop: Desktop) -> bool:
    """Own bundles for performance carry an office suite."""
    own = desktop.bundle.owner != "AMAZON"
    return own and desktop.bundle.compute == "PERFORMANCE" and "SERVER" in desktop.bundle.system


def _arn(fleet: SiteFleet, kind: str, identity: str) -> str:
    site = fleet.site
    return f"arn:aws:workspaces:{site.region}:{site.account}:{kind}/{identity}"


def _day(instant: int) -> date:
    return datetime.fromtimestamp(instant, UTC).date()
