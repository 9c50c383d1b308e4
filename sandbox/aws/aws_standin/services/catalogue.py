"""Every operation that is served. One that is missing here is answered as unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from aws_standin.services import (
    cloudtrail,
    directory_data,
    directory_service,
    pricing,
    service_quotas,
    sqs,
    sts,
    tagging,
)
from aws_standin.services.call import Operation
from aws_standin.services.cloudwatch import OPERATIONS as CLOUDWATCH
from aws_standin.services.cost_explorer import OPERATIONS as COST_EXPLORER
from aws_standin.services.workspaces import OPERATIONS as WORKSPACES


def find(service: str, operation: str) -> Operation | None:
    """The operation's implementation, if it is served."""
    if service == "ds":
        return directory_service.operation(operation)
    return _OPERATIONS.get(service, {}).get(operation)


def served(service: str) -> Iterable[str]:
    """Names of a service's operations, other than those that moto answers."""
    return _OPERATIONS.get(service, {})


def early_check(service: str, operation: str) -> Callable[[dict[str, Any]], None] | None:
    """What refuses parameters in the service's own words before the model's check does."""
    return _EARLY_CHECKS.get(service, {}).get(operation)


_EARLY_CHECKS: dict[str, dict[str, Callable[[dict[str, Any]], None]]] = {
    "cloudtrail": cloudtrail.EARLY_CHECKS,
}
_OPERATIONS: dict[str, dict[str, Operation]] = {
    "workspaces": WORKSPACES,
    "sts": sts.OPERATIONS,
    "cloudtrail": cloudtrail.OPERATIONS,
    "ce": COST_EXPLORER,
    "pricing": pricing.OPERATIONS,
    "cloudwatch": CLOUDWATCH,
    "resourcegroupstaggingapi": tagging.OPERATIONS,
    "service-quotas": service_quotas.OPERATIONS,
    "ds-data": directory_data.OPERATIONS,
    "sqs": sqs.OPERATIONS,
}
