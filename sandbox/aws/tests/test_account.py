"""What stands beside desktops: images, snapshots, aliases, tags across desktops, quotas."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests import cbor_client
from tests.asking import all_desktops, ids, refusal
from tests.conftest import ACCOUNT, NOON, OTHER_ACCOUNT, REGION, Standin

PLACE = f"account={ACCOUNT}&region={REGION}"
NOW = datetime.fromisoformat(NOON.replace("Z", "+00:00"))


def tagged(client: Any, **params: Any) -> list[dict[str, Any]]:
    pages = client.get_paginator("get_resources").paginate(**params)
    return [row for page in pages for row in page["ResourceTagMappingList"]]


def arn(identity: str) -> str:
    return f"arn:aws:workspaces:{REGION}:{ACCOUNT}:workspace/{identity}"


def test_every_bundles_image_is_listed_and_one_has_failed(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    images = client.describe_workspace_images(ImageType="OWNED")["Images"]
    by_id = {image["ImageId"]: image for image in images}
    for bundle in client.describe_workspace_bundles()["Bundles"]:
        assert by_id[bundle["ImageId"]]["State"] == "AVAILABLE"
    (failed,) = [image for image in images if image["State"] == "ERROR"]
    assert failed["ErrorDetails"]
    updates = {image["Updates"]["UpdateAvailable"] for image in images if "Updates" in image}
    assert updates == {True, False}
    (shared,) = client.describe_workspace_images(ImageType="SHARED")["Images"]
    assert shared["OwnerAccountId"] != ACCOUNT
    wanted = [shared["ImageId"], failed["ImageId"]]
    assert len(client.describe_workspace_images(ImageIds=wanted)["Images"]) == 2


def test_images_come_in_pages(fleet: Standin) -> None:
    ask = fleet.client("workspaces").describe_workspace_images
    first = ask(MaxResults=10)
    second = ask(MaxResults=10, NextToken=first["NextToken"])
    assert len(first["Images"] + second["Images"]) == 13
    token = first["NextToken"]
    assert refusal(ask, MaxResults=11, NextToken=token) == "InvalidParameterValuesException"


def test_snapshots_are_at_most_twelve_hours_old(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    desktop = next(w for w in all_desktops(client) if w["State"] in {"AVAILABLE", "STOPPED"})
    ask = client.describe_workspace_snapshots
    answer = ask(WorkspaceId=desktop["WorkspaceId"])
    times = [row["SnapshotTime"] for row in answer["RestoreSnapshots"]]
    assert NOW - timedelta(hours=12) < times[0] <= NOW
    assert times[1] == times[0] - timedelta(hours=12)
    fleet.control("clock", {"advanceSeconds": 12 * 3600})
    later = ask(WorkspaceId=desktop["WorkspaceId"])["RestoreSnapshots"]
    assert later[1]["SnapshotTime"] == times[0]
    assert refusal(ask, WorkspaceId="ws-nobodyhas") == "ResourceNotFoundException"


def test_aliases_are_found_by_id_and_by_directory(fleet: Standin) -> None:
    ask = fleet.client("workspaces").describe_connection_aliases
    (alias,) = ask()["ConnectionAliases"]
    (association,) = alias["Associations"]
    assert ask(AliasIds=[alias["AliasId"]])["ConnectionAliases"] == [alias]
    assert ask(ResourceId=association["ResourceId"])["ConnectionAliases"] == [alias]
    assert ask(ResourceId="d-0123456789")["ConnectionAliases"] == []


def test_settings_of_clients_belong_to_directories(fleet: Standin) -> None:
    client = fleet.client("workspaces")
    directories = client.describe_workspace_directories()["Directories"]
    wanted = [row["DirectoryId"] for row in directories]
    rows = client.describe_client_properties(ResourceIds=wanted)["ClientPropertiesList"]
    assert [row["ResourceId"] for row in rows] == wanted
    unknown = {"ResourceIds": ["d-0123456789"]}
    assert refusal(client.describe_client_properties, **unknown) == "ResourceNotFoundException"


def test_an_account_without_a_fleet_has_nothing(standin: Standin) -> None:
    client = standin.client("workspaces")
    assert client.describe_workspace_images()["Images"] == []
    assert client.describe_account()["DedicatedTenancySupport"] == "DISABLED"
    assert client.describe_connection_aliases()["ConnectionAliases"] == []


def test_tagged_desktops_are_those_of_the_ledger(fleet: Standin) -> None:
    client = fleet.client("resourcegroupstaggingapi")
    rows = tagged(client, ResourceTypeFilters=["workspaces:workspace"], ResourcesPerPage=50)
    expected = {
        arn(line["workspaceId"]): line["tags"]
        for line in fleet.control(f"ledger?{PLACE}")
        if line["tags"]
    }
    found = {r["ResourceARN"]: {t["Key"]: t["Value"] for t in r["Tags"]} for r in rows}
    assert found == expected
    assert 80 < len(expected) < 130
    assert tagged(client) == rows
    assert tagged(client, ResourceTypeFilters=["ec2:instance"]) == []
    answer = cbor_client.ask(fleet, "resourcegroupstaggingapi", "GetResources", ResourcesPerPage=9)
    assert answer["ResourceTagMappingList"] == rows[:9]


def test_who_lost_all_tags_is_listed_and_who_never_had_any_is_not(fleet: Standin) -> None:
    client, tagging = fleet.client("workspaces"), fleet.client("resourcegroupstaggingapi")
    rows = tagged(tagging)
    one = rows[0]["ResourceARN"].rpartition("/")[2]
    keys = [tag["Key"] for tag in rows[0]["Tags"]]
    client.delete_tags(ResourceId=one, TagKeys=keys)
    assert tagged(tagging)[0] == {"ResourceARN": arn(one), "Tags": []}
    listed = {row["ResourceARN"] for row in rows}
    never = next(i for i in ids(all_desktops(client)) if arn(i) not in listed)
    client.create_tags(ResourceId=never, Tags=[{"Key": "a", "Value": "b"}])
    assert len(tagged(tagging)) == len(rows) + 1


def test_desktops_are_found_by_tags_and_by_name(fleet: Standin) -> None:
    client = fleet.client("resourcegroupstaggingapi")
    rows = tagged(client)
    values = ["Finance", "IT"]
    wanted = [{"Key": "Department", "Values": values}, {"Key": "CostCentre"}]
    expected = [
        row
        for row in rows
        if any(t["Key"] == "Department" and t["Value"] in values for t in row["Tags"])
    ]
    assert tagged(client, TagFilters=wanted) == expected
    assert expected
    one = rows[3]["ResourceARN"]
    answer = client.get_resources(ResourceARNList=[one])
    assert answer["ResourceTagMappingList"] == [rows[3]]
    assert answer["PaginationToken"] == ""


@pytest.mark.parametrize(
    "params",
    [
        {"ResourcesPerPage": 101},
        {"ResourcesPerPage": 0},
        {"TagsPerPage": 99},
        {"ResourceARNList": [arn("ws-123456789")], "ResourcesPerPage": 5},
        {"PaginationToken": "made up"},
    ],
)
def test_wrong_questions_for_tags_are_refused(fleet: Standin, params: dict[str, Any]) -> None:
    ask = fleet.client("resourcegroupstaggingapi").get_resources
    assert refusal(ask, **params) == "InvalidParameterException"


def test_a_token_for_tags_belongs_to_its_request(fleet: Standin) -> None:
    ask = fleet.client("resourcegroupstaggingapi").get_resources
    token = ask(ResourcesPerPage=10)["PaginationToken"]
    assert len(ask(ResourcesPerPage=10, PaginationToken=token)["ResourceTagMappingList"]) == 10
    other = {"ResourcesPerPage": 11, "PaginationToken": token}
    assert refusal(ask, **other) == "InvalidParameterException"


def test_quotas_are_those_of_the_ledger_and_have_room_for_the_fleet(fleet: Standin) -> None:
    client = fleet.client("service-quotas")
    pages = client.get_paginator("list_service_quotas").paginate(
        ServiceCode="workspaces", PaginationConfig={"PageSize": 4}
    )
    rows = [row for page in pages for row in page["Quotas"]]
    told = [
        line
        for line in fleet.control(f"ledger?type=quotas&{PLACE}&from={NOON}&to={NOON}")
        if line["service"] == "workspaces"
    ]
    assert {r["QuotaCode"]: r["Value"] for r in rows} == {t["code"]: t["value"] for t in told}
    (desktops,) = [row for row in rows if row["QuotaName"] == "WorkSpaces"]
    assert desktops["QuotaCode"] == "L-34278094"
    assert desktops["Value"] >= 130
    one = client.list_service_quotas(ServiceCode="workspaces", QuotaCode="L-34278094")["Quotas"]
    assert one == [desktops]


def test_defaults_are_the_same_in_every_account(fleet: Standin) -> None:
    answers = []
    for account in (ACCOUNT, OTHER_ACCOUNT):
        client = fleet.client("service-quotas", account)
        answer = client.list_aws_default_service_quotas(ServiceCode="workspaces")
        answers.append(answer["Quotas"])
    assert answers[0] == answers[1]
    assert {row["QuotaName"]: row["Value"] for row in answers[0]}["WorkSpaces"] == 1


def test_wrong_questions_for_quotas_are_refused(fleet: Standin) -> None:
    ask = fleet.client("service-quotas").list_service_quotas
    assert refusal(ask, ServiceCode="ec2") == "NoSuchResourceException"
    assert refusal(ask, ServiceCode="ds", NextToken="AAAA") == "InvalidPaginationTokenException"
    raw = fleet.aws("service-quotas", "ListServiceQuotas", json.dumps({}).encode())
    assert json.loads(raw.data)["__type"] == "ValidationException"
