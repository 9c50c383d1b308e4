"""ModifyWorkspaceProperties and ModifyWorkspaceState: one desktop, one kind of change at a time."""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.changes import Held
from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.mode_history import Switch
from aws_standin.services.call import Call

_MODIFIABLE = frozenset({"AVAILABLE", "STOPPED"})
_TIMEOUT_STEP = 60
_TOGETHER = frozenset({"RunningMode", "RunningModeAutoStopTimeoutInMinutes"})
"""These two count as one kind of change."""


def modify_workspace_properties(call: Call) -> dict[str, Any]:
    """Change the running mode, or a volume, or the compute type, or the protocol."""
    desktop = _desktop(call)
    wanted: dict[str, Any] = call.params.get("WorkspaceProperties", {})
    if not wanted and "DataReplication" not in call.params:
        raise AwsError("InvalidParameterValuesException", "Nothing is to be changed.")
    kinds = {"RunningMode" if name in _TOGETHER else name for name in wanted}
    if len(kinds) > 1:
        raise AwsError(
            "InvalidParameterValuesException",
            f"Only one property can be changed at a time, not {', '.join(sorted(kinds))}.",
        )
    state = call.fleet.state(desktop, call.now)
    if state not in _MODIFIABLE:
        raise AwsError(
            "InvalidResourceStateException", f"A WorkSpace in state {state} cannot be changed."
        )
    _check_timeout(call, desktop, wanted)
    _check_volumes(call, desktop, wanted)
    changes = {f"WorkspaceProperties.{n}": v for n, v in wanted.items() if n not in _TOGETHER}
    if kinds == {"RunningMode"}:
        call.fleet.switch(desktop, _switch(call, desktop, wanted))
    if "DataReplication" in call.params:
        path = "DataReplicationSettings.DataReplication"
        changes[path] = call.params["DataReplication"]
    call.fleet.change(desktop.id, changes, set())
    return {}


def modify_workspace_state(call: Call) -> dict[str, Any]:
    """Put a desktop under administrator's maintenance, or end that."""
    desktop = _desktop(call)
    fleet, now = call.fleet, call.now
    state, wanted = fleet.state(desktop, now), call.params["WorkspaceState"]
    if wanted == "ADMIN_MAINTENANCE" and state not in _MODIFIABLE:
        raise AwsError(
            "InvalidResourceStateException", f"A WorkSpace in state {state} cannot be maintained."
        )
    held = Held(wanted, now)
    if wanted == "AVAILABLE":
        if state != "ADMIN_MAINTENANCE":
            raise AwsError("InvalidResourceStateException", "The WorkSpace is not in maintenance.")
        held = Held("AVAILABLE", now, now + 60 * fleet.timeout(desktop, now))
    fleet.hold(desktop, held)
    return {}


def _switch(call: Call, desktop: Desktop, wanted: dict[str, Any]) -> Switch:
    fleet, now = call.fleet, call.now
    return Switch(
        at=now,
        mode=wanted.get("RunningMode", fleet.running_mode(desktop, now)),
        timeout=wanted.get("RunningModeAutoStopTimeoutInMinutes", fleet.timeout(desktop, now)),
    )


def _check_timeout(call: Call, desktop: Desktop, wanted: dict[str, Any]) -> None:
    timeout = wanted.get("RunningModeAutoStopTimeoutInMinutes")
    if timeout is None:
        return
    if wanted.get("RunningMode", call.fleet.running_mode(desktop, call.now)) != "AUTO_STOP":
        raise AwsError(
            "InvalidParameterValuesException", "A timeout needs the running mode AUTO_STOP."
        )
    if timeout <= 0 or timeout % _TIMEOUT_STEP:
        raise AwsError(
            "InvalidParameterValuesException", "The timeout must be a multiple of 60 minutes."
        )


def _check_volumes(call: Call, desktop: Desktop, wanted: dict[str, Any]) -> None:
    now_shown = call.fleet.describe(desktop, call.world.presence, call.now)["WorkspaceProperties"]
    for name in ("RootVolumeSizeGib", "UserVolumeSizeGib"):
        if name in wanted and wanted[name] <= now_shown.get(name, 0):
            raise AwsError("InvalidParameterValuesException", f"{name} can only grow.")


def _desktop(call: Call) -> Desktop:
    desktop = call.fleet.find(call.params["WorkspaceId"])
    if desktop is None:
        raise AwsError(
            "ResourceNotFoundException", f"WorkSpace {call.params['WorkspaceId']} was not found."
        )
    return desktop
