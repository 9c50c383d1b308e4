"""Questions to Cost Explorer, as tests put them, and what the ledger answers to the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.conftest import ACCOUNT, Standin

FEBRUARY = {"Start": "2026-02-01", "End": "2026-03-01"}
USAGE = {"Type": "DIMENSION", "Key": "USAGE_TYPE"}
LINKED = {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}
BOTH = ["UnblendedCost", "NetUnblendedCost", "UsageQuantity"]
WORKSPACES = {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon WorkSpaces"]}}
NOTHING = {"Key": "SERVICE", "Values": ["x"]}


def client(standin: Standin, account: str = ACCOUNT) -> Any:
    return standin.client("ce", account, "us-east-1")


def ask(standin: Standin, account: str = ACCOUNT, **params: Any) -> list[dict[str, Any]]:
    """Every result of GetCostAndUsage, page after page; a period that goes on is joined."""
    wanted: dict[str, Any] = {
        "TimePeriod": FEBRUARY, "Granularity": "DAILY", "Metrics": BOTH, **params,
    }  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    token: dict[str, str] = {}
    explorer = client(standin, account)
    while True:
        page = explorer.get_cost_and_usage(**wanted, **token)
        for result in page["ResultsByTime"]:
            start = result["TimePeriod"]["Start"]
            if start in found:
                found[start]["Groups"] += result["Groups"]
            else:
                found[start] = result
        if "NextPageToken" not in page:
            return list(found.values())
        token = {"NextPageToken": page["NextPageToken"]}


def total(results: list[dict[str, Any]], metric: str = "UnblendedCost") -> Decimal:
    groups = [group["Metrics"] for result in results for group in result["Groups"]]
    totals = [result["Total"] for result in results if result["Total"]]
    return sum((Decimal(one[metric]["Amount"]) for one in groups + totals), Decimal(0))


def ledger(standin: Standin, kind: str = "costs", more: str = "") -> list[dict[str, Any]]:
    interval = "from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z"
    lines: list[dict[str, Any]] = standin.control(f"ledger?type={kind}&{interval}{more}")
    return lines
