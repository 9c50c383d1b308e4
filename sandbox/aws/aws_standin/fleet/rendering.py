"""How the API shows a desktop: its `Workspace` and `WorkspaceConnectionStatus` structures.

In: a desktop, its state, what is missing and what was changed. Out: JSON-ready dictionaries, with
times in UTC seconds. Which values they hold is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.lifecycle import Connection

UNPLACED = frozenset({"PENDING", "ERROR"})
"""States in which a desktop has no address yet, and no connection status."""


def workspace(desktop: Desktop, state: str, missing: Collection[str]) -> dict[str, Any]:
    """The `Workspace` structure."""
    answer: dict[str, Any] = {
        "WorkspaceId": desktop.id,
        "DirectoryId": desktop.directory.id,
        "UserName": desktop.user_name,
        "State": state,
        "BundleId": desktop.bundle.id,
        "WorkspaceProperties": _properties(desktop, missing),
    }
    if state not in UNPLACED:
        answer["IpAddress"] = desktop.ip_address
        answer["SubnetId"] = desktop.subnet
        answer["ComputerName"] = desktop.computer_name
    if state == "ERROR":
        answer["ErrorCode"] = "InternalError"
        answer["ErrorMessage"] = "The WorkSpace could not be provisioned."
    if desktop.encryption_key is not None:
        answer["VolumeEncryptionKey"] = desktop.encryption_key
    answer["UserVolumeEncryptionEnabled"] = desktop.user_encrypted
    answer["RootVolumeEncryptionEnabled"] = desktop.root_encrypted
    answer["WorkspaceName"] = f"{desktop.user_name.replace('.', '-')}-desk"
    answer["ModificationStates"] = _modifications(state)
    answer |= _replication(desktop)
    for member in missing:
        answer.pop(member, None)
    return answer


def connection_status(
    desktop: Desktop, connection: Connection, missing: Collection[str]
) -> dict[str, Any]:
    """The `WorkspaceConnectionStatus` structure."""
    answer: dict[str, Any] = {
        "WorkspaceId": desktop.id,
        "ConnectionState": connection.state,
        "ConnectionStateCheckTimestamp": connection.checked,
    }
    if connection.last_connected is not None:
        answer["LastKnownUserConnectionTimestamp"] = connection.last_connected
    for member in missing:
        answer.pop(member, None)
    return answer


def set_running_mode(answer: dict[str, Any], mode: str, timeout: int) -> None:
    """Show the running mode of an instant, in place, unless the answer shows none."""
    properties = answer["WorkspaceProperties"]
    properties["RunningMode"] = mode
    properties.pop("RunningModeAutoStopTimeoutInMinutes", None)
    if mode == "AUTO_STOP":
        properties["RunningModeAutoStopTimeoutInMinutes"] = timeout


def override(answer: dict[str, Any], changes: Mapping[str, Any], dropped: Collection[str]) -> None:
    """Set and drop members named by dotted paths, in place."""
    for path, value in changes.items():
        holder, name = _holder(answer, path)
        holder[name] = value
    for path in dropped:
        holder, name = _holder(answer, path)
        holder.pop(name, None)


def _holder(answer: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    *outer, name = path.split(".")
    holder = answer
    for step in outer:
        holder = holder.setdefault(step, {})
    return holder, name


def _properties(desktop: Desktop, missing: Collection[str]) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "RunningMode": desktop.running_mode,
        "RootVolumeSizeGib": desktop.root,
        "UserVolumeSizeGib": desktop.user,
        "ComputeTypeName": desktop.bundle.compute,
        "Protocols": [desktop.protocol],
        "OperatingSystemName": desktop.bundle.system,
        "GlobalAccelerator": {"Mode": "INHERITED"},
    }
    if desktop.running_mode == "AUTO_STOP":
        properties["RunningModeAutoStopTimeoutInMinutes"] = desktop.timeout
    for member in missing:
        properties.pop(member, None)
    return properties


def _modifications(state: str) -> list[dict[str, str]]:
    if state == "UPDATING":
        return [{"Resource": "USER_VOLUME", "State": "UPDATE_IN_PROGRESS"}]
    return []


def _replication(desktop: Desktop) -> dict[str, Any]:
    if desktop.standby_of is not None:
        related = {"WorkspaceId": desktop.standby_of, "Type": "PRIMARY", "State": "AVAILABLE"}
        return {"RelatedWorkspaces": [{**related, "Region": _other_region(desktop)}]}
    if not desktop.replicates:
        return {"DataReplicationSettings": {"DataReplication": "NO_REPLICATION"}}
    standby = "ws-" + Draws("standby", desktop.id).text("0123456789abcdefghijklmnopqrstuvwxyz", 9)
    return {
        "DataReplicationSettings": {"DataReplication": "PRIMARY_AS_SOURCE"},
        "RelatedWorkspaces": [
            {
                "WorkspaceId": standby,
                "Type": "STANDBY",
                "State": "STOPPED",
                "Region": _other_region(desktop),
            }
        ],
        "StandbyWorkspacesProperties": [
            {"StandbyWorkspaceId": standby, "DataReplication": "PRIMARY_AS_SOURCE"}
        ],
    }


def _other_region(desktop: Desktop) -> str:
    return "us-west-2" if desktop.region != "us-west-2" else "us-east-1"
