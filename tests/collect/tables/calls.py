"""The ledger of calls and of what they cost: `aws_call`, `aws_budget`.

Calls are those of the stand-in's own log, so what deskfleet says it did is what AWS saw. The S3
server keeps no log: of its calls only bounds are known.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import health
import money
from compare import Expected, Table
from evidence import metrics_asked
from expectation import Amount, Between, Within
from history import History, Json, Run, Site, Sync

_PRICE_OF_A_METRIC = Decimal("0.00001")
PRICE_OF_A_PAGE = Decimal("0.01")
_PAID_PAGES = frozenset(
    {"GetCostAndUsage", "GetCostAndUsageWithResources", "GetCostForecast", "GetDimensionValues"}
)
_SOURCES = {
    "DescribeWorkspaces": "inventory",
    "DescribeWorkspacesConnectionStatus": "connection_status",
    "DescribeWorkspaceDirectories": "directories",
    "DescribeDirectories": "directories",
    "DescribeIpGroups": "directories",
    "DescribeConnectionAliases": "directories",
    "DescribeAccount": "directories",
    "DescribeAccountModifications": "directories",
    "DescribeClientProperties": "directories",
    "DescribeDomainControllers": "directories",
    "DescribeTrusts": "directories",
    "DescribeLDAPSSettings": "directories",
    "DescribeSnapshots": "directories",
    "GetSnapshotLimits": "directories",
    "GetDirectoryLimits": "directories",
    "ListCertificates": "directories",
    "DescribeCertificate": "directories",
    "ListLogSubscriptions": "directories",
    "DescribeWorkspaceBundles": "bundles",
    "DescribeWorkspaceSnapshots": "snapshots",
    "DescribeWorkspaceImages": "images",
    "DescribeWorkspacesPools": "pools",
    "DescribeWorkspacesPoolSessions": "pools",
    "ListServiceQuotas": "quotas",
    "ListAWSDefaultServiceQuotas": "quotas",
    "GetResources": "tags",
    "GetMetricData": "metrics",
    "GetProducts": "prices",
    "LookupEvents": "audit_trail",
    "ReceiveMessage": "access_events",
    "DeleteMessageBatch": "access_events",
    **dict.fromkeys(_PAID_PAGES, "cost"),
}
_OF_LEAVERS = {
    "DescribeWorkspaceDirectories": "leavers",
    "DescribeDirectories": "leavers",
    "DescribeDirectoryDataAccess": "leavers",
    "ListUsers": "leavers",
}
"""Where Leavers are read, and Directories are not."""
_CLASSES = {
    "ok": "ok",
    "ThrottlingException": "throttle",
    "AccessDeniedException": "permission",
    "InternalServerException": "fault",
    "ResourceNotFoundException": "bad_request",
}
"""What an answer is counted as."""


_OF_OBJECTS = frozenset({"ListObjectsV2", "GetObject"})
PRICE_OF_OBJECTS = Between(Decimal(0), Decimal("0.00001"))
"""Half a cent for a thousand listings, and less for pieces of objects."""
NOT_SEEN = "the log tells calls, not their size or time"


def source_of(sync: Sync, call: Json) -> str | None:
    """Whose call it was."""
    named = _SOURCES if "Directories" in sync.sources else {**_SOURCES, **_OF_LEAVERS}
    return named.get(call["operation"])


def price_of_metrics(history: History, sync: Sync, site: Site, desktops: list[str]) -> Decimal:
    """What the metrics of these desktops cost at a sync."""
    before = {
        desktop
        for earlier in history.syncs[: sync.number]
        if earlier.lists(site)
        for desktop in earlier.readings[site].desktops
    }
    asked = sum(metrics_asked(sync, before=desktop in before) for desktop in desktops)
    of_health = health.asked(history, site)
    of_desktops = (of_health.get((sync.number, desktop)) for desktop in desktops)
    asked += sum(one.metrics for one in of_desktops if one is not None)
    return _PRICE_OF_A_METRIC * asked


def objects_asked(sync: Sync) -> dict[str, tuple[int, int]]:
    """Calls at least and at most.

    Of each month that came the manifest, its only file in a few pieces, and whether it is still
    the same.
    """
    if "CostExport" not in sync.sources:
        return {}
    months = len(sync.deliveries)
    return {"ListObjectsV2": (1, 1), "GetObject": (3 * months, 6 * months)}


def calls(history: History) -> Expected:
    """The ledger of calls: what the stand-in logged, by run, region, operation and outcome."""
    rows: Expected = {}
    for sync in history.syncs:
        for run in sync.runs.values():
            counted = Counter(
                (call["region"], call["operation"], _outcome(sync, run, call)) for call in run.calls
            )
            for (region, operation, outcome), number in counted.items():
                price = Decimal(0)
                if operation == "GetMetricData":
                    site = Site(run.account, region)
                    price = price_of_metrics(
                        history, sync, site, list(sync.readings[site].desktops)
                    )
                if operation in _PAID_PAGES:
                    price = PRICE_OF_A_PAGE * number
                rows[run.run_id, run.account, region, operation, outcome] = {
                    "calls": number,
                    "cost_usd": Amount(price),
                    "first_at": Within(run.window),
                    "last_at": Within(run.window),
                }
            for operation, bounds in objects_asked(sync).items():
                rows[run.run_id, run.account, money.HOME, operation, "ok"] = {
                    "calls": Between(*bounds),
                    "cost_usd": PRICE_OF_OBJECTS,
                    "first_at": Within(run.window),
                    "last_at": Within(run.window),
                }
    return rows


def _outcome(sync: Sync, run: Run, call: Json) -> str:
    # The log has a broken body as answered: only the client sees that it has no end.
    place = Site(run.account, call["region"]), call["operation"]
    if call["outcome"] == "ok" and call["fault"] and place in sync.broken:
        return "network"
    return _CLASSES[call["outcome"]]


def budgets(history: History) -> Expected:
    """What paid calls cost each account in the month they were made in."""
    spent: dict[tuple[str, str, str], Decimal] = {}
    for (run_id, account, _, operation, _), row in calls(history).items():
        if operation in _OF_OBJECTS:
            continue
        price: Decimal = row["cost_usd"].amount
        if price:
            began = datetime.fromtimestamp(_run(history, run_id).window.first, UTC)
            month = account, "cloudwatch", f"{began:%Y-%m}-01"
            day = account, "cost_explorer", f"{began:%Y-%m-%d}"
            key = day if operation in _PAID_PAGES else month
            spent[key] = spent.get(key, Decimal(0)) + price
    return {key: {"spent_usd": Amount(amount)} for key, amount in spent.items()}


def _run(history: History, run_id: str) -> Run:
    return next(run for sync in history.syncs for run in sync.runs.values() if run.run_id == run_id)


TABLES = (
    Table(
        "aws_call",
        ("run_id", "account_id", "region", "operation", "outcome"),
        calls,
        spoil="calls = calls + 1",
        beside={"bytes": NOT_SEEN, "duration_ms": NOT_SEEN},
    ),
    Table(
        "aws_budget",
        ("account_id", "purse", "period_start"),
        budgets,
        spoil="spent_usd = 0",
    ),
)
