"""The two listings of a sync: whole, paged, filtered, and bound to their request."""

from __future__ import annotations

from typing import Any

import pytest

from tests.asking import all_desktops, ids, refusal
from tests.conftest import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, Standin


def test_a_listing_is_the_ledger_and_repeats_nothing(fleet: Standin) -> None:
    listed = ids(all_desktops(fleet.client("workspaces")))
    truth = fleet.control(f"ledger?account={ACCOUNT}&region={REGION}")
    assert listed == [line["workspaceId"] for line in truth]
    assert len(set(listed)) == 130


def test_accounts_and_regions_share_nothing(fleet: Standin) -> None:
    seen = [
        set(ids(all_desktops(fleet.client("workspaces", account, region))))
        for account in (ACCOUNT, OTHER_ACCOUNT)
        for region in (REGION, OTHER_REGION)
    ]
    assert len(set.union(*seen)) == sum(map(len, seen)) == 4 * 130


@pytest.mark.parametrize("limit", [1, 7, 25])
def test_a_page_holds_at_most_its_limit(fleet: Standin, limit: int) -> None:
    page = fleet.client("workspaces").describe_workspaces(Limit=limit)
    assert len(page["Workspaces"]) == limit
    assert page["NextToken"]


def test_the_last_page_has_no_token(standin: Standin) -> None:
    standin.fleet(desktops=50)
    client = standin.client("workspaces")
    first = client.describe_workspaces()
    second = client.describe_workspaces(NextToken=first["NextToken"])
    assert len(second["Workspaces"]) == 25
    assert "NextToken" not in second


def test_a_token_of_another_query_is_refused(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    token = client.describe_workspaces(Limit=5)["NextToken"]
    elsewhere = fleet.client("workspaces", region=OTHER_REGION)
    for ask, params in (
        (client.describe_workspaces, {"Limit": 6, "NextToken": token}),
        (client.describe_workspaces_connection_status, {"NextToken": token}),
        (elsewhere.describe_workspaces, {"Limit": 5, "NextToken": token}),
        (client.describe_workspaces, {"NextToken": "made-up"}),
    ):
        assert refusal(ask, **params) == "InvalidParameterValuesException"


def test_desktops_that_leave_between_pages_hide_no_others(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    before = ids(all_desktops(client))
    first = client.describe_workspaces()
    fleet.control("mutate", {"account": ACCOUNT, "region": REGION, "remove": before[20:30]})
    second = client.describe_workspaces(NextToken=first["NextToken"])
    assert ids(second["Workspaces"]) == before[30:55]


def test_filters_choose_exactly_the_fitting_desktops(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    everything = all_desktops(client)
    sample = everything[40]
    for member in ("DirectoryId", "BundleId"):
        wanted = [row for row in everything if row[member] == sample[member]]
        assert all_desktops(client, **{member: sample[member]}) == wanted
    of_user = {name: sample[name] for name in ("DirectoryId", "UserName")}
    assert all_desktops(client, **of_user) == [sample]
    assert all_desktops(client, WorkspaceIds=ids(everything[3:9])) == everything[3:9]


@pytest.mark.parametrize(
    "params",
    [
        {"BundleId": "wsb-123456789", "DirectoryId": "d-1234567890"},
        {"WorkspaceIds": ["ws-123456789"], "DirectoryId": "d-1234567890"},
        {"UserName": "ana"},
    ],
)
def test_only_one_way_of_choosing_is_allowed(fleet: Standin, params: dict[str, Any]) -> None:
    ask = fleet.client("workspaces").describe_workspaces
    assert refusal(ask, **params) == "InvalidParameterValuesException"


def test_the_connection_status_pages_through_everything_that_has_one(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    pages = client.get_paginator("describe_workspaces_connection_status").paginate()
    rows = [row for page in pages for row in page["WorkspacesConnectionStatus"]]
    placed = [w for w in all_desktops(client) if w["State"] not in {"PENDING", "ERROR"}]
    assert ids(rows) == ids(placed)
    assert {row["ConnectionState"] for row in rows} == {"CONNECTED", "DISCONNECTED", "UNKNOWN"}
