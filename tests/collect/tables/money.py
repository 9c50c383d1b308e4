"""Money: `cost_day` and what stands around it, `price`.

What a later reading tells otherwise takes the place of what was told before, which stays as a
version; what it no longer tells of the days that it read is gone, and stays as one too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from compare import Expected, Key, Table
from expectation import Amount, At, Within
from history import History, Json, Sync
from money import LEVEL, SERVICES, today
from standin import instant, seconds
from tables.spans import numbered

_CLOSED_ON = 7
"""From this day of the next month on a month is final."""
_AMOUNTS = (
    ("unblended", "unblended"),
    ("net_unblended", "netUnblended"),
    ("usage_quantity", "quantity"),
)
_COMPARED = ("currency", *(name for name, _ in _AMOUNTS), "usage_unit")
"""What makes a cost another one."""
_OF_READING = frozenset({"recorded_at", "last_read_at"})
_GIVEN_BACK = frozenset({"credit", "refund"})
_DESKTOP = re.compile(r"workspace/(ws-[0-9a-z]+)$")
_VOLUMES = re.compile(r"Root:(\d+) GB, ?User:(\d+) GB")


def _read(history: History) -> Iterator[tuple[Sync, str, Within]]:
    """Syncs that read costs, with each account."""
    for sync in history.syncs:
        if "Cost" in sync.sources:
            for account in history.accounts:
                yield sync, account, Within(sync.runs[account].window)


def _seen_by(history: History, account: str, line: Json) -> bool:
    """Whether an account is told a line: the payer all, the others their own."""
    return account in {history.accounts[0], line["account"]}


def _is_estimated(day: date, now: date) -> bool:
    open_from = now.replace(day=1)
    if now.day < _CLOSED_ON:
        open_from = (open_from - timedelta(days=1)).replace(day=1)
    return day >= open_from


@dataclass
class Told:
    """What is kept of costs by day, and what was said before."""

    rows: Expected = field(default_factory=dict)
    versions: Expected = field(default_factory=dict)


def _told(history: History) -> Told:
    """All readings, one after the other; worked out once."""
    key = ("costs", len(history.syncs))
    if key not in history.computed:
        told = Told()
        for sync, account, window in _read(history):
            _reread(told, sync, account, dict(_costs(history, sync, account, window)))
        history.computed[key] = told
    found: Told = history.computed[key]
    return found


def _reread(told: Told, sync: Sync, account: str, found: Expected) -> None:
    first = sync.money["windows"].days[0].isoformat()
    known = {key: row for key, row in told.rows.items() if key[0] == account and key[1] >= first}
    for key, row in known.items():
        again = found.get(key)
        if again is not None and all(again[name] == row[name] for name in _COMPARED):
            again["recorded_at"] = row["recorded_at"]
            continue
        at = instant(row["recorded_at"].instant).replace("Z", "+00:00")
        told.versions[*key, at] = {
            **{name: value for name, value in row.items() if name not in _OF_READING},
            "superseded_at": At(sync.now),
            "vanished": again is None,
        }
        if again is None:
            del told.rows[key]
    told.rows |= found


def days(history: History) -> Expected:
    """What each account is told of each day, summed over regions and services."""
    return _told(history).rows


def versions(history: History) -> Expected:
    """What was said of a day before it was told otherwise."""
    return _told(history).versions


def met(history: History) -> Json:
    """How often AWS changed its mind."""
    found = versions(history).values()
    return {
        "a cost that was restated": sum(not row["vanished"] for row in found),
        "a cost that vanished": sum(row["vanished"] for row in found),
    }


def _costs(
    history: History, sync: Sync, account: str, window: Within
) -> Iterator[tuple[Key, Json]]:
    """What one reading tells an account."""
    sums: dict[tuple[str, ...], list[Decimal]] = {}
    units: dict[tuple[str, ...], str] = {}
    for line in sync.money["costs"]:
        if line["service"] in {*SERVICES, "Tax"} and _seen_by(history, account, line):
            record = line["record"].lower()
            key: tuple[str, ...] = (
                account,
                line["day"],
                line["account"],
                line["usageType"],
                record,
            )
            amounts = [Decimal(line[name]) for name in ("unblended", "netUnblended", "quantity")]
            before = sums.get(key, [Decimal(0)] * 3)
            sums[key] = [one + more for one, more in zip(before, amounts, strict=True)]
            units[key] = line["unit"]
    for key, (unblended, net, quantity) in sums.items():
        yield (
            key,
            {
                "currency": "USD",
                "unblended": Amount(unblended),
                "net_unblended": Amount(net),
                "usage_quantity": Amount(quantity),
                "usage_unit": units[key] or None,
                "estimated": _is_estimated(date.fromisoformat(key[1]), today(sync.now)),
                "suspect": unblended < 0 and key[4] not in _GIVEN_BACK,
                "recorded_at": At(sync.now),
                "last_read_at": window,
            },
        )


def months(history: History) -> Expected:
    """Months that were read as a whole: here all that are kept."""
    rows: Expected = {}
    for sync, account, _ in _read(history):
        now = today(sync.now)
        first = sync.money["windows"].days[0]
        month = first if first.day == 1 else (first + timedelta(days=32)).replace(day=1)
        while month <= now:
            estimated = _is_estimated(month, now)
            rows[account, month.isoformat()] = {"read_at": At(sync.now), "estimated": estimated}
            month = (month + timedelta(days=32)).replace(day=1)
    return rows


def readings(history: History) -> Expected:
    """How far each part has got."""
    rows: Expected = {}
    for sync, account, _ in _read(history):
        now = today(sync.now)
        tomorrow = now + timedelta(days=1)
        through = {"days": tomorrow.isoformat(), "forecast": None, "resources": now.isoformat()}
        for part, day in through.items():
            rows[account, part] = {
                "state": "complete",
                "note": None,
                "read_through": day,
                "read_at": At(sync.now),
            }
    return rows


def forecasts(history: History) -> Expected:
    """What AWS expected, on the day it said so."""
    rows: Expected = {}
    for sync, account, _ in _read(history):
        for one in sync.money["forecasts"][account]:
            key = (account, today(sync.now).isoformat(), one["TimePeriod"]["Start"])
            rows[key] = {
                "currency": "USD",
                "mean": Amount(Decimal(one["MeanValue"])),
                "low": Amount(Decimal(one["PredictionIntervalLowerBound"])),
                "high": Amount(Decimal(one["PredictionIntervalUpperBound"])),
                "interval_level": LEVEL,
            }
    return rows


def resources(history: History) -> Expected:
    """What single resources cost in the last days."""
    rows: Expected = {}
    for sync, account, window in _read(history):
        first = sync.money["windows"].resources[0].isoformat()
        rows = {key: row for key, row in rows.items() if key[0] != account or key[1] < first}
        for resource, line in _resource_lines(history, sync, account):
            key = (account, line["day"], resource, line["usageType"])
            # What belongs to no resource is one row for all accounts and regions.
            before = rows.get(key, {name: Amount(Decimal(0)) for name, _ in _AMOUNTS})
            amounts = {
                name: Amount(before[name].amount + Decimal(line[it])) for name, it in _AMOUNTS
            }
            rows[key] = {
                "workspace_id": _desktop(resource),
                "currency": "USD",
                **amounts,
                "usage_unit": line["unit"] or None,
                "estimated": _is_estimated(date.fromisoformat(line["day"]), today(sync.now)),
                "last_read_at": window,
            }
    return rows


def items(history: History) -> Expected:
    """What single resources were ever said to cost anything for; none goes with its last day."""
    return {
        (account, resource, line["usageType"]): {"workspace_id": _desktop(resource)}
        for sync, account, _ in _read(history)
        for resource, line in _resource_lines(history, sync, account)
    }


def _resource_lines(history: History, sync: Sync, account: str) -> Iterator[tuple[str, Json]]:
    """Lines of the bill with their resource, as an account is told them."""
    for line in sync.money["bill"]:
        told = line["record"] == "Usage" and line["service"] in SERVICES
        if told and _seen_by(history, account, line):
            yield line["resource"] or "NoResourceId", line


def _desktop(resource: str) -> str | None:
    found = _DESKTOP.search(resource)
    return found.group(1) if found else None


def prices(history: History) -> Expected:
    """List prices of every region, which the first account reads for all."""
    rows: Expected = {}
    for sync in history.syncs:
        for region, entries in sync.money.get("prices", {}).items():
            for entry in entries:
                for code, row in price_rows(entry):
                    valid = {"valid_from": At(sync.now), "valid_to": None}
                    rows[region, code, row["currency"], 1] = {**row, **valid}
    return rows


def price_rows(entry: Json) -> Iterator[tuple[str, Json]]:
    """The prices of an entry, without software that costs nothing."""
    product = entry["product"]
    attributes = {name: value or None for name, value in product["attributes"].items()}
    volumes = _VOLUMES.fullmatch(attributes.get("storage") or "")
    for term in entry["terms"].get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            for currency, text in dimension["pricePerUnit"].items():
                amount = Decimal(text)
                if amount == 0 and attributes.get("resourceType") == "Software":
                    continue
                yield (
                    dimension["rateCode"],
                    {
                        "sku": product["sku"],
                        "usage_type": attributes.get("usagetype"),
                        "bundle": attributes.get("bundle"),
                        "root_volume_gib": int(volumes.group(1)) if volumes else None,
                        "user_volume_gib": int(volumes.group(2)) if volumes else None,
                        "operating_system": attributes.get("operatingSystem"),
                        "license": attributes.get("license"),
                        "running_mode": attributes.get("runningMode"),
                        "resource_type": attributes.get("resourceType"),
                        "software_included": attributes.get("softwareIncluded"),
                        "unit": dimension["unit"],
                        "currency": currency,
                        "amount": Amount(amount),
                        "effective_from": At(seconds(term["effectiveDate"])),
                    },
                )


def price_readings(history: History) -> Expected:
    """When the prices of each region were read."""
    return {
        (region,): {"read_at": At(sync.now)}
        for sync in history.syncs
        for region in sync.money.get("prices", {})
    }


_RESOURCE_DAYS = (
    "select account_id, resource, usage_type, workspace_id, one.*"
    " from cost_resource_day as one join cost_resource_item using (resource_no)"
)
_PRICE = ("region", "rate_code", "currency")
_DAY = ("account_id", "day", "linked_account_id", "usage_type", "record_type")

TABLES = (
    Table("cost_day", _DAY, days, spoil="unblended = unblended + 0.0000000001"),
    Table(
        "cost_day_version",
        (*_DAY, "recorded_at"),
        versions,
        spoil="vanished = not vanished",
    ),
    Table("cost_month", ("account_id", "month"), months, spoil="estimated = not estimated"),
    Table("cost_reading", ("account_id", "part"), readings, spoil="state = 'denied'"),
    Table("cost_forecast", ("account_id", "made_on", "day"), forecasts, spoil="mean = mean + 0.01"),
    Table(
        "cost_resource_day",
        ("account_id", "day", "resource", "usage_type"),
        resources,
        spoil="unblended = unblended + 0.01",
        select=_RESOURCE_DAYS,
        beside={"resource_no": "joined to account, resource and usage type, which are compared"},
    ),
    Table(
        "cost_resource_item",
        ("account_id", "resource", "usage_type"),
        items,
        spoil="workspace_id = 'ws-000000000'",
        beside={"resource_no": "a number of our own, by which costs are joined"},
    ),
    Table(
        "price",
        (*_PRICE, "number"),
        prices,
        spoil="amount = amount + 0.01",
        select=numbered("price", _PRICE),
    ),
    Table("price_reading", ("region",), price_readings, spoil="read_at = '2026-01-01'"),
)
