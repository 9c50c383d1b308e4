"""GetDimensionValues: which services, usage types, accounts there are in a period."""

from __future__ import annotations

from typing import Any

from aws_standin.services.call import Call
from aws_standin.services.cost_explorer.asking import (
    check_history,
    check_place,
    lines_between,
    period_of,
)
from aws_standin.services.cost_explorer.filters import dimension, needs_resources, predicate
from aws_standin.services.cost_explorer.pages import page_of

PAGE = 1000


def get_dimension_values(call: Call) -> dict[str, Any]:
    """List a dimension's values, a page at a time."""
    check_place(call)
    period = period_of(call)
    check_history(call, period)
    key, expression = call.params["Dimension"], call.params.get("Filter")
    value = dimension(key)
    by_resource = key == "RESOURCE_ID" or needs_resources(expression)
    lines = lines_between(call, period, by_resource=by_resource, fits=predicate(expression))
    text = call.params.get("SearchString", "").lower()
    found = sorted({one for one in map(value, lines) if text in one.lower()})
    page, following = page_of(call, found, call.params.get("MaxResults", PAGE))
    return {
        "DimensionValues": [_shown(key, one) for one in page],
        "ReturnSize": len(page),
        "TotalSize": len(found),
        **following,
    }


def _shown(key: str, value: str) -> dict[str, Any]:
    named = key == "LINKED_ACCOUNT"
    return {"Value": value, "Attributes": {"description": f"desks-{value[:3]}"} if named else {}}
