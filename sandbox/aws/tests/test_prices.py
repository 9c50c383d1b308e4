"""The price list: published figures, the traps a reader meets, pages and filters."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from aws_standin.billing.item import Item
from aws_standin.billing.price_book import families, listed, pairings, price, usage_type
from tests.asking import refusal
from tests.conftest import Standin
from tests.test_contract import EXAMPLES

DAY = date(2026, 6, 27)


def product_rows(standin: Standin, region: str = "us-east-1", **more: Any) -> list[dict[str, Any]]:
    """Every product of a filter, page after page."""
    client = standin.client("pricing", region=region)
    pages = client.get_paginator("get_products").paginate(ServiceCode="AmazonWorkSpaces", **more)
    return [json.loads(text) for page in pages for text in page["PriceList"]]


def match(**fields: str) -> list[dict[str, str]]:
    return [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in fields.items()]


def usd(row: dict[str, Any]) -> Decimal:
    (term,) = row["terms"]["OnDemand"].values()
    (dimension,) = term["priceDimensions"].values()
    return Decimal(dimension["pricePerUnit"]["USD"])


@pytest.mark.parametrize(
    ("family", "month", "fee", "hour"),
    [
        ("VALUE", "25", "7.25", "0.22"),
        ("STANDARD", "35", "9.75", "0.30"),
        ("PERFORMANCE", "50", "13", "0.47"),
        ("POWER", "78", "19", "0.68"),
        ("POWERPRO", "140", "19", "1.53"),
    ],
)
def test_published_prices_are_the_published_ones(
    family: str, month: str, fee: str, hour: str
) -> None:
    rates = [price(Item(kind, family), "us-east-1", DAY) for kind in ("month", "fee", "hour")]
    assert rates == [Decimal(month), Decimal(fee), Decimal(hour)]


def test_usage_types_are_told_in_awss_manner() -> None:
    assert usage_type(Item("month", "STANDARD"), "us-east-1") == "AW-HW-2"
    assert usage_type(Item("fee", "STANDARD"), "eu-west-1") == "EU-AW-HW-2-AutoStop-User"
    assert usage_type(Item("hour", "POWER"), "ap-southeast-1") == "APS1-AW-HW-8-AutoStop-Usage"


def test_no_two_items_of_a_region_share_a_usage_type() -> None:
    items = [
        Item(kind, family.name, licence, pairing)
        for kind in ("month", "fee", "hour")
        for family in families()
        for licence in ("Windows", "BYOL", "Amazon Linux", "Ubuntu Linux")
        for pairing in range(-1, len(pairings()) if kind != "hour" else 0)
    ]
    assert len({usage_type(item, "eu-west-1") for item in items}) == len(items)


def test_prices_change_on_certain_days_and_are_never_nothing() -> None:
    item = Item("hour", "PERFORMANCE")
    assert price(item, "us-east-1", date(2026, 1, 31)) != price(item, "us-east-1", DAY)
    for family in families():
        for region in ("us-east-1", "sa-east-1", "ap-southeast-1", "xx-moon-1"):
            assert price(Item("hour", family.name, "BYOL"), region, DAY) > 0


def test_regions_spread_by_more_than_a_tenth() -> None:
    month = Item("month", "STANDARD")
    found = {price(month, region, DAY) for region in ("us-east-1", "eu-central-1", "sa-east-1")}
    assert max(found) > min(found) * Decimal("1.1")


def test_a_page_has_at_most_a_hundred_products_and_all_are_different(standin: Standin) -> None:
    client = standin.client("pricing", region="us-east-1")
    page = client.get_products(ServiceCode="AmazonWorkSpaces")
    assert len(page["PriceList"]) == 100
    rows = product_rows(standin, Filters=match(regionCode="eu-west-1"))
    skus = [row["product"]["sku"] for row in rows]
    assert len(skus) == len(set(skus)) > 400


def test_the_product_family_tells_a_desktop_from_its_twin(standin: Standin) -> None:
    wanted = match(location="EU (Ireland)", bundle="Standard", runningMode="AlwaysOn",
                   resourceType="Hardware")  # fmt: skip
    rows = product_rows(standin, Filters=wanted)
    families_found = {row["product"]["productFamily"] for row in rows}
    assert families_found == {"Enterprise Applications", "WorkSpaces Core"}
    personal = product_rows(standin, Filters=[*wanted, *match(
        productFamily="Enterprise Applications", license="Included")])  # fmt: skip
    (row,) = personal
    assert usd(row) == Decimal(37)


def test_pairings_are_bundles_of_their_own_without_an_hourly_price(standin: Standin) -> None:
    for bundle, units in (("Power", {"Month", "Hour"}), ("Power-0", {"Month"})):
        rows = product_rows(standin, Filters=match(
            regionCode="us-east-1", bundle=bundle, productFamily="Enterprise Applications",
            operatingSystem="Windows", license="Included", resourceType="Hardware"))  # fmt: skip
        found = {
            dimension["unit"]
            for row in rows
            if row["product"]["attributes"]["runningMode"] != "Pool"
            for term in row["terms"]["OnDemand"].values()
            for dimension in term["priceDimensions"].values()
        }
        assert found == units


def test_software_costs_nothing_in_plain_bundles_and_something_in_plus(standin: Standin) -> None:
    software = {
        included: {usd(row) for row in product_rows(standin, Filters=match(
            regionCode="us-east-1", resourceType="Software", softwareIncluded=included))}
        for included in ("Base", "Plus")
    }  # fmt: skip
    assert software == {"Base": {Decimal(0)}, "Plus": {Decimal(15)}}


def test_own_licences_are_any_or_windows(standin: Standin) -> None:
    rows = product_rows(standin, Filters=match(
        regionCode="us-east-1", license="Bring Your Own License",
        productFamily="Enterprise Applications"))  # fmt: skip
    systems = {row["product"]["attributes"]["operatingSystem"] for row in rows}
    assert systems == {"Any", "Windows"}


def test_the_list_has_holes_where_the_bill_has_none(standin: Standin) -> None:
    item = Item("month", "POWER", pairing=0)
    assert listed(item, "ap-southeast-1", DAY) is None
    assert price(item, "ap-southeast-1", DAY) > 0
    rows = product_rows(standin, Filters=match(regionCode="ap-southeast-1", bundle="Power-0",
                                               license="Included"))  # fmt: skip
    assert rows == []


def test_a_token_is_bound_to_its_filters(standin: Standin) -> None:
    client = standin.client("pricing", region="us-east-1")
    token = client.get_products(ServiceCode="AmazonWorkSpaces")["NextToken"]
    ask = client.get_products
    code = refusal(ask, ServiceCode="AmazonWorkSpaces", NextToken=token, MaxResults=9)
    assert code == "InvalidNextTokenException"


def test_other_services_and_places_are_refused(standin: Standin) -> None:
    ask = standin.client("pricing", region="us-east-1").get_products
    assert refusal(ask, ServiceCode="AmazonEC2") == "NotFoundException"
    ask = standin.client("pricing", region="eu-west-1").get_products
    assert refusal(ask, ServiceCode="AmazonWorkSpaces") == "AccessDeniedException"


def test_entries_have_the_members_of_awss_own_example(standin: Standin) -> None:
    text = (EXAMPLES / "pricing" / "get-products.rst").read_text()
    (published,) = json.loads(text.split("Output::")[1])["PriceList"]
    (entry, *_) = product_rows(standin, Filters=match(regionCode="us-east-1", bundle="Value"))
    assert _members(json.loads(published)) <= _members(entry)


def _members(entry: Any) -> set[str]:
    """Names of members, but for attributes and for those that are SKUs and codes."""
    if not isinstance(entry, dict):
        return set()
    names = {name for name in entry if "." not in name}
    inner = [value for name, value in entry.items() if name != "attributes"]
    return names.union(*(_members(value) for value in inner))


def test_attributes_and_their_values_can_be_listed(standin: Standin) -> None:
    client = standin.client("pricing", region="us-east-1")
    (service,) = client.describe_services(ServiceCode="AmazonWorkSpaces")["Services"]
    assert {"bundle", "usagetype", "runningMode"} <= set(service["AttributeNames"])
    pages = client.get_paginator("get_attribute_values").paginate(
        ServiceCode="AmazonWorkSpaces", AttributeName="runningMode"
    )
    values = {one["Value"] for page in pages for one in page["AttributeValues"]}
    assert {"AlwaysOn", "AutoStop", "Pool"} <= values
