"""Pools: capacity, sessions, filters and pages, and agreement with the ledger."""

from __future__ import annotations

from typing import Any

import pytest

from tests.asking import refusal
from tests.conftest import ACCOUNT, NOON, REGION, Standin

PLACE = f"account={ACCOUNT}&region={REGION}"
DAY = "from=2026-03-03T12:00:00Z&to=2026-03-04T12:00:01Z"


@pytest.fixture
def pools(standin: Standin) -> Standin:
    standin.fleet(desktops=10, poolsPerRegion=30)
    return standin


def listed(client: Any, **params: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        page = client.describe_workspaces_pools(**params, **token)
        rows += page["WorkspacesPools"]
        if "NextToken" not in page:
            return rows
        token = {"NextToken": page["NextToken"]}


def test_pools_come_in_pages_and_are_those_of_the_ledger(pools: Standin) -> None:
    client = pools.client("workspaces")
    rows = listed(client, Limit=7)
    assert rows == listed(client)
    told = pools.control(f"ledger?type=pools&{PLACE}&{DAY}")
    assert [row["PoolId"] for row in rows] == [line["poolId"] for line in told]
    assert len(rows) == 30
    assert {row["State"] for row in rows} == {"RUNNING", "STOPPED"}
    assert {row["RunningMode"] for row in rows} == {"ALWAYS_ON", "AUTO_STOP"}
    assert any("Errors" in row for row in rows)


def test_capacity_adds_up_and_a_stopped_pool_has_none(pools: Standin) -> None:
    busy = 0
    for row in listed(pools.client("workspaces")):
        status = row["CapacityStatus"]
        active, actual = status["ActiveUserSessions"], status["ActualUserSessions"]
        assert status["AvailableUserSessions"] + active == actual
        assert (actual == 0) == (row["State"] == "STOPPED")
        busy += active
    assert busy > 100


def test_sessions_are_those_of_the_ledger(pools: Standin) -> None:
    client = pools.client("workspaces")
    told = pools.control(f"ledger?type=poolSessions&{PLACE}&{DAY}")
    expected = {s["sessionId"] for s in told if s["start"] <= NOON < s["end"]}
    found = set()
    for pool in listed(client):
        page = client.describe_workspaces_pool_sessions(PoolId=pool["PoolId"])
        assert len(page["Sessions"]) == pool["CapacityStatus"]["ActiveUserSessions"]
        users = [session["UserId"] for session in page["Sessions"]]
        assert len(set(users)) == len(users)
        found |= {
            session["SessionId"]
            for session in page["Sessions"]
            if session["ConnectionState"] == "CONNECTED"
        }
    assert found == expected
    assert expected


def test_sessions_come_in_pages_and_by_user(pools: Standin) -> None:
    client = pools.client("workspaces")
    ask = client.describe_workspaces_pool_sessions
    pool = max(listed(client), key=lambda row: row["CapacityStatus"]["ActiveUserSessions"])
    identity = pool["PoolId"]
    whole = ask(PoolId=identity)["Sessions"]
    first = ask(PoolId=identity, Limit=3)
    second = ask(PoolId=identity, Limit=3, NextToken=first["NextToken"])
    assert first["Sessions"] + second["Sessions"] == whole[:6]
    assert ask(PoolId=identity, UserId=whole[0]["UserId"])["Sessions"] == whole[:1]
    token = first["NextToken"]
    assert refusal(ask, PoolId=identity, Limit=4, NextToken=token) == (
        "InvalidParameterValuesException"
    )
    assert refusal(ask, PoolId="wspool-123456789") == "ResourceNotFoundException"
    assert refusal(ask, PoolId=identity, Limit=51) == "ValidationException"


@pytest.mark.parametrize(
    ("operator", "values", "fits"),
    [
        ("EQUALS", ["lab-04"], lambda name: name == "lab-04"),
        ("NOTEQUALS", ["lab-04"], lambda name: name != "lab-04"),
        ("CONTAINS", ["branch"], lambda name: "branch" in name),
        ("NOTCONTAINS", ["branch", "lab"], lambda name: "branch" not in name and "lab" not in name),
    ],
)
def test_pools_are_found_by_name(
    pools: Standin, operator: str, values: list[str], fits: Any
) -> None:
    client = pools.client("workspaces")
    wanted = [{"Name": "PoolName", "Values": values, "Operator": operator}]
    everything = [row["PoolName"] for row in listed(client)]
    assert [r["PoolName"] for r in listed(client, Filters=wanted)] == list(filter(fits, everything))


def test_pools_have_a_directory_of_their_own_that_no_desktop_is_in(pools: Standin) -> None:
    client = pools.client("workspaces")
    wanted = [{"Name": "WORKSPACE_TYPE", "Values": ["POOLS"]}]
    (directory,) = client.describe_workspace_directories(Filters=wanted)["Directories"]
    assert {row["DirectoryId"] for row in listed(client)} == {directory["DirectoryId"]}
    desktops = client.describe_workspaces(DirectoryId=directory["DirectoryId"])["Workspaces"]
    assert desktops == []


def test_a_fleet_has_no_pools_unless_they_are_asked_for(fleet: Standin) -> None:
    assert listed(fleet.client("workspaces")) == []
