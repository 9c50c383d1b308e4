"""The bill as files tell it: `cost_export` with its items, days and versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from compare import Expected, Key, Table
from expectation import Amount, Form, Within
from export import NAME, Delivery
from history import History, Json, Sync, Window
from plans import HUB

_PRODUCTS = {
    "Amazon WorkSpaces": "AmazonWorkSpaces",
    "AWS Directory Service": "AWSDirectoryService",
    "Tax": "AmazonWorkSpaces",
}
_DESKTOP = re.compile(r"workspace/(ws-[0-9a-z]+)$")
_EXECUTION = Form(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z-[0-9a-f-]{26}", "AWS's id of a delivery")
_ETAG = Form(r'"?[0-9a-f]{32}"?', "an entity tag")
Sums = dict[Key, list[Decimal]]


def read(history: History) -> Iterator[tuple[Sync, Delivery, Delivery | None]]:
    """Deliveries in the order they were read, each with the one of its month before."""
    known: dict[str, Delivery] = {}
    for sync in history.syncs:
        for delivery in sync.deliveries:
            month = delivery.month.isoformat()
            yield sync, delivery, known.get(month)
            known[month] = delivery


def months(history: History) -> Expected:
    """What is kept of each month; one between others that was not delivered says so."""
    rows: Expected = {}
    for sync in history.syncs:
        if "CostExport" not in sync.sources:
            continue
        for delivery in sync.deliveries:
            month = delivery.month
            written = Window(int(delivery.began), delivery.ended)
            rows[HUB, month.isoformat()] = {
                "manifest_key": f"cur/{NAME}/metadata/BILLING_PERIOD={month:%Y-%m}/"
                f"{NAME}-Manifest.json",
                "manifest_etag": _ETAG,
                "execution_id": _EXECUTION,
                "delivered_at": Within(written),
                "read_at": Within(sync.runs[HUB].window),
                "lines": len(delivery.lines),
                "lines_kept": sum(line["service"] in _PRODUCTS for line in delivery.lines),
                "unread_reason": None,
            }
        for month in sync.undelivered:
            rows[HUB, month.isoformat()] = {
                **dict.fromkeys(("manifest_key", "manifest_etag", "execution_id", "delivered_at")),
                **dict.fromkeys(("read_at", "lines", "lines_kept")),
                "unread_reason": "AWS has not delivered this month yet",
            }
    return rows


def _item(line: Json) -> Key:
    tags = sorted((f"user_{name}", value) for name, value in line["tags"].items())
    return (
        line["account"],
        line["region"] or None,
        line["resource"],
        line["usageType"],
        line["record"],
        ", ".join(f"{name}={value}" for name, value in tags) or None,
    )


def items(history: History) -> Expected:
    """What lines say beside day and amount: everything that any delivery ever said."""
    rows: Expected = {}
    for _, delivery, _ in read(history):
        for line in delivery.lines:
            if line["service"] in _PRODUCTS:
                desktop = _DESKTOP.search(line["resource"] or "")
                rows[HUB, *_item(line)] = {
                    "product_code": _PRODUCTS[line["service"]],
                    "workspace_id": desktop.group(1) if desktop else None,
                    "unit": line["unit"] or None,
                    "currency": "USD",
                    "tags": {f"user_{name}": value for name, value in line["tags"].items()},
                    "digest": Form("[0-9a-f-]{36}", "a digest"),
                }
    return rows


def days(history: History) -> Expected:
    """Amounts by item and day, of each month as it was delivered last."""
    latest = {delivery.month: delivery for _, delivery, _ in read(history)}
    rows: Expected = {}
    for month, delivery in latest.items():
        sums: Sums = {}
        for line in delivery.lines:
            if line["service"] in _PRODUCTS:
                key = (HUB, month.isoformat(), *_item(line), line["day"])
                _add(sums, key, line, ("quantity", "unblended", "netUnblended"))
        for key, (quantity, cost, net) in sums.items():
            rows[key] = {
                "usage_amount": Amount(quantity),
                "unblended": Amount(cost),
                "net_unblended": Amount(net),
            }
    return rows


def versions(history: History) -> Expected:
    """Sums of a month that a later delivery told otherwise, by usage type."""
    rows: Expected = {}
    for sync, delivery, earlier in read(history):
        if earlier is None:
            continue
        before, after = _by_type(earlier), _by_type(delivery)
        for key in before.keys() | after.keys():
            if before.get(key) != after.get(key):
                rows[HUB, delivery.month.isoformat(), *key] = {
                    "recorded_at": Within(sync.runs[HUB].window),
                    **_amounts("before", before.get(key)),
                    **_amounts("after", after.get(key)),
                    "execution_id_before": _EXECUTION,
                    "execution_id_after": _EXECUTION,
                }
    return rows


def _amounts(side: str, sums: list[Decimal] | None) -> Json:
    quantity, cost = (None, None) if sums is None else map(Amount, sums)
    return {f"usage_amount_{side}": quantity, f"unblended_{side}": cost}


def _by_type(delivery: Delivery) -> Sums:
    sums: Sums = {}
    for line in delivery.lines:
        if line["service"] in _PRODUCTS:
            key = (line["account"], line["usageType"], line["record"], "USD")
            _add(sums, key, line, ("quantity", "unblended"))
    return sums


def _add(sums: Sums, key: Key, line: Json, names: tuple[str, ...]) -> None:
    more = [Decimal(line[name]) for name in names]
    before = sums.get(key, [Decimal(0)] * len(names))
    sums[key] = [one + other for one, other in zip(before, more, strict=True)]


def met(history: History) -> Json:
    """How often what makes exports hard was met."""
    return {
        "a month of an export that was restated": len(versions(history)),
        "a month of an export that was not delivered yet": sum(
            len(sync.undelivered) for sync in history.syncs
        ),
    }


def nothing(_history: History) -> Expected:
    """No row: every file was read to its end."""
    return {}


_ITEM = ("usage_account_id", "region", "resource_id", "usage_type", "line_item_type", "tagged")
_TAGGED = (
    "(select string_agg(key || '=' || value, ', ' order by key collate \"C\")"
    " from jsonb_each_text(i.tags)) as tagged"
)
_JOINED = {"item_no": "a number of our own; joined to the item, which is compared"}

TABLES = (
    Table("cost_export", ("account_id", "month"), months, spoil="lines_kept = lines_kept + 1"),
    Table(
        "cost_export_item",
        ("account_id", *_ITEM),
        items,
        spoil="product_code = 'spoilt'",
        select=f"select i.*, {_TAGGED} from cost_export_item i",
        beside={"item_no": "a number of our own"},
    ),
    Table(
        "cost_export_day",
        ("account_id", "month", *_ITEM, "day"),
        days,
        spoil="unblended = unblended + 0.0000000001",
        select="select d.*, i.usage_account_id, i.region, i.resource_id, i.usage_type,"
        f" i.line_item_type, {_TAGGED}"
        " from cost_export_day d join cost_export_item i using (account_id, item_no)",
        beside=_JOINED,
    ),
    Table(
        "cost_export_version",
        (
            "account_id",
            "month",
            "usage_account_id",
            "usage_type",
            "line_item_type",
            "currency",
        ),
        versions,
        spoil="unblended_after = coalesce(unblended_after, 0) + 1",
    ),
    Table("cost_export_stage", ("account_id",), nothing, spoil=""),
)
