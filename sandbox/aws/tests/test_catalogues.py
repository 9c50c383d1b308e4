"""Directories and bundles: pages, filters, and agreement between the services."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.asking import all_desktops, refusal
from tests.conftest import REGION, Standin


def pages(client: Any, operation: str, member: str, **params: Any) -> list[list[dict[str, Any]]]:
    return [page[member] for page in client.get_paginator(operation).paginate(**params)]


def flat(rows: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [row for page in rows for row in page]


def test_directories_come_in_pages_of_25(standin: Standin) -> None:
    standin.fleet(desktops=10, directoriesPerRegion=60)
    client = standin.client("workspaces")
    listed = pages(client, "describe_workspace_directories", "Directories")
    assert [len(page) for page in listed] == [25, 25, 10]
    assert len({row["DirectoryId"] for row in flat(listed)}) == 60


def test_directories_can_be_filtered(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    ask = client.describe_workspace_directories
    everything = ask()["Directories"]
    assert Counter(row["UserIdentityType"] for row in everything) == {
        "AWS_DIRECTORY_SERVICE": 2,
        "CUSTOMER_MANAGED": 1,
    }
    wanted = [{"Name": "USER_IDENTITY_TYPE", "Values": ["CUSTOMER_MANAGED"]}]
    (entra,) = ask(Filters=wanted)["Directories"]
    assert entra["DirectoryId"].startswith("wsd-")
    assert ask(DirectoryIds=[entra["DirectoryId"]])["Directories"] == [entra]


def test_directory_service_knows_the_directories_that_are_its_own(standin: Standin) -> None:
    standin.fleet(desktops=10, directoriesPerRegion=10)
    listed = standin.client("workspaces").describe_workspace_directories()["Directories"]
    own = {row["DirectoryId"]: row for row in listed if row["DirectoryId"].startswith("d-")}
    described = flat(
        pages(
            standin.client("ds"),
            "describe_directories",
            "DirectoryDescriptions",
            PaginationConfig={"PageSize": 3},
        )
    )
    assert {row["DirectoryId"] for row in described} == set(own)
    for row in described:
        assert row["Name"] == own[row["DirectoryId"]]["DirectoryName"]


def test_a_directory_that_is_not_there_is_unknown_to_directory_service(fleet: Standin) -> None:
    ask = fleet.client("ds").describe_directories
    assert refusal(ask, DirectoryIds=["d-0123456789"]) == "EntityDoesNotExistException"
    assert refusal(ask, NextToken="made-up") == "InvalidNextTokenException"


def test_another_fleet_replaces_the_directories(fleet: Standin) -> None:
    ask = fleet.client("ds").describe_directories
    before = {row["DirectoryId"] for row in ask()["DirectoryDescriptions"]}
    fleet.fleet(seed=8)
    after = {row["DirectoryId"] for row in ask()["DirectoryDescriptions"]}
    assert before.isdisjoint(after)


def test_directories_name_ip_groups_that_exist(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    first = client.describe_ip_groups(MaxResults=1)
    second = client.describe_ip_groups(MaxResults=1, NextToken=first["NextToken"])
    assert "NextToken" not in second
    groups = {row["groupId"] for row in first["Result"] + second["Result"]}
    listed = client.describe_workspace_directories()["Directories"]
    used = {group for row in listed for group in row["ipGroupIds"]}
    assert used == groups
    assert client.describe_ip_groups(GroupIds=list(groups))["Result"]


def test_public_bundles_take_two_pages_and_are_the_same_everywhere(fleet: Standin) -> None:
    listed = pages(
        fleet.client("workspaces"), "describe_workspace_bundles", "Bundles", Owner="AMAZON"
    )
    assert len(listed) == 2
    other = fleet.client("workspaces", "222222222222")
    assert pages(other, "describe_workspace_bundles", "Bundles", Owner="AMAZON") == listed


@pytest.mark.parametrize("owner", ["AMAZON", None])
def test_bundles_belong_to_whom_was_asked_for(fleet: Standin, owner: str | None) -> None:
    params = {"Owner": owner} if owner else {}
    listed = flat(
        pages(fleet.client("workspaces"), "describe_workspace_bundles", "Bundles", **params)
    )
    assert {row["Owner"] for row in listed} == {owner or "111111111111"}


def test_every_desktops_bundle_and_directory_exist(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    bundles = {
        row["BundleId"]: row
        for owner in ({}, {"Owner": "AMAZON"})
        for row in flat(pages(client, "describe_workspace_bundles", "Bundles", **owner))
    }
    directories = {
        row["DirectoryId"]: row for row in client.describe_workspace_directories()["Directories"]
    }
    for desktop in all_desktops(client):
        bundle = bundles[desktop["BundleId"]]
        properties = desktop["WorkspaceProperties"]
        assert bundle["ComputeType"]["Name"] == properties["ComputeTypeName"]
        own_licence = properties.get("OperatingSystemName") in {"WINDOWS_10", "WINDOWS_11"}
        tenancy = directories[desktop["DirectoryId"]]["Tenancy"]
        assert tenancy == "DEDICATED" or not own_licence


def test_a_fleet_has_something_of_everything(standin: Standin) -> None:
    standin.fleet(desktops=3000)
    rows = all_desktops(standin.client("workspaces"))
    properties = [row["WorkspaceProperties"] for row in rows]
    assert {p["RunningMode"] for p in properties} == {"AUTO_STOP", "ALWAYS_ON", "MANUAL"}
    assert {"ERROR", "UNHEALTHY", "PENDING", "STOPPED", "AVAILABLE"} <= {r["State"] for r in rows}
    assert len({p["ComputeTypeName"] for p in properties}) >= 10
    assert len({p.get("OperatingSystemName") for p in properties}) >= 6
    assert {tuple(p.get("Protocols", ())) for p in properties} == {("PCOIP",), ("WSP",), ()}
    for member in ("RelatedWorkspaces", "StandbyWorkspacesProperties", "DataReplicationSettings"):
        assert any(member in row for row in rows)
    for member in ("IpAddress", "SubnetId", "ComputerName", "ModificationStates"):
        present = sum(member in row for row in rows)
        assert 0.8 * len(rows) < present < len(rows)
    personas = Counter(row["persona"] for row in standin.control(f"ledger?region={REGION}"))
    assert len(personas) == 12
