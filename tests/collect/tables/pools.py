"""Pools and the sessions of their users: `pool`, `pool_session`.

A pool is gone when a listing lacks it, a session when one of its pool does. What a session once
told stays where a later answer leaves it out, but for its connection.
"""

from __future__ import annotations

from compare import Expected, Table
from expectation import Within
from history import History, Json
from words import moment, text, word


def pools(history: History) -> Expected:
    """Every pool as last read."""
    rows: Expected = {}
    for site in history.sites:
        for _, reading, window in history.readings(site, "Pools"):
            listed = {one["PoolId"]: one for one in reading.more["pools"]}
            for identity, one in listed.items():
                key = (site.account, site.region, identity)
                first = rows[key]["first_seen_at"] if key in rows else Within(window)
                seen = {"first_seen_at": first, "last_read_at": Within(window), "gone_at": None}
                rows[key] = {**_pool(one), **seen}
            for key, row in rows.items():
                here = key[:2] == (site.account, site.region)
                if here and key[2] not in listed and row["gone_at"] is None:
                    row["gone_at"] = Within(window)
    return rows


def _pool(one: Json) -> Json:
    capacity, timeouts = one.get("CapacityStatus", {}), one.get("TimeoutSettings", {})
    return {
        "name": text(one.get("PoolName")),
        "description": text(one.get("Description")),
        "state": word(one["State"]),
        "running_mode": word(one["RunningMode"]),
        "bundle_id": text(one.get("BundleId")),
        "directory_id": text(one.get("DirectoryId")),
        "created_at": moment(one.get("CreatedAt")),
        "available_sessions": capacity.get("AvailableUserSessions"),
        "desired_sessions": capacity.get("DesiredUserSessions"),
        "actual_sessions": capacity.get("ActualUserSessions"),
        "active_sessions": capacity.get("ActiveUserSessions"),
        "disconnect_timeout_seconds": timeouts.get("DisconnectTimeoutInSeconds"),
        "idle_timeout_seconds": timeouts.get("IdleDisconnectTimeoutInSeconds"),
        "session_limit_seconds": timeouts.get("MaxUserDurationInSeconds"),
        "errors": [
            {"code": row.get("ErrorCode"), "message": text(row.get("ErrorMessage"))}
            for row in one.get("Errors", [])
        ],
    }


def sessions(history: History) -> Expected:
    """Every session that was ever seen."""
    rows: Expected = {}
    for site in history.sites:
        for _, reading, window in history.readings(site, "Pools"):
            listed = reading.more["pool_sessions"]
            pools_here = {one["PoolId"] for one in reading.more["pools"]}
            for identity, one in listed.items():
                key = (site.account, site.region, identity)
                before = rows.get(key, {"first_seen_at": Within(window)})
                rows[key] = {**before, **_session(one, before)}
                rows[key] |= {"last_seen_at": Within(window), "gone_at": None}
            for key, row in rows.items():
                here = key[:2] == (site.account, site.region)
                if here and key[2] not in listed and row["gone_at"] is None:
                    row["gone_at"] = Within(window)
            assert all(one["PoolId"] in pools_here for one in listed.values())
    return rows


def _session(one: Json, before: Json) -> Json:
    told = {
        "pool_id": one["PoolId"],
        "user_id": text(one.get("UserId")),
        "authentication": word(one.get("AuthenticationType")),
        "instance_id": text(one.get("InstanceId")),
        "started_at": moment(one.get("StartTime")),
        "expires_at": moment(one.get("ExpirationTime")),
    }
    kept = {name: before.get(name) if value is None else value for name, value in told.items()}
    return {**kept, "connection_state": word(one.get("ConnectionState"))}


TABLES = (
    Table(
        "pool",
        ("account_id", "region", "pool_id"),
        pools,
        spoil="active_sessions = active_sessions + 1",
    ),
    Table(
        "pool_session",
        ("account_id", "region", "session_id"),
        sessions,
        spoil="user_id = 'spoilt'",
    ),
)
