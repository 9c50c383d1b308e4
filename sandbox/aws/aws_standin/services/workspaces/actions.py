"""Start, Stop, Reboot, Terminate: HTTP 200 with a list of what failed, desktop by desktop.

Actions are asynchronous in AWS; here the new state shows at once and lasts as long as it would:
a started desktop runs its timeout, a stopped one stays so until its user's next session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_standin.fleet.changes import Held
from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.interventions import Intervention
from aws_standin.services.call import Call

REBOOT_SECONDS = 120
TERMINATE_SECONDS = 300
_STOPPABLE = frozenset({"AVAILABLE", "IMPAIRED", "UNHEALTHY", "ERROR"})
_REBOOTABLE = frozenset({"AVAILABLE", "UNHEALTHY", "REBOOTING"})

Refusal = tuple[str, str] | None
"""Error code and message, or None where the action was taken."""


def start_workspaces(call: Call) -> dict[str, Any]:
    """Start stopped desktops that are not always on."""

    def start(desktop: Desktop) -> Refusal:
        fleet, now = call.fleet, call.now
        mode, state = fleet.running_mode(desktop, now), fleet.state(desktop, now)
        if mode == "ALWAYS_ON" or state != "STOPPED":
            return _refused("start", state, mode)
        until = now + 60 * fleet.timeout(desktop, now) if mode == "AUTO_STOP" else None
        fleet.hold(desktop, Held("AVAILABLE", now, until))
        fleet.note_power(desktop, Intervention(now, "start"))
        return None

    return _each(call, "StartWorkspaceRequests", start)


def stop_workspaces(call: Call) -> dict[str, Any]:
    """Stop running desktops that are not always on."""

    def stop(desktop: Desktop) -> Refusal:
        fleet, now = call.fleet, call.now
        mode, state = fleet.running_mode(desktop, now), fleet.state(desktop, now)
        if mode == "ALWAYS_ON" or state not in _STOPPABLE:
            return _refused("stop", state, mode)
        fleet.hold(desktop, Held("STOPPED", now, by_session=mode == "AUTO_STOP"))
        fleet.note_power(desktop, Intervention(now, "stop"))
        return None

    return _each(call, "StopWorkspaceRequests", stop)


def reboot_workspaces(call: Call) -> dict[str, Any]:
    """Reboot running desktops."""

    def reboot(desktop: Desktop) -> Refusal:
        fleet, now = call.fleet, call.now
        state = fleet.state(desktop, now)
        if state not in _REBOOTABLE:
            return _refused("reboot", state, fleet.running_mode(desktop, now))
        fleet.hold(desktop, Held("REBOOTING", now, now + REBOOT_SECONDS))
        return None

    return _each(call, "RebootWorkspaceRequests", reboot)


def terminate_workspaces(call: Call) -> dict[str, Any]:
    """Delete desktops for good; they show as TERMINATING for a while."""

    def terminate(desktop: Desktop) -> Refusal:
        fleet, now = call.fleet, call.now
        state = fleet.state(desktop, now)
        if state == "SUSPENDED":
            return _refused("terminate", state, fleet.running_mode(desktop, now))
        fleet.terminate(desktop, now, now + TERMINATE_SECONDS)
        return None

    return _each(call, "TerminateWorkspaceRequests", terminate)


def _each(call: Call, member: str, act: Callable[[Desktop], Refusal]) -> dict[str, Any]:
    failed = []
    for request in call.params[member]:
        identity = request.get("WorkspaceId")
        desktop = call.fleet.find(identity)
        if desktop is None:
            refusal: Refusal = ("ResourceNotFound.Workspace", f"{identity} was not found.")
        else:
            refusal = act(desktop)
        if refusal is not None:
            code, message = refusal
            failed.append({"WorkspaceId": identity, "ErrorCode": code, "ErrorMessage": message})
    return {"FailedRequests": failed}


def _refused(action: str, state: str, mode: str) -> Refusal:
    return (
        "InvalidResourceState",
        f"Cannot {action} a WorkSpace in state {state} with running mode {mode}.",
    )
