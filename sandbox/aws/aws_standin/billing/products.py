"""The price list of WorkSpaces as `GetProducts` shows it, with everything that misleads a reader.

In: a region and a day. Out: `Product`s. The traps, all AWS's own: the same bundle names again as
WorkSpaces Core under another product family and with other prices; pairings of volumes as bundles
of their own (`Power-0`), which have no hourly price; `... Plus` bundles with software; software
rows at $0; desktops with one's own licence under `Windows` or `Any`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from aws_standin.billing import price_book
from aws_standin.billing.item import Item, Licence
from aws_standin.billing.price_book import Family
from aws_standin.fleet.draws import Draws

SERVICE = "AmazonWorkSpaces"
PERSONAL = "Enterprise Applications"
CORE = "WorkSpaces Core"
_SKU = "ABCDEFGHIJKLMNPQRSTUVWXYZ23456789"
_LICENCES: tuple[Licence, ...] = ("Windows", "BYOL", "Amazon Linux", "Ubuntu Linux")


@dataclass(frozen=True, slots=True)
class Product:
    """A row of the price list."""

    sku: str
    family: str
    """The product family."""
    attributes: dict[str, str]
    unit: str
    usd: Decimal
    description: str
    effective: date


@lru_cache(maxsize=256)
def products(region: str, day: date) -> tuple[Product, ...]:
    """Every row of a region, as of a day, in the order of their SKUs."""
    lister = _Lister(region, day)
    return tuple(sorted(lister.everything(), key=lambda product: product.sku))


@dataclass(frozen=True, slots=True)
class _Lister:
    region: str
    day: date

    def everything(self) -> Iterator[Product]:
        for family in price_book.families():
            for licence in _LICENCES:
                yield from self._bundle(family, licence)
            yield from self._plus(family)
            yield from self._core(family)
            yield from self._pool(family)
        yield from self._fees()

    def _bundle(self, family: Family, licence: Licence) -> Iterator[Product]:
        for pairing in range(-1, len(price_book.pairings())):
            sizes = self._sizes(family, pairing)
            if pairing >= 0 and sizes == (family.root, family.user):
                continue
            name = family.bundle if pairing < 0 else f"{family.bundle}-{pairing}"
            shown = self._attributes(family, name, licence, sizes)
            item = Item("month", family.name, licence, pairing)
            yield from self._row(item, {**shown, "runningMode": "AlwaysOn"})
            yield from self._row(replace(item, kind="fee"), {**shown, "runningMode": "AutoStop"})
            if pairing < 0:
                hour = replace(item, kind="hour")
                yield from self._row(hour, {**shown, "runningMode": "AutoStop"})
                yield self._free_software(family, shown)

    def _attributes(
        self, family: Family, bundle: str, licence: Licence, sizes: tuple[int, int]
    ) -> dict[str, str]:
        root, user = sizes
        return {
            "bundle": bundle,
            "vcpu": family.vcpu,
            "memory": family.memory,
            "storage": f"Root:{root} GB,User:{user} GB",
            "rootVolume": f"{root} GB",
            "userVolume": f"{user} GB",
            "operatingSystem": self._system(family, licence),
            "license": price_book.book()["licences"][licence]["license"],
            "resourceType": "Hardware",
            "softwareIncluded": "Base",
            "group": "Billed by the month",
        }

    def _system(self, family: Family, licence: Licence) -> str:
        """Own licences are irregular: `Any` for most bundles, `Windows` for some."""
        systems: list[str] = price_book.book()["licences"][licence]["systems"]
        irregular = family.name.startswith("G") or family.name == "STANDARD"
        return systems[-1 if irregular else 0]

    def _sizes(self, family: Family, pairing: int) -> tuple[int, int]:
        return (family.root, family.user) if pairing < 0 else price_book.pairings()[pairing]

    def _free_software(self, family: Family, shown: dict[str, str]) -> Product:
        attributes = {**shown, "runningMode": "AlwaysOn", "resourceType": "Software"}
        name = price_book.usage_type(Item("software", family.name), self.region) + "-Base"
        return self._product(PERSONAL, {**attributes, "usagetype": name}, "Month", Decimal(0))

    def _plus(self, family: Family) -> Iterator[Product]:
        sizes = (family.root, family.user)
        shown = self._attributes(family, f"{family.bundle} Plus", "Windows", sizes)
        shown["softwareIncluded"] = "Plus"
        month = Item("month", family.name)
        yield from self._row(month, {**shown, "runningMode": "AlwaysOn"})
        software = {**shown, "runningMode": "AlwaysOn", "resourceType": "Software"}
        yield from self._row(Item("software", family.name), software)

    def _core(self, family: Family) -> Iterator[Product]:
        """The twins: the same names and volumes, other prices."""
        factors = price_book.book()["core"]
        shown = self._attributes(family, family.bundle, "BYOL", (family.root, family.user))
        for rate, mode in (("month", "AlwaysOn"), ("fee", "AutoStop"), ("hour", "AutoStop")):
            item = Item(rate, family.name)  # type: ignore[arg-type]
            usd = price_book.price(item, self.region, self.day) * Decimal(factors[rate])
            name = price_book.usage_type(item, self.region).replace("AW-HW", "AW-Core")
            attributes = {**shown, "runningMode": mode, "usagetype": name}
            yield self._product(
                CORE, attributes, price_book.unit(item), usd.quantize(Decimal("0.01"))
            )

    def _pool(self, family: Family) -> Iterator[Product]:
        for licence in _LICENCES[:2]:
            shown = self._attributes(family, family.bundle, licence, (family.root, family.user))
            item = Item("pool-hour", family.name, licence)
            yield from self._row(item, {**shown, "runningMode": "Pool"})

    def _fees(self) -> Iterator[Product]:
        pools = {"runningMode": "Not Applicable Pools", "resourceType": "Hardware"}
        stopped = {**pools, "bundle": "Stopped Instance"}
        yield from self._row(Item("pool-stopped-hour"), stopped)
        yield from self._row(Item("pool-user"), {**pools, "bundle": "User Fee"})
        for kind, name in (("root-gb", "Root Volume"), ("user-gb", "User Volume")):
            item = Item(kind)  # type: ignore[arg-type]
            yield from self._row(item, {"bundle": name, "resourceType": "Hardware"})

    def _row(self, item: Item, attributes: dict[str, str]) -> Iterator[Product]:
        usd = price_book.listed(item, self.region, self.day)
        if usd is not None:
            name = price_book.usage_type(item, self.region)
            named = {**attributes, "usagetype": name}
            yield self._product(PERSONAL, named, price_book.unit(item), usd)

    def _product(self, family: str, attributes: dict[str, str], unit: str, usd: Decimal) -> Product:
        place = {
            "servicecode": SERVICE,
            "servicename": "Amazon WorkSpaces",
            "location": price_book.location(self.region),
            "locationType": "AWS Region",
            "regionCode": self.region,
            "operation": "",
        }
        whole = {**attributes, **place}
        identity = [family, *(f"{name}={value}" for name, value in sorted(whole.items())), unit]
        mode = attributes.get("runningMode", "")
        text = f"${usd} per {unit.lower()}-{mode}-{attributes['bundle']}-{self.region}"
        return Product(
            sku=Draws("sku", *identity).text(_SKU, 16),
            family=family,
            attributes=whole,
            unit=unit,
            usd=usd,
            description=text,
            effective=price_book.effective_from(self.day),
        )


def as_price_list(product: Product, day: date) -> dict[str, Any]:
    """The product as an entry of `PriceList`, before it becomes text."""
    term = f"{product.sku}.JRTCKXETXF"
    rate = f"{term}.6YS6EN2CT7"
    dimension = {
        "unit": product.unit,
        "endRange": "Inf",
        "description": product.description,
        "appliesTo": [],
        "rateCode": rate,
        "beginRange": "0",
        "pricePerUnit": {"USD": f"{product.usd:.10f}"},
    }
    return {
        "product": {
            "productFamily": product.family,
            "attributes": product.attributes,
            "sku": product.sku,
        },
        "serviceCode": SERVICE,
        "terms": {
            "OnDemand": {
                term: {
                    "priceDimensions": {rate: dimension},
                    "sku": product.sku,
                    "effectiveDate": f"{product.effective.isoformat()}T00:00:00Z",
                    "offerTermCode": "JRTCKXETXF",
                    "termAttributes": {},
                }
            }
        },
        "version": f"{day:%Y%m%d}000000",
        "publicationDate": f"{day.isoformat()}T00:00:00Z",
    }
