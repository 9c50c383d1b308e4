"""Start, Stop, Reboot, Terminate and the two Modify operations, and what shows afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.asking import all_desktops, ids, refusal
from tests.conftest import Standin


def a_desktop(client: Any, state: str, mode: str) -> str:
    """The first desktop in this state and running mode."""
    return str(
        next(
            row["WorkspaceId"]
            for row in all_desktops(client)
            if row["State"] == state and row["WorkspaceProperties"]["RunningMode"] == mode
        )
    )


def shown(client: Any, one: str) -> Any:
    return client.describe_workspaces(WorkspaceIds=[one])["Workspaces"][0]


def test_a_started_desktop_runs_for_its_timeout(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    one = a_desktop(client, "STOPPED", "AUTO_STOP")
    answer = client.start_workspaces(StartWorkspaceRequests=[{"WorkspaceId": one}])
    assert answer["FailedRequests"] == []
    assert shown(client, one)["State"] == "AVAILABLE"
    timeout = shown(client, one)["WorkspaceProperties"]["RunningModeAutoStopTimeoutInMinutes"]
    fleet.control("clock", {"advanceSeconds": 12 * 3600 if timeout < 600 else 0})
    assert shown(client, one)["State"] == "STOPPED"


def test_a_stopped_desktop_stays_so_until_its_users_next_session(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    one = a_desktop(client, "AVAILABLE", "AUTO_STOP")
    client.stop_workspaces(StopWorkspaceRequests=[{"WorkspaceId": one}])
    assert shown(client, one)["State"] == "STOPPED"
    status = client.describe_workspaces_connection_status(WorkspaceIds=[one])
    assert status["WorkspacesConnectionStatus"][0]["ConnectionState"] == "UNKNOWN"
    sessions = fleet.control(
        "ledger?type=sessions&from=2026-03-04T12:00:00Z&to=2026-04-04T00:00:00Z"
    )
    following = next(s for s in sessions if s["workspaceId"] == one)
    fleet.control("clock", {"set": following["start"]})
    assert shown(client, one)["State"] == "AVAILABLE"


@pytest.mark.parametrize(
    ("operation", "member", "state", "mode"),
    [
        ("start_workspaces", "StartWorkspaceRequests", "AVAILABLE", "ALWAYS_ON"),
        ("start_workspaces", "StartWorkspaceRequests", "AVAILABLE", "AUTO_STOP"),
        ("stop_workspaces", "StopWorkspaceRequests", "AVAILABLE", "ALWAYS_ON"),
        ("stop_workspaces", "StopWorkspaceRequests", "STOPPED", "AUTO_STOP"),
        ("reboot_workspaces", "RebootWorkspaceRequests", "STOPPED", "AUTO_STOP"),
    ],
)
def test_what_cannot_be_done_is_listed_in_an_answer_of_200(
    fleet: Standin, operation: str, member: str, state: str, mode: str
) -> None:
    client = fleet.client("workspaces")
    one = a_desktop(client, state, mode)
    requests = [{"WorkspaceId": one}, {"WorkspaceId": "ws-nobodyhas"}]
    answer = getattr(client, operation)(**{member: requests})
    codes = [failed["ErrorCode"] for failed in answer["FailedRequests"]]
    assert codes == ["InvalidResourceState", "ResourceNotFound.Workspace"]
    assert shown(client, one)["State"] == state


def test_a_reboot_ends_by_itself(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    one = a_desktop(client, "AVAILABLE", "ALWAYS_ON")
    client.reboot_workspaces(RebootWorkspaceRequests=[{"WorkspaceId": one}])
    assert shown(client, one)["State"] == "REBOOTING"
    fleet.control("clock", {"advanceSeconds": 120})
    assert shown(client, one)["State"] == "AVAILABLE"


def test_a_terminated_desktop_shows_for_a_while_and_then_never_again(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    one = a_desktop(client, "STOPPED", "AUTO_STOP")
    client.terminate_workspaces(TerminateWorkspaceRequests=[{"WorkspaceId": one}])
    assert shown(client, one)["State"] == "TERMINATING"
    fleet.control("clock", {"advanceSeconds": 300})
    left = ids(all_desktops(client))
    assert len(left) == 129
    assert one not in left


def test_switching_the_running_mode_moves_the_timeout_with_it(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    one = a_desktop(client, "STOPPED", "AUTO_STOP")
    client.modify_workspace_properties(
        WorkspaceId=one, WorkspaceProperties={"RunningMode": "ALWAYS_ON"}
    )
    row = shown(client, one)
    assert row["State"] == "AVAILABLE"
    assert "RunningModeAutoStopTimeoutInMinutes" not in row["WorkspaceProperties"]
    client.modify_workspace_properties(
        WorkspaceId=one,
        WorkspaceProperties={
            "RunningMode": "AUTO_STOP",
            "RunningModeAutoStopTimeoutInMinutes": 180,
        },
    )
    properties = shown(client, one)["WorkspaceProperties"]
    assert properties["RunningMode"] == "AUTO_STOP"
    assert properties["RunningModeAutoStopTimeoutInMinutes"] == 180


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"RunningMode": "ALWAYS_ON", "RootVolumeSizeGib": 500},
        {"RunningMode": "AUTO_STOP", "RunningModeAutoStopTimeoutInMinutes": 90},
        {"RunningMode": "ALWAYS_ON", "RunningModeAutoStopTimeoutInMinutes": 60},
        {"RootVolumeSizeGib": 10},
    ],
)
def test_a_change_that_aws_refuses_is_refused(fleet: Standin, properties: dict[str, Any]) -> None:
    client = fleet.client("workspaces")
    one = a_desktop(client, "STOPPED", "AUTO_STOP")
    ask = client.modify_workspace_properties
    code = refusal(ask, WorkspaceId=one, WorkspaceProperties=properties)
    assert code == "InvalidParameterValuesException"


def test_maintenance_begins_and_ends(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    one = a_desktop(client, "STOPPED", "AUTO_STOP")
    client.modify_workspace_state(WorkspaceId=one, WorkspaceState="ADMIN_MAINTENANCE")
    assert shown(client, one)["State"] == "ADMIN_MAINTENANCE"
    modify = client.modify_workspace_properties
    change = {"RunningMode": "ALWAYS_ON"}
    code = refusal(modify, WorkspaceId=one, WorkspaceProperties=change)
    assert code == "InvalidResourceStateException"
    client.modify_workspace_state(WorkspaceId=one, WorkspaceState="AVAILABLE")
    assert shown(client, one)["State"] == "AVAILABLE"
    ask = client.modify_workspace_state
    assert (
        refusal(ask, WorkspaceId=one, WorkspaceState="AVAILABLE") == "InvalidResourceStateException"
    )


def test_tags_are_the_ledgers_until_they_are_changed(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    row = next(line for line in fleet.control("ledger") if line["tags"])
    client = fleet.client("workspaces", row["account"], row["region"])
    one = row["workspaceId"]

    def tags() -> dict[str, str]:
        listed = client.describe_tags(ResourceId=one)["TagList"]
        return {tag["Key"]: tag["Value"] for tag in listed}

    assert tags() == row["tags"]
    client.create_tags(ResourceId=one, Tags=[{"Key": "Owner", "Value": "ana"}])
    assert tags() == {**row["tags"], "Owner": "ana"}
    client.delete_tags(ResourceId=one, TagKeys=["CostCentre", "NotThere"])
    assert "CostCentre" not in tags()
    ask = client.describe_tags
    assert refusal(ask, ResourceId="ws-nobodyhas") == "ResourceNotFoundException"
