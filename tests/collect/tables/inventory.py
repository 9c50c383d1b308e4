"""Desktops and their history: `workspace`, `workspace_version`, `workspace_state`.

The rules: a version ends and another begins when a listing shows another configuration; a state is
noted when it differs from the one before; a desktop is gone when a complete listing lacks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from compare import Expected, Table
from expectation import Within
from history import History, Json, Site, Window
from words import moment, text, word

_IDENTITY = ("account_id", "region", "workspace_id")


@dataclass
class Life:
    """One desktop through all syncs."""

    first_seen: Window
    last_read: Window
    configuration: Json
    configured: Window
    state: str | None
    stated: Window
    desktop: Json
    versions: list[tuple[Json, Window, Window | None]]
    """Configuration, begin, end."""
    states: list[tuple[str | None, Window]]
    gone: Window | None = None


def lives(history: History, site: Site) -> dict[str, Life]:
    """Every desktop of a site that was ever listed."""
    found: dict[str, Life] = {}
    for sync in history.syncs:
        listed = sync.listed(site)
        if listed is None:
            continue
        window = sync.window(site)
        for identity, desktop in listed.items():
            if identity in found:
                _again(found[identity], desktop, window)
            else:
                found[identity] = _first(desktop, window)
        if sync.is_whole(site):
            for identity, life in found.items():
                if identity not in listed and life.gone is None:
                    life.gone = window
                    life.versions[-1] = (*life.versions[-1][:2], window)
    return found


def _first(desktop: Json, window: Window) -> Life:
    configuration, state = _configuration(desktop), word(desktop.get("State"))
    return Life(
        window, window, configuration, window, state, window, desktop,
        [(configuration, window, None)], [(state, window)],
    )  # fmt: skip


def _again(life: Life, desktop: Json, window: Window) -> None:
    configuration, state = _configuration(desktop), word(desktop.get("State"))
    life.last_read, life.desktop = window, desktop
    if configuration != life.configuration or life.gone is not None:
        if life.gone is None:
            life.versions[-1] = (*life.versions[-1][:2], window)
        life.versions.append((configuration, window, None))
        life.configuration, life.configured = configuration, window
    if state != life.state or life.gone is not None:
        life.states.append((state, window))
        life.state, life.stated = state, window
    life.gone = None


def _configuration(desktop: Json) -> Json:
    """The columns whose change makes a version."""
    properties = desktop.get("WorkspaceProperties", {})
    protocols = properties.get("Protocols")
    replication = desktop.get("DataReplicationSettings", {}).get("DataReplication")
    return {
        "directory_id": text(desktop.get("DirectoryId")),
        "user_name": text(desktop.get("UserName")),
        "workspace_name": text(desktop.get("WorkspaceName")),
        "computer_name": text(desktop.get("ComputerName")),
        "ip_address": text(desktop.get("IpAddress")),
        "ipv6_address": text(desktop.get("Ipv6Address")),
        "subnet_id": text(desktop.get("SubnetId")),
        "bundle_id": text(desktop.get("BundleId")),
        "running_mode": word(properties.get("RunningMode")),
        "auto_stop_timeout_minutes": properties.get("RunningModeAutoStopTimeoutInMinutes"),
        "compute_type": word(properties.get("ComputeTypeName")),
        "operating_system": word(properties.get("OperatingSystemName")),
        "protocols": None if protocols is None else sorted(map(str.lower, protocols)),
        "root_volume_gib": properties.get("RootVolumeSizeGib"),
        "user_volume_gib": properties.get("UserVolumeSizeGib"),
        "root_volume_encrypted": desktop.get("RootVolumeEncryptionEnabled"),
        "user_volume_encrypted": desktop.get("UserVolumeEncryptionEnabled"),
        "volume_encryption_key": text(desktop.get("VolumeEncryptionKey")),
        "data_replication": word(replication),
        "related_workspaces": _related(desktop.get("RelatedWorkspaces")),
    }


def _related(rows: list[Json] | None) -> list[Json] | None:
    related = [
        {"id": row["WorkspaceId"], "region": row["Region"], "relation": word(row["Type"])}
        for row in rows or []
    ]
    return sorted(related, key=lambda row: str(row["id"])) or None


def _connection(history: History, site: Site, identity: str) -> Json:
    """What the connection's columns hold in the end."""
    found: Json = {
        "connection_state": None,
        "connection_checked_at": None,
        "connection_read_at": None,
        "last_connected_at": None,
    }
    last: float | None = None
    for sync in history.syncs:
        if not sync.lists(site) or identity not in sync.readings[site].desktops:
            continue
        answer = sync.readings[site].connections.get(identity, {})
        told = answer.get("LastKnownUserConnectionTimestamp")
        last = max((one for one in (last, told) if one is not None), default=None)
        found = {
            "connection_state": word(answer.get("ConnectionState")),
            "connection_checked_at": moment(answer.get("ConnectionStateCheckTimestamp")),
            "connection_read_at": Within(sync.window(site)),
            "last_connected_at": moment(last),
        }
    return found


