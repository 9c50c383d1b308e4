"""The price book: what each item is called and costs, by region and day.

In: an `Item`, a region, a day. Out: its usage type in AWS's manner and its price in USD; the list
has holes, the bill has none. Prices are data (`prices.json`) and change on certain days. How usage
types tell the licence and the pairing of volumes apart is our choice: AWS publishes no key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from aws_standin.billing.item import Item, Rate

_CENT = Decimal("0.01")
_UNITS = {
    "month": "Month", "fee": "Month", "software": "Month", "core-month": "Month",
    "pool-user": "Month", "hour": "Hour", "pool-hour": "Hour", "pool-stopped-hour": "Hour",
    "directory-hour": "Hour", "root-gb": "GB-Mo", "user-gb": "GB-Mo",
}  # fmt: skip
_ELSEWHERE = {"factor": "1.2"}


@dataclass(frozen=True, slots=True)
class Family:
    """One compute type: its name on the price list and its own volumes in GiB."""

    name: str
    code: str
    bundle: str
    vcpu: str
    memory: str
    root: int
    user: int


def families() -> tuple[Family, ...]:
    """All compute types that have prices."""
    names = ("code", "bundle", "vcpu", "memory", "root", "user")
    return tuple(
        Family(key, **{name: one[name] for name in names})
        for key, one in book()["families"].items()
    )


def pairings() -> list[tuple[int, int]]:
    """Root and user volumes that are priced as a whole."""
    return [(root, user) for root, user in book()["pairings"]]


def location(region: str) -> str:
    """The region's name on the price list."""
    return str(_region(region).get("location", region))


def unit(item: Item) -> str:
    """What the item's quantity counts."""
    return _UNITS[item.kind]


@lru_cache(maxsize=16_384)
def usage_type(item: Item, region: str) -> str:
    """The item's name on bills, as in `EU-AW-HW-2-AutoStop-Usage`."""
    prefix = _region(region).get("prefix", region.upper().replace("-", ""))
    name = _bare_usage_type(item)
    return f"{prefix}-{name}" if prefix else name


def listed(item: Item, region: str, day: date) -> Decimal | None:
    """Price in USD for one unit on the price list; None where the list has a hole."""
    return None if _is_hole(item, region) else price(item, region, day)


@lru_cache(maxsize=65_536)
def price(item: Item, region: str, day: date) -> Decimal:
    """What AWS charges for one unit, in USD, also where its price list says nothing."""
    if item.kind in {"month", "fee", "hour"}:
        return _desktop_price(item, item.kind, region, day)
    if item.kind == "core-month":
        month = _desktop_price(Item("month", item.family), "month", region, day)
        return _rounded(month * Decimal(book()["core"]["month"]))
    if item.kind == "pool-hour":
        hour = _desktop_price(Item("hour", item.family, item.licence), "hour", region, day)
        return _rounded(hour * Decimal(book()["pool"]["hour"]))
    return _flat_price(item, Decimal(_region(region)["factor"]))


def effective_from(day: date) -> date:
    """The first day on which the prices of this day held."""
    return max(_version_days(day))


@cache
def book() -> Any:
    """The data file."""
    return json.loads((Path(__file__).parent / "prices.json").read_text())


def _flat_price(item: Item, factor: Decimal) -> Decimal:
    data = book()
    if item.kind == "software":
        return Decimal(data["softwareMonth"])
    if item.kind == "directory-hour":
        return Decimal(data["directoryHours"][item.directory]["hour"])
    if item.kind in {"root-gb", "user-gb"}:
        return _rounded(Decimal(data["gigabyteMonth"]) * factor)
    pool = data["pool"]
    return Decimal(pool["stoppedHour" if item.kind == "pool-stopped-hour" else "userMonth"])


def _desktop_price(item: Item, rate: Rate, region: str, day: date) -> Decimal:
    data = book()
    family = data["families"][item.family]
    licence = data["licences"][item.licence]
    amount = _published(item, rate, region)
    if amount is None:
        amount = Decimal(family[rate]) + Decimal(licence["hour" if rate == "hour" else "month"])
        amount = max(amount, _CENT) * Decimal(_region(region)["factor"])
    if rate != "hour" and item.pairing >= 0:
        root, user = data["pairings"][item.pairing]
        more = root + user - family["root"] - family["user"]
        amount += more * Decimal(data["pairingMonthPerGib"])
    factors = _version(day)["factors"]
    return _rounded(amount * Decimal(factors.get(item.family, "1")))


def _published(item: Item, rate: Rate, region: str) -> Decimal | None:
    for one in book()["published"]:
        if (one["region"], one["family"], one["licence"]) == (region, item.family, item.licence):
            return Decimal(one[rate])
    return None


def _is_hole(item: Item, region: str) -> bool:
    for hole in book()["without"]:
        here = hole["region"] == region and hole["family"] == item.family
        if here and item.kind in hole["rates"]:
            pairing = (hole.get("root"), hole.get("user"))
            if pairing == (None, None):
                return True
            if item.pairing >= 0 and pairing == tuple(book()["pairings"][item.pairing]):
                return True
    return False


def _bare_usage_type(item: Item) -> str:
    data = book()
    if item.kind == "directory-hour":
        return str(data["directoryHours"][item.directory]["usageType"])
    plain = {
        "root-gb": "AW-Root-Usage", "user-gb": "AW-User-Usage",
        "pool-stopped-hour": "AW-Pools-Stopped-Usage", "pool-user": "AW-Pools-User",
    }  # fmt: skip
    if item.kind in plain:
        return plain[item.kind]
    code = data["families"][item.family]["code"]
    if item.kind == "software":
        return f"AW-SW-{code}"
    if item.kind == "core-month":
        return f"AW-Core-{code}"
    if item.kind == "pool-hour":
        return f"AW-Pools-{code}-Usage"
    name = f"AW-{data['licences'][item.licence]['infix']}-{code}"
    if item.pairing >= 0:
        name += f"-{item.pairing}"
    return name + {"month": "", "fee": "-AutoStop-User", "hour": "-AutoStop-Usage"}[item.kind]


def _region(region: str) -> dict[str, str]:
    found: dict[str, str] = book()["regions"].get(region, _ELSEWHERE)
    return found


def _version(day: date) -> Any:
    start = effective_from(day).isoformat()
    return next(one for one in book()["versions"] if one["from"] == start)


def _version_days(day: date) -> list[date]:
    days = [date.fromisoformat(one["from"]) for one in book()["versions"]]
    return [one for one in days if one <= day] or days[:1]


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
