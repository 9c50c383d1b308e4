"""Listings told otherwise than they are, and the ledger of images and snapshots."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import ACCOUNT, NOON, REGION, Standin

PLACE = f"account={ACCOUNT}&region={REGION}&from={NOON}&to={NOON}"


def rule(fleet: Standin, operation: str, **more: Any) -> None:
    fleet.control("listing", {"rules": [{"operation": operation, "region": REGION, **more}]})


def images(fleet: Standin, kind: str = "OWNED") -> dict[str, dict[str, Any]]:
    rows = fleet.client("workspaces").describe_workspace_images(ImageType=kind)["Images"]
    return {row["ImageId"]: row for row in rows}


def test_a_listing_loses_and_changes_rows_until_its_rules_are_replaced(fleet: Standin) -> None:
    before = images(fleet)
    gone, changed, *_ = before
    rule(
        fleet,
        "DescribeWorkspaceImages",
        remove=[gone],
        set={changed: {"State": "FROZEN"}},
        drop={changed: ["Name"]},
    )
    after = images(fleet)
    assert set(after) == set(before) - {gone}
    assert after[changed]["State"] == "FROZEN"
    assert "Name" not in after[changed]
    fleet.control("listing", {"rules": []})
    assert images(fleet) == before


def test_a_rule_may_drop_the_id_itself(fleet: Standin) -> None:
    one = next(iter(images(fleet)))
    rule(fleet, "DescribeWorkspaceImages", drop={one: ["ImageId"]})
    rows = fleet.client("workspaces").describe_workspace_images()["Images"]
    assert sum("ImageId" not in row for row in rows) == 1


@pytest.mark.parametrize("operation", ["list_service_quotas", "list_aws_default_service_quotas"])
def test_quotas_can_be_changed_too(fleet: Standin, operation: str) -> None:
    name = {"list_service_quotas": "ListServiceQuotas"}.get(
        operation, "ListAWSDefaultServiceQuotas"
    )
    rule(fleet, name, remove=["L-34278094"], set={"L-18CE281C": {"Value": 77.0}})
    rows = getattr(fleet.client("service-quotas"), operation)(ServiceCode="workspaces")["Quotas"]
    told = {row["QuotaCode"]: row["Value"] for row in rows}
    assert "L-34278094" not in told
    assert told["L-18CE281C"] == 77


def test_a_repeated_token_is_the_one_that_was_sent(fleet: Standin) -> None:
    rule(fleet, "DescribeWorkspaceImages", tokens="repeated")
    ask = fleet.client("workspaces").describe_workspace_images
    first = ask()["NextToken"]
    assert ask(NextToken=first)["NextToken"] == first


@pytest.mark.parametrize(("tokens", "different"), [("repeated", 1), ("endless", 9)])
def test_listings_of_desktops_have_such_tokens_too(
    fleet: Standin, tokens: str, different: int
) -> None:
    rule(fleet, "DescribeWorkspaces", tokens=tokens)
    client = fleet.client("workspaces")
    told: list[str] = []
    for _ in range(9):
        page = client.describe_workspaces(**({"NextToken": told[-1]} if told else {}))
        told.append(page["NextToken"])
    assert len(set(told)) == different


def test_endless_tokens_are_new_every_time(fleet: Standin) -> None:
    rule(fleet, "DescribeWorkspaceImages", tokens="endless")
    ask = fleet.client("workspaces").describe_workspace_images
    answer, sent = ask(), set()
    for _ in range(5):
        assert answer["NextToken"] not in sent
        sent.add(answer["NextToken"])
        answer = ask(NextToken=answer["NextToken"])
        assert answer["Images"] == []


def test_images_are_those_of_the_ledger(fleet: Standin) -> None:
    told = fleet.control(f"ledger?type=images&{PLACE}")
    for kind in ("OWNED", "SHARED"):
        expected = {
            line["imageId"]: (line["name"], line["state"], line["updateAvailable"])
            for line in told
            if line["ownership"] == kind.lower()
        }
        shown = {
            one: (row["Name"], row["State"], row.get("Updates", {}).get("UpdateAvailable"))
            for one, row in images(fleet, kind).items()
        }
        assert shown == expected
        assert shown


def test_snapshots_are_those_of_the_ledger(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    told = fleet.control(f"ledger?type=snapshots&{PLACE}")
    assert sum(bool(line["restore"]) for line in told) > 100
    for line in told[:20]:
        answer = client.describe_workspace_snapshots(WorkspaceId=line["workspaceId"])
        for member, name in (("RebuildSnapshots", "rebuild"), ("RestoreSnapshots", "restore")):
            times = [row["SnapshotTime"].strftime("%Y-%m-%dT%H:%M:%SZ") for row in answer[member]]
            assert times == line[name]