def _modifications(rows: list[Json] | None) -> list[str] | None:
    if rows is None:
        return None
    return [f"{word(row['Resource'])}:{word(row['State'])}" for row in rows]


def _within(window: Window | None) -> Any:
    return None if window is None else Within(window)


def workspaces(history: History) -> Expected:
    """Every desktop as last read."""
    rows: Expected = {}
    for site in history.sites:
        for identity, life in lives(history, site).items():
            rows[site.account, site.region, identity] = {
                **life.configuration,
                **_connection(history, site, identity),
                "configuration_since": Within(life.configured),
                "state": life.state,
                "state_since": Within(life.stated),
                "error_code": text(life.desktop.get("ErrorCode")),
                "error_message": text(life.desktop.get("ErrorMessage")),
                "modifications": _modifications(life.desktop.get("ModificationStates")),
                "first_seen_at": Within(life.first_seen),
                "last_read_at": Within(life.last_read),
                "gone_at": _within(life.gone),
            }
    return rows


def versions(history: History) -> Expected:
    """Every configuration that a desktop was seen in."""
    rows: Expected = {}
    for site in history.sites:
        for identity, life in lives(history, site).items():
            for number, (configuration, begin, end) in enumerate(life.versions, start=1):
                rows[site.account, site.region, identity, number] = {
                    **configuration,
                    "valid_from": Within(begin),
                    "recorded_at": Within(begin),
                    "valid_to": _within(end),
                    "end_recorded_at": _within(end),
                }
    return rows


def states(history: History) -> Expected:
    """Every state that a desktop was seen in."""
    rows: Expected = {}
    for site in history.sites:
        for identity, life in lives(history, site).items():
            for number, (state, since) in enumerate(life.states, start=1):
                rows[site.account, site.region, identity, number] = {
                    "state": state,
                    "since": Within(since),
                    "recorded_at": Within(since),
                }
    return rows


_VERSIONS = (
    "select *, row_number() over (partition by account_id, region, workspace_id"
    " order by valid_from) as number from workspace_version"
)
_STATES = (
    "select account_id, region, workspace_id, one.*,"
    " row_number() over (partition by workspace_no order by since) as number"
    " from workspace_state as one join workspace using (workspace_no)"
)


TABLES = (
    Table(
        "workspace",
        _IDENTITY,
        workspaces,
        spoil="user_name = 'somebody else'",
        beside={"workspace_no": "a number of our own, by which tables of evidence are joined"},
    ),
    Table(
        "workspace_version",
        (*_IDENTITY, "number"),
        versions,
        spoil="bundle_id = 'wsb-000000000'",
        select=_VERSIONS,
    ),
    Table(
        "workspace_state",
        (*_IDENTITY, "number"),
        states,
        spoil="state = 'spoilt'",
        select=_STATES,
        beside={"workspace_no": "joined to the desktop's identity, which is compared"},
    ),
)
