"""Service Quotas: what is granted of WorkSpaces and Directory Service, and AWS's defaults."""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.partition import partition_of
from aws_standin.fleet.quotas import SERVICES, Quota, quotas_of
from aws_standin.services.call import Call, Operation
from aws_standin.services.workspaces.pages import page_of

PAGE = 100


def list_service_quotas(call: Call) -> dict[str, Any]:
    """List the quotas in force."""
    wanted = call.params.get("QuotaCode")
    if call.params.get("QuotaAppliedAtLevel", "ACCOUNT") == "RESOURCE":
        return _page(call, [])
    return _page(call, [q for q in _quotas(call) if wanted in {None, q.code}])


def list_aws_default_service_quotas(call: Call) -> dict[str, Any]:
    """List the defaults."""
    return _page(call, _quotas(call), default=True)


def _quotas(call: Call) -> list[Quota]:
    service = call.params["ServiceCode"]
    if service not in SERVICES:
        raise AwsError("NoSuchResourceException", f"The service {service} has no quotas here.")
    return quotas_of(call.fleet.site, service)


def _page(call: Call, quotas: list[Quota], *, default: bool = False) -> dict[str, Any]:
    rows = [_as_quota(call, quota, default=default) for quota in quotas]
    limit = call.params.get("MaxResults", PAGE)
    return page_of(call, "Quotas", "QuotaCode", rows, limit, "InvalidPaginationTokenException")


def _as_quota(call: Call, quota: Quota, *, default: bool) -> dict[str, Any]:
    account = "" if default else call.identity.account
    place = f"{call.request.region}:{account}:{quota.service}"
    answer = {
        "ServiceCode": quota.service,
        "ServiceName": SERVICES[quota.service],
        "QuotaArn": f"arn:{partition_of(call.request.region)}:servicequotas:{place}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": float(quota.default if default else quota.value),
        "Unit": "None",
        "Adjustable": quota.adjustable,
        "GlobalQuota": False,
    }
    return answer if default else {**answer, "QuotaAppliedAtLevel": "ACCOUNT"}


OPERATIONS: dict[str, Operation] = {
    "ListServiceQuotas": list_service_quotas,
    "ListAWSDefaultServiceQuotas": list_aws_default_service_quotas,
}
"""What is served, by the operation's name."""
