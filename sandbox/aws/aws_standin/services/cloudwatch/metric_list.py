"""ListMetrics: which metrics have points, 500 a page.

As in CloudWatch, a metric without a point in the last two weeks is not listed, nor, with
`RecentlyActive`, one without a point in the last three hours. Directories come first, then
desktops, each in the order of ids and of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from aws_standin.metrics.catalogue import FLAGS, METRICS, NAMESPACE, Metric
from aws_standin.paging import position, token
from aws_standin.services.call import Call
from aws_standin.services.cloudwatch.metric_source import MetricSource

PAGE = 500
_RECENT = 3 * 3600
_LISTED = 14 * 86_400

Row = tuple[str, dict[str, Any]]
"""The key a page begins behind, and the `Metric` structure."""


def list_metrics(call: Call) -> dict[str, Any]:
    """List metrics, a page at a time."""
    digest = call.digest()
    after = position(call.params, digest, code="InvalidParameterValueException")
    rows: list[dict[str, Any]] = []
    last = ""
    for key, row in _rows(call, after):
        if len(rows) == PAGE:
            return {"Metrics": rows, "NextToken": token(last, digest)}
        rows.append(row)
        last = key
    return {"Metrics": rows}


def _rows(call: Call, after: str) -> Iterator[Row]:
    """Rows behind a key: `0` and a directory, or `1` and a desktop, and the metric's number."""
    if call.params.get("Namespace", NAMESPACE) != NAMESPACE:
        return
    names = {each["Name"]: each.get("Value") for each in call.params.get("Dimensions", ())}
    if not set(names) - {"DirectoryId"}:
        yield from _of_directories(call, after, names.get("DirectoryId"))
    if not set(names) - {"WorkspaceId"}:
        yield from _of_desktops(call, after, names.get("WorkspaceId"))


def _of_directories(call: Call, after: str, wanted: str | None) -> Iterator[Row]:
    if not after < "1":
        return
    taken = {desktop.directory.id for desktop in call.fleet.desktops()}
    for identity in sorted(taken if wanted is None else taken & {wanted}):
        for number, metric in enumerate(METRICS):
            key = f"0 {identity} {number:02}"
            if metric in FLAGS and key > after and _named(call, metric):
                yield key, _row(metric, "DirectoryId", identity)


def _of_desktops(call: Call, after: str, wanted: str | None) -> Iterator[Row]:
    since = call.now - (_RECENT if "RecentlyActive" in call.params else _LISTED)
    source = MetricSource(call.fleet, call.world.arrival, call.world.presence, call.now)
    begun = after.split(" ")[1] if after > "1" else ""
    following = chain([begun], call.fleet.listing_after(begun, call.now))
    ids = [wanted] if wanted is not None else following
    for identity in ids:
        desktop = call.fleet.find(identity)
        if desktop is None:
            continue
        wanted_metrics = [metric for metric in METRICS if _named(call, metric)]
        for metric in source.published(desktop, wanted_metrics, since):
            key = f"1 {identity} {METRICS.index(metric):02}"
            if key > after:
                yield key, _row(metric, "WorkspaceId", identity)


def _named(call: Call, metric: Metric) -> bool:
    return bool(call.params.get("MetricName", metric.name) == metric.name)


def _row(metric: Metric, dimension: str, value: str) -> dict[str, Any]:
    return {
        "Namespace": NAMESPACE,
        "MetricName": metric.name,
        "Dimensions": [{"Name": dimension, "Value": value}],
    }
