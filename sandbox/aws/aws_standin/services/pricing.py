"""The Price List: GetProducts, DescribeServices and GetAttributeValues for WorkSpaces.

As in AWS: one place (us-east-1, ap-south-1 or eu-central-1), products as JSON texts, at most 100 a
page, filters that all have to match. Prices are those of the fleet's day. Filters other than
TERM_MATCH are read as the model describes them. Deliberately absent: all other services.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from aws_standin.billing.price_book import book
from aws_standin.billing.products import SERVICE, Product, as_price_list, products
from aws_standin.errors import AwsError
from aws_standin.paging import position, token
from aws_standin.services.call import Call, Operation

PAGE = 100
PLACES = frozenset({"us-east-1", "ap-south-1", "eu-central-1"})
_FORMAT = "aws_v1"


def get_products(call: Call) -> dict[str, Any]:
    """List products that match every filter, a page at a time."""
    _check(call, call.params["ServiceCode"])
    day = _day(call)
    filters = call.params.get("Filters") or []
    rows = [
        product
        for region in sorted(book()["regions"])
        for product in products(region, day)
        if all(_matches(product, one) for one in filters)
    ]
    ordered = sorted(rows, key=lambda product: product.sku)
    shown, following = _page(call, [product.sku for product in ordered], PAGE)
    texts = [json.dumps(as_price_list(one, day)) for one in ordered if one.sku in set(shown)]
    return {"FormatVersion": _FORMAT, "PriceList": texts, **following}


def describe_services(call: Call) -> dict[str, Any]:
    """Name the attributes that products have."""
    _check(call, call.params.get("ServiceCode", SERVICE))
    names = {name for product in products("us-east-1", _day(call)) for name in product.attributes}
    names |= {"productFamily", "termType"}
    service = {"ServiceCode": SERVICE, "AttributeNames": sorted(names)}
    return {"FormatVersion": _FORMAT, "Services": [service]}


def get_attribute_values(call: Call) -> dict[str, Any]:
    """List the values that an attribute has."""
    _check(call, call.params["ServiceCode"])
    name, day = call.params["AttributeName"], _day(call)
    found = {_value(one, name) for region in book()["regions"] for one in products(region, day)}
    shown, following = _page(call, sorted(one for one in found if one), PAGE)
    return {"AttributeValues": [{"Value": value} for value in shown], **following}


def _page(call: Call, keys: list[str], most: int) -> tuple[list[str], dict[str, str]]:
    limit = min(call.params.get("MaxResults", most), most)
    digest = call.digest()
    after = position(call.params, digest, "InvalidNextTokenException")
    left = [key for key in keys if key > after]
    if len(left) <= limit:
        return left, {}
    return left[:limit], {"NextToken": token(left[limit - 1], digest)}


def _check(call: Call, service: str) -> None:
    if call.request.region not in PLACES:
        raise AwsError("AccessDeniedException", "The price list is served in us-east-1.")
    if service != SERVICE:
        raise AwsError("NotFoundException", f"There is no service {service} here.")


def _matches(product: Product, one: dict[str, str]) -> bool:
    return _FILTERS[one["Type"]](_value(product, one["Field"]), one["Value"])


def _value(product: Product, field: str) -> str | None:
    own = {"productFamily": product.family, "sku": product.sku, "ServiceCode": SERVICE}
    return own.get(field) or product.attributes.get(field)


def _day(call: Call) -> date:
    """Prices are published for whole days, those of the fleet's clock."""
    return datetime.fromtimestamp(call.now, UTC).date()


_FILTERS: dict[str, Callable[[str | None, str], bool]] = {
    "TERM_MATCH": lambda value, wanted: value is not None and value.lower() == wanted.lower(),
    "EQUALS": lambda value, wanted: value == wanted,
    "CONTAINS": lambda value, wanted: value is not None and wanted in value,
    "ANY_OF": lambda value, wanted: value in wanted.split(","),
    "NONE_OF": lambda value, wanted: value not in wanted.split(","),
}
OPERATIONS: dict[str, Operation] = {
    "GetProducts": get_products,
    "DescribeServices": describe_services,
    "GetAttributeValues": get_attribute_values,
}
