"""The control interface: what it makes, changes and tells, and how it refuses nonsense."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from tests.asking import all_desktops, ids
from tests.conftest import ACCOUNT, NOON, OTHER_ACCOUNT, OTHER_REGION, REGION, Standin

HERE = {"account": ACCOUNT, "region": REGION}


@pytest.mark.parametrize(
    ("name", "document", "words"),
    [
        ("fleet", {"accounts": [], "desktops": 1}, "accounts"),
        ("fleet", {"accounts": [{"id": "12", "regions": ["us-east-1"]}], "desktops": 1}, "id"),
        ("fleet", {"accounts": [{"id": ACCOUNT, "regions": ["Mars"]}], "desktops": 1}, "regions"),
        ("fleet", {"accounts": [{"id": ACCOUNT, "regions": [REGION]}]}, "desktopsPerRegion"),
        (
            "fleet",
            {"accounts": [{"id": ACCOUNT, "regions": [REGION, REGION]}], "desktops": 1},
            "twice",
        ),
        ("fleet", {"accounts": [{"id": ACCOUNT, "regions": [REGION]}], "size": 1}, "size"),
        ("throttle", {"rules": [{"rate": 0, "burst": 1}]}, "rate"),
        ("throttle", {"rules": [{"rate": 1, "burst": 0.5}]}, "burst"),
        ("fault", {"rules": [{}]}, "at least one of code, delayMs, body"),
        ("clock", {"set": "2026-03-04T12:00:00"}, "timezone"),
        ("credentials", {"keys": [{"accessKeyId": "short", "account": ACCOUNT}]}, "accessKeyId"),
        ("credentials", {"roles": [{"arn": "arn:aws:iam::1:role/x"}]}, "arn"),
        ("presence", {"profile": "most"}, "profile"),
        ("mutate", {**HERE, "remove": ["ws-nobodyhas"]}, "ws-nobodyhas"),
    ],
)
def test_nonsense_is_refused_with_the_field_named(
    standin: Standin, name: str, document: dict[str, Any], words: str
) -> None:
    status, body = standin.raw_control(name, document)
    assert status in {400, 404}
    assert words in json.loads(body)["error"]


def test_an_endpoint_that_is_none_lists_those_there_are(standin: Standin) -> None:
    status, body = standin.raw_control("flet")
    assert status == 404
    assert "fleet" in json.loads(body)["error"]
    status, body = standin.raw_control("reset")
    assert status == 405
    assert "POST" in json.loads(body)["error"]


def test_desktops_in_all_are_spread_evenly(standin: Standin) -> None:
    accounts = [{"id": one, "regions": [REGION, OTHER_REGION]} for one in (ACCOUNT, OTHER_ACCOUNT)]
    answer = standin.control("fleet", {"seed": 1, "accounts": accounts, "desktops": 1001})
    assert [site["desktops"] for site in answer["sites"]] == [251, 250, 250, 250]


def test_reset_forgets_everything(fleet: Standin) -> None:
    fleet.control("throttle", {"rules": [{"rate": 0.001, "burst": 1}]})
    fleet.control("fault", {"rules": [{"code": "X", "count": 9}]})
    fleet.control("reset", {})
    client = fleet.client("workspaces")
    for _ in range(3):
        assert client.describe_workspaces()["Workspaces"] == []
    assert client.describe_workspace_directories()["Directories"] == []
    assert fleet.client("ds").describe_directories()["DirectoryDescriptions"] == []


def test_the_clock_stands_still_or_runs(standin: Standin) -> None:
    assert standin.control("clock", {"set": NOON})["now"] == NOON
    assert standin.control("clock")["now"] == NOON
    later = standin.control("clock", {"advanceSeconds": 90})["now"]
    assert later == "2026-03-04T12:01:30Z"
    running = standin.control("clock", {"set": NOON, "running": True})["now"]
    assert running >= NOON


def test_states_follow_the_sessions_through_the_day(fleet: Standin) -> None:
    client = fleet.client("workspaces")

    def available() -> int:
        return Counter(row["State"] for row in all_desktops(client))["AVAILABLE"]

    noon = available()
    fleet.control("clock", {"set": "2026-03-08T03:00:00+01:00"})
    assert available() < noon


def test_connections_are_those_of_the_ledger(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    interval = "from=2026-03-03T00:00:00Z&to=2026-03-05T00:00:00Z"
    sessions = fleet.control(f"ledger?type=sessions&account={ACCOUNT}&region={REGION}&{interval}")
    at_noon = {s["workspaceId"] for s in sessions if s["start"] <= NOON < s["end"]}
    rows = [
        row
        for page in client.get_paginator("describe_workspaces_connection_status").paginate()
        for row in page["WorkspacesConnectionStatus"]
    ]
    connected = {row["WorkspaceId"] for row in rows if row["ConnectionState"] == "CONNECTED"}
    healthy = {w["WorkspaceId"] for w in all_desktops(client) if w["State"] == "AVAILABLE"}
    assert connected & healthy == at_noon & healthy
    assert connected
    never = {
        line["workspaceId"]
        for line in fleet.control(f"ledger?account={ACCOUNT}&region={REGION}")
        if line["persona"] == "never_connected"
    }
    for row in rows:
        if row["WorkspaceId"] in never:
            assert "LastKnownUserConnectionTimestamp" not in row


def test_running_hours_of_the_ledger_contain_the_sessions(fleet: Standin) -> None:
    interval = "from=2026-03-02T00:00:00Z&to=2026-03-09T00:00:00Z"
    running = fleet.control(f"ledger?type=running&region={REGION}&{interval}")
    by_desktop: dict[str, list[dict[str, str]]] = {}
    for line in running:
        by_desktop.setdefault(line["workspaceId"], []).append(line)
    for session in fleet.control(f"ledger?type=sessions&region={REGION}&{interval}"):
        end = min(session["end"], "2026-03-09T00:00:00Z")
        stretches = by_desktop[session["workspaceId"]]
        assert any(r["start"] <= session["start"] and end <= r["end"] for r in stretches)


@pytest.mark.parametrize("now", ["2025-09-01T12:00:00Z", NOON, "2026-12-01T12:00:00Z"])
def test_the_ledger_tells_the_running_modes_that_a_listing_shows(fleet: Standin, now: str) -> None:
    fleet.control("clock", {"set": now})
    told = {line["workspaceId"]: line["runningMode"]
            for line in fleet.control(f"ledger?account={ACCOUNT}&region={REGION}")}  # fmt: skip
    shown = {row["WorkspaceId"]: row["WorkspaceProperties"]["RunningMode"]
             for row in all_desktops(fleet.client("workspaces"))}  # fmt: skip
    assert shown == told


def test_the_ledger_comes_in_parts(fleet: Standin) -> None:
    whole = fleet.control("ledger")
    parts = [
        line for at in range(0, 520, 130) for line in fleet.control(f"ledger?offset={at}&limit=130")
    ]
    assert len(whole) == 520
    assert parts == whole
    status, body = fleet.raw_control("ledger?type=sessions")
    assert status == 400
    assert "from and to" in json.loads(body)["error"]


def test_desktops_can_be_removed_and_added(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    before = ids(all_desktops(client))
    answer = fleet.control("mutate", {**HERE, "remove": 10, "add": 5})
    after = ids(all_desktops(client))
    assert answer["removed"] == before[:10]
    assert set(after) == (set(before) - set(answer["removed"])) | set(answer["added"])
    assert len(after) == 125
    assert len(ids(all_desktops(fleet.client("workspaces", OTHER_ACCOUNT)))) == 130


def test_desktops_can_get_values_that_no_client_knows_and_lose_members(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    one = ids(all_desktops(client))[4]
    members = {
        "State": "FROZEN",
        "WorkspaceProperties.ComputeTypeName": "QUANTUM",
        "WorkspaceProperties.RunningMode": "SOMETIMES",
    }
    drop = ["UserName", "WorkspaceProperties.RootVolumeSizeGib", "BundleId"]
    change = {**HERE, "desktops": [one], "set": members, "drop": drop}
    assert fleet.control("mutate", change)["changed"] == [one]
    (row,) = client.describe_workspaces(WorkspaceIds=[one])["Workspaces"]
    assert row["State"] == "FROZEN"
    assert row["WorkspaceProperties"]["ComputeTypeName"] == "QUANTUM"
    assert row["WorkspaceProperties"]["RunningMode"] == "SOMETIMES"
    assert not {"UserName", "BundleId"} & set(row)
    assert "RootVolumeSizeGib" not in row["WorkspaceProperties"]


def test_a_changed_running_mode_changes_what_the_desktop_does(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    stopped = [row["WorkspaceId"] for row in all_desktops(client) if row["State"] == "STOPPED"]
    mode = {"WorkspaceProperties.RunningMode": "ALWAYS_ON"}
    fleet.control("mutate", {**HERE, "desktops": stopped[:25], "set": mode})
    rows = client.describe_workspaces(WorkspaceIds=stopped[:25])["Workspaces"]
    assert {row["State"] for row in rows} == {"AVAILABLE"}


def test_presence_goes_from_everything_to_the_least(fleet: Standin) -> None:
    client = fleet.client("workspaces")

    def members() -> list[set[str]]:
        return [set(row) for row in all_desktops(client) if row["State"] == "AVAILABLE"]

    fleet.control("presence", {"profile": "full"})
    full = members()
    assert all({"IpAddress", "WorkspaceName", "ModificationStates"} <= row for row in full)
    fleet.control("presence", {"profile": "minimal"})
    least = {"WorkspaceId", "DirectoryId", "UserName", "State", "BundleId", "WorkspaceProperties"}
    assert all(row == least for row in members())
    fleet.control("presence", {"profile": "full", "members": {"IpAddress": 0.5}})
    half = sum("IpAddress" in row for row in members())
    assert 0.2 * len(full) < half < 0.8 * len(full)
    assert half == sum("IpAddress" in row for row in members())
