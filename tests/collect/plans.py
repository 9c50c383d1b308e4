"""Who is read, and the plans that the operator would make for it.

In: an address and a `Sync`. Out: plans as JSON. The second account is read through a role that the
first may assume; the others have keys of their own.
"""

from __future__ import annotations

from typing import Any

from history import Site, Sync

Json = dict[str, Any]

HUB, SECOND, THIRD = "111111111111", "222222222222", "333333333333"
ACCOUNTS = (HUB, SECOND, THIRD)
REGIONS = ("ap-southeast-2", "eu-central-1", "us-east-1", "us-west-2")
SITES = tuple(Site(account, region) for account in ACCOUNTS for region in REGIONS)
SOURCES = (
    "Inventory",
    "ConnectionStatus",
    "Directories",
    "Bundles",
    "Images",
    "Pools",
    "Tags",
    "Quotas",
    "Metrics",
)
BESIDE = ("Snapshots", "AuditTrail", "AccessEvents", "Leavers", "Cost", "Prices")
"""Sources that are read by a schedule of their own."""
KEPT_ELSEWHERE = ("AuditTrail", "AccessEvents")
"""Sources that tell what happened and forget it: CloudTrail after 90 days, a queue at once."""
QUEUE_REGION = "us-east-1"
"""Where each account has its queue of access events."""
FIRST_DAYS = 70
"""Days of metrics of the first fleet: more than are kept by five minutes, for hours as well."""
ROLE = f"arn:aws:iam::{SECOND}:role/deskfleet-read"


def access_key(account: str) -> str:
    """The access key of an account."""
    return f"AKIA{account}AAAA"


def plan(url: str, account: str, trigger: str, sync: Sync, export: Json) -> Json:
    """The plan the operator would make; `export` says where the cost export lies."""
    credentials: Json = {"direct": "secret"}
    if account == SECOND:
        credentials = {"assumeRole": {"roleArn": ROLE, "externalId": True, "from": "secret"}}
    fast = {"rate": 500, "burst": 200}
    slow = {"rate": 20, "burst": 4}
    operations = (
        "DescribeWorkspaceDirectories",
        "DescribeDirectories",
        "DescribeIpGroups",
        "DescribeConnectionAliases",
        "DescribeDirectoryDataAccess",
        "GetCostAndUsage",
        "GetCostAndUsageWithResources",
        "GetCostForecast",
        "GetDimensionValues",
        "GetProducts",
        "DescribeWorkspaceSnapshots",
        "ListUsers",
        "DescribeAccount",
        "DescribeAccountModifications",
        "DescribeClientProperties",
        "DescribeDomainControllers",
        "DescribeTrusts",
        "DescribeLDAPSSettings",
        "DescribeSnapshots",
        "GetSnapshotLimits",
        "GetDirectoryLimits",
        "ListCertificates",
        "DescribeCertificate",
        "ListLogSubscriptions",
        "DescribeWorkspaceBundles",
        "DescribeWorkspaceImages",
        "DescribeWorkspacesPools",
        "DescribeWorkspacesPoolSessions",
        "ListServiceQuotas",
        "ListAWSDefaultServiceQuotas",
        "GetResources",
        "GetMetricData",
        "GetCallerIdentity",
        "AssumeRole",
        "LookupEvents",
        "ReceiveMessage",
        "DeleteMessageBatch",
        "ListObjectsV2",
        "GetObject",
    )
    pace = dict.fromkeys(operations, fast)
    pace |= {"DescribeWorkspaces": slow, "DescribeWorkspacesConnectionStatus": slow}
    return {
        "version": 1,
        "task": "sync",
        "schedule": {"namespace": "deskfleet", "name": f"all-{account}"},
        "trigger": trigger,
        "account": {
            "object": {"namespace": "deskfleet", "name": f"account-{account}"},
            "accountId": account,
            "regions": list(REGIONS),
            "credentials": credentials,
            "pace": pace,
            "budget": {"costExplorerRequestsPerDay": 1000},
            "costExport": export,
            "accessEvents": {
                "queueUrl": f"https://sqs.{QUEUE_REGION}.amazonaws.com/{account}/workspaces-access"
            },
            "endpointUrl": url,
            "endpointServesSts": True,
        },
        "sources": list(sync.sources),
        "regions": list(REGIONS),
        "parallelism": 1,
        "jitterSeconds": 0,
        "metricsHistoryDays": sync.metrics_days,
    }
