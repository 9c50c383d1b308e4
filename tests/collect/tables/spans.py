"""Rows that are something as it was for a while: `image`, `quota`, `tag`.

A row begins when a complete listing first shows it so, and ends when one no longer does. In: what
the listings of each sync showed. Out: rows with `valid_from` and `valid_to`, numbered by time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from compare import Expected, Key, Table
from expectation import Within
from history import History, Json, Reading, Site, Sync, Window
from words import moment, text, word

Shown = dict[Key, Json]
"""The columns of what one listing showed, by key."""


def of(source: str) -> Callable[[History, Site], Iterable[tuple[Sync, Reading, Window]]]:
    """Every reading of a source."""
    return lambda history, site: history.readings(site, source)


def spans(
    history: History,
    shown: Callable[[Site, Reading], Shown],
    reads: Callable[[History, Site], Iterable[tuple[Sync, Reading, Window]]],
) -> Expected:
    """Rows of a table that keeps what the listings of some readings showed."""
    rows: Expected = {}
    for site in history.sites:
        place = (site.account, site.region)
        current: dict[Key, tuple[Json, int]] = {}
        counts: dict[Key, int] = {}
        for _, reading, window in reads(history, site):
            found = shown(site, reading)
            for key, (columns, number) in list(current.items()):
                if found.get(key) != columns:
                    rows[*place, *key, number]["valid_to"] = Within(window)
                    del current[key]
            for key, columns in found.items():
                if key not in current:
                    number = counts[key] = counts.get(key, 0) + 1
                    current[key] = columns, number
                    begun = {**columns, "valid_from": Within(window), "valid_to": None}
                    rows[*place, *key, number] = begun
    return rows


def numbered(table: str, key: Iterable[str]) -> str:
    """All rows of such a table, with their number."""
    return (
        f"select *, row_number() over (partition by {', '.join(key)} order by valid_from)"
        f" as number from {table}"
    )


def _images(_site: Site, reading: Reading) -> Shown:
    return {(one["ImageId"],): _image(one, kind) for kind, one in reading.more["images"]}


def _image(one: Json, ownership: str) -> Json:
    updates = one.get("Updates", {})
    return {
        "ownership": ownership,
        "owner_account_id": text(one.get("OwnerAccountId")),
        "name": text(one.get("Name")),
        "description": text(one.get("Description")),
        "platform": word(one.get("OperatingSystem", {}).get("Type")),
        "state": word(one.get("State")),
        "required_tenancy": word(one.get("RequiredTenancy")),
        "created_at": moment(one.get("Created")),
        "update_available": updates.get("UpdateAvailable"),
        "update_description": text(updates.get("Description")),
        "error_code": text(one.get("ErrorCode")),
        "error_message": text(one.get("ErrorMessage")),
        "error_details": [
            {"code": row.get("ErrorCode"), "message": text(row.get("ErrorMessage"))}
            for row in one.get("ErrorDetails", [])
        ],
    }


def _quotas(_site: Site, reading: Reading) -> Shown:
    granted = {one["QuotaCode"]: one for one in reading.more["quotas"]}
    defaults = {one["QuotaCode"]: one for one in reading.more["default_quotas"]}
    found: Shown = {}
    for code in granted.keys() | defaults.keys():
        one = granted.get(code) or defaults[code]
        applied = _number(granted.get(code))
        default = _number(defaults.get(code))
        found["workspaces", code] = {
            "name": text(one.get("QuotaName")),
            "applied_value": applied,
            "default_value": default,
            "value": default if applied is None else applied,
            "is_adjustable": one["Adjustable"],
            "is_global": one["GlobalQuota"],
        }
    return found


def _number(quota: Json | None) -> Any:
    if quota is None or "Value" not in quota:
        return None
    # Postgres writes a whole number without its fraction.
    value = Decimal(str(quota["Value"]))
    return int(value) if value == value.to_integral_value() else value


def _tags(_site: Site, reading: Reading) -> Shown:
    return {
        (desktop, key): {"value": value}
        for desktop, tags in reading.tags.items()
        for key, value in tags.items()
    }


_PLACE = ("account_id", "region")
_IMAGE = (*_PLACE, "image_id")
_QUOTA = (*_PLACE, "service", "quota_code")
_TAG = (*_PLACE, "workspace_id", "key")

TABLES = (
    Table(
        "image",
        (*_IMAGE, "number"),
        lambda history: spans(history, _images, of("Images")),
        spoil="state = 'spoilt'",
        select=numbered("image", _IMAGE),
    ),
    Table(
        "quota",
        (*_QUOTA, "number"),
        lambda history: spans(history, _quotas, of("Quotas")),
        spoil="applied_value = applied_value + 1",
        select=numbered("quota", _QUOTA),
    ),
    Table(
        "tag",
        (*_TAG, "number"),
        lambda history: spans(history, _tags, of("Tags")),
        spoil="value = 'spoilt'",
        select=numbered("tag", _TAG),
    ),
)
