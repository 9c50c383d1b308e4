"""boto3 against every operation that is served: the answer parses, and the model's check passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore import xform_name
from moto.ds.responses import DirectoryServiceResponse

from aws_standin.contract.models import by_name
from aws_standin.services import sts
from aws_standin.services.catalogue import served
from aws_standin.services.moto_bridge import moto_serves
from aws_standin.services.workspaces import OPERATIONS
from tests.asking import all_desktops, refusal
from tests.conftest import ACCOUNT, OTHER_ACCOUNT, REGION, Standin

Params = Callable[[dict[str, Any]], dict[str, Any]]


def one(member: str) -> Params:
    return lambda desktop: {member: [{"WorkspaceId": desktop["WorkspaceId"]}]}


WORKSPACES: dict[str, Params] = {
    "DescribeWorkspaces": lambda _: {},
    "DescribeWorkspacesConnectionStatus": lambda w: {"WorkspaceIds": [w["WorkspaceId"]]},
    "DescribeWorkspaceDirectories": lambda w: {"DirectoryIds": [w["DirectoryId"]]},
    "DescribeWorkspaceBundles": lambda w: {"BundleIds": [w["BundleId"]]},
    "DescribeIpGroups": lambda _: {},
    "DescribeWorkspaceImages": lambda _: {},
    "DescribeWorkspaceSnapshots": lambda w: {"WorkspaceId": w["WorkspaceId"]},
    "DescribeWorkspacesPools": lambda _: {},
    "DescribeWorkspacesPoolSessions": lambda w: {"PoolId": w["PoolId"]},
    "DescribeAccount": lambda _: {},
    "DescribeAccountModifications": lambda _: {},
    "DescribeConnectionAliases": lambda _: {},
    "DescribeClientProperties": lambda w: {"ResourceIds": [w["DirectoryId"]]},
    "DescribeTags": lambda w: {"ResourceId": w["WorkspaceId"]},
    "CreateTags": lambda w: {
        "ResourceId": w["WorkspaceId"],
        "Tags": [{"Key": "a", "Value": "b"}],
    },
    "DeleteTags": lambda w: {"ResourceId": w["WorkspaceId"], "TagKeys": ["a"]},
    "StartWorkspaces": one("StartWorkspaceRequests"),
    "StopWorkspaces": one("StopWorkspaceRequests"),
    "RebootWorkspaces": one("RebootWorkspaceRequests"),
    "TerminateWorkspaces": one("TerminateWorkspaceRequests"),
    "ModifyWorkspaceProperties": lambda w: {
        "WorkspaceId": w["WorkspaceId"],
        "WorkspaceProperties": {"RunningMode": "ALWAYS_ON"},
    },
    "ModifyWorkspaceState": lambda w: {
        "WorkspaceId": w["WorkspaceId"],
        "WorkspaceState": "ADMIN_MAINTENANCE",
    },
}
START, END = "2026-03-04T11:00:00Z", "2026-03-04T12:00:00Z"
QUEUE = f"http://sqs.{REGION}.example.com/{ACCOUNT}/workspaces-access"
HANDLE = "WyJhIiwgMV0="
MONTH = {"TimePeriod": {"Start": "2026-02-01", "End": "2026-03-01"}, "Granularity": "MONTHLY"}
GLOBAL = frozenset({"ce", "pricing"})
"""Services with one place, us-east-1."""
OTHERS: dict[str, dict[str, Params]] = {
    "cloudwatch": {
        "GetMetricData": lambda w: {
            "MetricDataQueries": [
                {
                    "Id": "a",
                    "MetricStat": {
                        "Metric": {
                            "Namespace": "AWS/WorkSpaces",
                            "MetricName": "Stopped",
                            "Dimensions": [{"Name": "WorkspaceId", "Value": w["WorkspaceId"]}],
                        },
                        "Period": 300,
                        "Stat": "Maximum",
                    },
                }
            ],
            "StartTime": START,
            "EndTime": END,
        },
        "ListMetrics": lambda _: {"Namespace": "AWS/WorkSpaces"},
    },
    "cloudtrail": {"LookupEvents": lambda _: {"MaxResults": 3}},
    "ce": {
        "GetCostAndUsage": lambda _: {**MONTH, "Metrics": ["UnblendedCost"]},
        "GetCostAndUsageWithResources": lambda _: {
            "TimePeriod": {"Start": "2026-02-26", "End": "2026-03-01"},
            "Granularity": "DAILY",
            "Metrics": ["UnblendedCost"],
            "Filter": {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon WorkSpaces"]}},
            "GroupBy": [{"Type": "DIMENSION", "Key": "RESOURCE_ID"}],
        },
        "GetCostForecast": lambda _: {
            "TimePeriod": {"Start": "2026-03-04", "End": "2026-04-01"},
            "Granularity": "MONTHLY",
            "Metric": "UNBLENDED_COST",
        },
        "GetDimensionValues": lambda _: {
            "TimePeriod": MONTH["TimePeriod"],
            "Dimension": "SERVICE",
        },
    },
    "pricing": {
        "GetProducts": lambda _: {"ServiceCode": "AmazonWorkSpaces"},
        "DescribeServices": lambda _: {"ServiceCode": "AmazonWorkSpaces"},
        "GetAttributeValues": lambda _: {
            "ServiceCode": "AmazonWorkSpaces",
            "AttributeName": "bundle",
        },
    },
    "resourcegroupstaggingapi": {"GetResources": lambda _: {}},
    "service-quotas": {
        "ListServiceQuotas": lambda _: {"ServiceCode": "workspaces"},
        "ListAWSDefaultServiceQuotas": lambda _: {"ServiceCode": "ds"},
    },
    "ds-data": {"ListUsers": lambda w: {"DirectoryId": w["ManagedDirectoryId"]}},
    "sqs": {
        "GetQueueUrl": lambda _: {"QueueName": "workspaces-access"},
        "GetQueueAttributes": lambda _: {"QueueUrl": QUEUE, "AttributeNames": ["All"]},
        "ReceiveMessage": lambda _: {"QueueUrl": QUEUE, "MaxNumberOfMessages": 10},
        "DeleteMessage": lambda _: {"QueueUrl": QUEUE, "ReceiptHandle": HANDLE},
        "DeleteMessageBatch": lambda _: {
            "QueueUrl": QUEUE,
            "Entries": [{"Id": "a", "ReceiptHandle": HANDLE}],
        },
    },
}
"""Services of few operations, each with parameters that are answered."""
ROLE = {"RoleArn": f"arn:aws:iam::{OTHER_ACCOUNT}:role/reader", "RoleSessionName": "test"}
STS: dict[str, dict[str, Any]] = {
    "GetCallerIdentity": {},
    "AssumeRole": ROLE,
    "AssumeRoleWithWebIdentity": {**ROLE, "WebIdentityToken": "a.token.of.the.cluster"},
}


def test_the_tables_here_name_every_operation() -> None:
    assert set(WORKSPACES) == set(OPERATIONS)
    assert set(STS) == set(sts.OPERATIONS)
    for service, operations in OTHERS.items():
        assert set(operations) == set(served(service))


@pytest.mark.parametrize("operation", sorted(WORKSPACES))
def test_workspaces(standin: Standin, operation: str) -> None:
    standin.fleet(poolsPerRegion=1)
    client = standin.client("workspaces")
    desktop = next(w for w in all_desktops(client) if w["State"] in {"AVAILABLE", "STOPPED"})
    (pool,) = client.describe_workspaces_pools()["WorkspacesPools"]
    desktop["PoolId"] = pool["PoolId"]
    params = WORKSPACES[operation](desktop)
    answer = getattr(client, xform_name(operation))(**params)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(
    ("service", "operation"),
    [(service, operation) for service in sorted(OTHERS) for operation in sorted(OTHERS[service])],
)
def test_other_services(fleet: Standin, service: str, operation: str) -> None:
    desktop = all_desktops(fleet.client("workspaces"))[0]
    described = fleet.client("ds").describe_directories()["DirectoryDescriptions"]
    (managed,) = [row["DirectoryId"] for row in described if row["Type"] == "MicrosoftAD"]
    desktop["ManagedDirectoryId"] = managed
    params = OTHERS[service][operation](desktop)
    region = "us-east-1" if service in GLOBAL else REGION
    answer = getattr(fleet.client(service, region=region), xform_name(operation))(**params)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("operation", sorted(STS))
def test_sts(standin: Standin, operation: str) -> None:
    answer = getattr(standin.client("sts"), xform_name(operation))(**STS[operation])
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_describe_directories(fleet: Standin) -> None:
    kinds = [d["Type"] for d in fleet.client("ds").describe_directories()["DirectoryDescriptions"]]
    assert sorted(kinds) == ["ADConnector", "MicrosoftAD"]


@pytest.mark.parametrize("service", ["workspaces", "ds", "sts"])
def test_an_operation_that_is_not_served_is_an_error_of_the_protocol(
    fleet: Standin, service: str
) -> None:
    known = by_name(service)
    assert known is not None
    served = {"workspaces": set(WORKSPACES), "sts": set(STS)}.get(service)
    missing = [
        name
        for name in known.model.operation_names
        if (name not in served if served else not moto_serves(DirectoryServiceResponse, name))
    ]
    assert missing
    ask = getattr(fleet.client(service), xform_name(missing[0]))
    assert refusal(ask) == "UnknownOperationException"


def test_a_service_that_is_not_served_is_an_error_of_the_protocol(fleet: Standin) -> None:
    ask = fleet.client("secretsmanager").list_secrets
    assert refusal(ask) == "UnknownOperationException"
