"""DescribeWorkspacesPools and DescribeWorkspacesPoolSessions."""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.partition import partition_of
from aws_standin.fleet.pools import Pool, PoolSession, pools_of, present_sessions
from aws_standin.services.call import Call
from aws_standin.services.workspaces.pages import PAGE, page_of

SESSIONS_PAGE = 50


def describe_workspaces_pools(call: Call) -> dict[str, Any]:
    """List pools with their capacity at this instant."""
    pools = pools_of(call.fleet.site)
    if "PoolIds" in call.params:
        pools = tuple(_pool(call, identity) for identity in dict.fromkeys(call.params["PoolIds"]))
    for wanted in call.params.get("Filters", ()):
        pools = tuple(pool for pool in pools if _fits(pool.name, wanted))
    rows = [_as_pool(pool, call.now) for pool in pools]
    return page_of(call, "WorkspacesPools", "PoolId", rows, call.params.get("Limit", PAGE))


def describe_workspaces_pool_sessions(call: Call) -> dict[str, Any]:
    """List the sessions that hold a pool's capacity now, connected or not."""
    pool = _pool(call, call.params["PoolId"])
    sessions = [
        one
        for one in present_sessions(pool, call.now)
        if call.params.get("UserId", one.user) == one.user
    ]
    rows = [_as_session(pool, one, call.now) for one in sessions]
    return page_of(call, "Sessions", "SessionId", rows, call.params.get("Limit", SESSIONS_PAGE))


def _pool(call: Call, identity: str) -> Pool:
    for pool in pools_of(call.fleet.site):
        if pool.id == identity:
            return pool
    raise AwsError("ResourceNotFoundException", f"The pool {identity} was not found.")


def _fits(name: str, wanted: dict[str, Any]) -> bool:
    values = wanted["Values"]
    match wanted["Operator"]:
        case "EQUALS":
            return name in values
        case "NOTEQUALS":
            return name not in values
        case "CONTAINS":
            return any(value in name for value in values)
        case _:
            return not any(value in name for value in values)


def _as_pool(pool: Pool, now: int) -> dict[str, Any]:
    active = len(present_sessions(pool, now))
    actual = 0 if pool.stopped else max(pool.desired, active)
    answer = {
        "PoolId": pool.id,
        "PoolArn": f"arn:{partition_of(pool.site.region)}:workspaces:{pool.site.region}"
        f":{pool.site.account}:workspacespool/{pool.id}",
        "CapacityStatus": {
            "AvailableUserSessions": actual - active,
            "DesiredUserSessions": pool.desired,
            "ActualUserSessions": actual,
            "ActiveUserSessions": active,
        },
        "PoolName": pool.name,
        "Description": f"Pool {pool.name}",
        "State": "STOPPED" if pool.stopped else "RUNNING",
        "CreatedAt": pool.created,
        "BundleId": pool.bundle,
        "DirectoryId": pool.directory,
        "ApplicationSettings": {"Status": "DISABLED"},
        "TimeoutSettings": {
            "DisconnectTimeoutInSeconds": pool.disconnect_timeout,
            "IdleDisconnectTimeoutInSeconds": 0,
            "MaxUserDurationInSeconds": pool.longest_session,
        },
        "RunningMode": pool.running_mode,
    }
    if pool.error is not None:
        message = "A subnet has no free addresses."
        answer["Errors"] = [{"ErrorCode": pool.error, "ErrorMessage": message}]
    return answer


def _as_session(pool: Pool, one: PoolSession, now: int) -> dict[str, Any]:
    return {
        "AuthenticationType": "SAML",
        "ConnectionState": "CONNECTED" if now < one.session.end else "NOT_CONNECTED",
        "SessionId": one.id,
        "InstanceId": one.instance,
        "PoolId": pool.id,
        "ExpirationTime": one.session.start + pool.longest_session,
        "NetworkAccessConfiguration": {
            "EniPrivateIpAddress": one.address,
            "EniId": one.interface,
        },
        "StartTime": one.session.start,
        "UserId": one.user,
    }
