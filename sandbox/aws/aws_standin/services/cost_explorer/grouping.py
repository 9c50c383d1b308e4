"""Grouping and metrics: which groups a line belongs to, and what a group's amounts are.

In: lines, GroupBy, Metrics. Out: the API's groups and amounts. Amounts are decimal texts. A
quantity has the unit of its lines, and `N/A` where they differ, as adding hours to months means
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aws_standin.billing.ledger import plain
from aws_standin.billing.line import Line
from aws_standin.errors import AwsError
from aws_standin.services.cost_explorer.filters import dimension, tag_value

MOST_GROUPS = 2
_CURRENCY = "USD"
_COSTS: dict[str, Callable[[Line], Decimal]] = {
    "UnblendedCost": lambda line: line.cost,
    "BlendedCost": lambda line: line.cost,
    "AmortizedCost": lambda line: line.cost,
    "NetUnblendedCost": lambda line: line.net,
    "NetAmortizedCost": lambda line: line.net,
}
_QUANTITIES = ("UsageQuantity", "NormalizedUsageAmount")

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """How the lines of a request are grouped."""

    definitions: list[dict[str, str]]

    def keys(self, line: Line) -> Keys:
        """The line's group."""
        return tuple(_value(one, line) for one in self.definitions)

    def by(self, key: str) -> bool:
        """Whether lines are grouped by this key."""
        return any(one.get("Key") == key for one in self.definitions)

    @property
    def needs_resources(self) -> bool:
        """Whether groups are made of what summed lines do not have."""
        return self.by("RESOURCE_ID") or any(one.get("Type") == "TAG" for one in self.definitions)


def grouping_of(params: dict[str, Any]) -> Grouping:
    """The request's grouping; AWS takes at most two."""
    definitions = params.get("GroupBy") or []
    if len(definitions) > MOST_GROUPS:
        raise AwsError("ValidationException", "The maximum number of groups is 2")
    for one in definitions:
        if one.get("Type") == "DIMENSION":
            dimension(one.get("Key", ""))
        elif one.get("Type") != "TAG":
            raise AwsError("ValidationException", f"Group type {one.get('Type')} is not supported")
    return Grouping(definitions)


def metrics_of(params: dict[str, Any]) -> list[str]:
    """The request's metrics, each known and none twice."""
    wanted = params.get("Metrics") or []
    unknown = [name for name in wanted if name not in _COSTS and name not in _QUANTITIES]
    if not wanted or unknown:
        known = ", ".join((*_COSTS, *_QUANTITIES))
        raise AwsError("ValidationException", f"Metrics must be out of {known}")
    return list(dict.fromkeys(wanted))


def amounts(lines: Iterable[Line], metrics: list[str]) -> dict[str, dict[str, str]]:
    """The API's metric values of some lines."""
    kept = list(lines)
    answer = {}
    for name in metrics:
        if name in _COSTS:
            total = sum((_COSTS[name](line) for line in kept), Decimal(0))
            answer[name] = {"Amount": plain(total), "Unit": _CURRENCY}
        else:
            total = sum((line.quantity for line in kept), Decimal(0))
            units = {line.unit for line in kept if line.unit}
            unit = next(iter(units)) if len(units) == 1 else "N/A"
            answer[name] = {"Amount": plain(total), "Unit": unit}
    return answer


def _value(definition: dict[str, str], line: Line) -> str:
    key = definition.get("Key", "")
    if definition.get("Type") == "TAG":
        return f"{key}${tag_value(line, key)}"
    return dimension(key)(line)
