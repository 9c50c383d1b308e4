"""Questions to the audit trail, as tests put them, and what the ledger answers to the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from tests.conftest import ACCOUNT, REGION, Standin

START = datetime(2026, 2, 2, tzinfo=UTC)
END = datetime(2026, 3, 4, tzinfo=UTC)
HERE = f"account={ACCOUNT}&region={REGION}"


def lookup(standin: Standin, account: str = ACCOUNT, **params: Any) -> list[dict[str, Any]]:
    """Every event of a lookup, page after page."""
    client = standin.client("cloudtrail", account)
    pages = client.get_paginator("lookup_events").paginate(**params)
    return [event for page in pages for event in page["Events"]]


def attribute(key: str, value: str) -> list[dict[str, str]]:
    return [{"AttributeKey": key, "AttributeValue": value}]


def record(event: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(event["CloudTrailEvent"])
    return found


def truth(standin: Standin) -> list[dict[str, Any]]:
    interval = f"from={START:%Y-%m-%dT%H:%M:%SZ}&to={END:%Y-%m-%dT%H:%M:%SZ}"
    lines: list[dict[str, Any]] = standin.control(f"ledger?type=events&{HERE}&{interval}")
    return lines
