"""Directory Service beyond descriptions, and the users of a managed AD."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from botocore import xform_name

from aws_standin.services.directory_details import OPERATIONS
from tests.asking import refusal
from tests.conftest import ACCOUNT, REGION, Standin

PLACE = f"account={ACCOUNT}&region={REGION}"
MANAGED_ONLY = (
    "DescribeDomainControllers", "DescribeTrusts", "DescribeLDAPSSettings", "ListCertificates",
    "ListLogSubscriptions", "DescribeDirectoryDataAccess",
)  # fmt: skip


@pytest.fixture
def directories(standin: Standin) -> Standin:
    standin.fleet(desktops=600, directoriesPerRegion=10)
    return standin


def by_kind(standin: Standin) -> dict[str, list[str]]:
    kinds: dict[str, list[str]] = {}
    for row in standin.client("ds").describe_directories()["DirectoryDescriptions"]:
        kinds.setdefault(row["Type"], []).append(row["DirectoryId"])
    return kinds


def operation(standin: Standin, name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(standin.client("ds"), xform_name(name))
    return found


@pytest.mark.parametrize("name", MANAGED_ONLY)
def test_what_only_a_managed_ad_has_is_unsupported_for_the_others(
    directories: Standin, name: str
) -> None:
    kinds = by_kind(directories)
    ask = operation(directories, name)
    for kind, members in kinds.items():
        for identity in members:
            if kind == "MicrosoftAD":
                ask(DirectoryId=identity)
            else:
                assert refusal(ask, DirectoryId=identity) == "UnsupportedOperationException"
    assert refusal(ask, DirectoryId="d-0123456789") in {
        "EntityDoesNotExistException", "DirectoryDoesNotExistException",
    }  # fmt: skip


def test_every_operation_of_ours_is_asked_here() -> None:
    others = {"DescribeSnapshots", "GetSnapshotLimits", "DescribeCertificate"}
    assert set(OPERATIONS) == {*MANAGED_ONLY, *others}


def test_domain_controllers_stand_at_the_directorys_addresses(directories: Standin) -> None:
    client = directories.client("ds")
    for row in client.describe_directories()["DirectoryDescriptions"]:
        if row["Type"] != "MicrosoftAD":
            continue
        ask = client.describe_domain_controllers
        found = ask(DirectoryId=row["DirectoryId"])["DomainControllers"]
        assert {one["DnsIpAddr"] for one in found} == set(row["DnsIpAddrs"])
        first = ask(DirectoryId=row["DirectoryId"], Limit=1)
        rest = ask(DirectoryId=row["DirectoryId"], Limit=1, NextToken=first["NextToken"])
        assert first["DomainControllers"] + rest["DomainControllers"] == found
        assert refusal(ask, DirectoryId=row["DirectoryId"], NextToken="x") == (
            "InvalidNextTokenException"
        )
        one = found[0]["DomainControllerId"]
        only = ask(DirectoryId=row["DirectoryId"], DomainControllerIds=[one])
        assert only["DomainControllers"] == found[:1]


def test_trusts_and_logs_of_all_directories_come_without_naming_one(directories: Standin) -> None:
    client = directories.client("ds")
    managed = set(by_kind(directories)["MicrosoftAD"])
    trusts = client.describe_trusts()["Trusts"]
    assert {row["DirectoryId"] for row in trusts} <= managed
    assert trusts
    logs = client.list_log_subscriptions()["LogSubscriptions"]
    assert {row["DirectoryId"] for row in logs} <= managed


def test_a_certificates_page_leads_to_its_description(directories: Standin) -> None:
    client = directories.client("ds")
    described = 0
    for identity in by_kind(directories)["MicrosoftAD"]:
        for row in client.list_certificates(DirectoryId=identity)["CertificatesInfo"]:
            wanted = {"DirectoryId": identity, "CertificateId": row["CertificateId"]}
            shown = client.describe_certificate(**wanted)["Certificate"]
            assert shown["ExpiryDateTime"] == row["ExpiryDateTime"]
            described += 1
        unknown = {"DirectoryId": identity, "CertificateId": "c-0123456789"}
        assert refusal(client.describe_certificate, **unknown) == (
            "CertificateDoesNotExistException"
        )
    assert described


def test_snapshots_are_daily_and_a_connector_has_none(directories: Standin) -> None:
    client = directories.client("ds")
    kinds = by_kind(directories)
    rows = client.describe_snapshots(DirectoryId=kinds["SimpleAD"][0])["Snapshots"]
    times = sorted((row["StartTime"] for row in rows if row["Type"] == "Auto"), reverse=True)
    assert {later - earlier for later, earlier in pairwise(times)} == {timedelta(days=1)}
    assert [row["Type"] for row in rows].count("Manual") == 1
    connector = kinds["ADConnector"][0]
    assert refusal(client.describe_snapshots, DirectoryId=connector) == "ClientException"
    everything = client.describe_snapshots()["Snapshots"]
    assert connector not in {row["DirectoryId"] for row in everything}


def test_snapshot_limits_count_what_somebody_took(directories: Standin) -> None:
    client = directories.client("ds")
    kinds = by_kind(directories)
    limits = client.get_snapshot_limits(DirectoryId=kinds["SimpleAD"][0])["SnapshotLimits"]
    assert limits["ManualSnapshotsCurrentCount"] == 1 < limits["ManualSnapshotsLimit"]
    assert not limits["ManualSnapshotsLimitReached"]
    connector = kinds["ADConnector"][0]
    assert refusal(client.get_snapshot_limits, DirectoryId=connector) == "ClientException"


def test_the_ledger_tells_what_the_calls_tell(directories: Standin) -> None:
    client, day = directories.client("ds"), "from=2026-03-03T12:00:00Z&to=2026-03-04T12:00:01Z"
    told = directories.control(f"ledger?type=directories&{PLACE}&{day}")
    assert len(told) == 10
    trusts = {one["TrustId"]: one["TrustState"] for one in client.describe_trusts()["Trusts"]}
    assert {id: state for line in told for id, state in line["trusts"].items()} == trusts
    subscriptions = client.list_log_subscriptions()["LogSubscriptions"]
    groups = {one["LogGroupName"] for one in subscriptions}
    assert {group for line in told for group in line["logGroups"]} == groups
    rows = directories.client("workspaces").describe_ip_groups()["Result"]
    rules = {(row["groupId"], rule["ipRule"]) for row in rows for rule in row["userRules"]}
    lines = directories.control(f"ledger?type=ipGroups&{PLACE}&{day}")
    assert {(line["groupId"], rule) for line in lines for rule in line["rules"]} == rules


def test_limits_count_the_fleets_directories(directories: Standin) -> None:
    limits = directories.client("ds").get_directory_limits()["DirectoryLimits"]
    kinds = by_kind(directories)
    assert limits["CloudOnlyMicrosoftADCurrentCount"] == len(kinds["MicrosoftAD"])
    assert limits["ConnectedDirectoriesCurrentCount"] == len(kinds["ADConnector"])


def test_a_connector_shows_a_secret_that_no_client_may_keep(directories: Standin) -> None:
    rows = directories.client("ds").describe_directories()["DirectoryDescriptions"]
    secrets = {
        row["DirectoryId"]: row["RadiusSettings"]["SharedSecret"]
        for row in rows
        if row.get("RadiusSettings", {}).get("SharedSecret")
    }
    assert set(secrets) == set(by_kind(directories)["ADConnector"])
    assert all(secret.startswith("canary-radius-secret-") for secret in secrets.values())


def users(standin: Standin, directory: str, **params: Any) -> list[dict[str, Any]]:
    pages = standin.client("ds-data").get_paginator("list_users")
    return [
        user for page in pages.paginate(DirectoryId=directory, **params) for user in page["Users"]
    ]


def readable(standin: Standin) -> list[str]:
    client = standin.client("ds")
    return [
        one
        for one in by_kind(standin)["MicrosoftAD"]
        if client.describe_directory_data_access(DirectoryId=one)["DataAccessStatus"] == "Enabled"
    ]


def test_users_are_those_of_the_ledger_and_leavers_are_disabled(directories: Standin) -> None:
    directories.fleet(desktops=3000, directoriesPerRegion=10)
    leavers = {
        line["userName"]: date.fromisoformat(line["leftOn"])
        for line in directories.control(f"ledger?{PLACE}")
        if line["leftOn"]
    }
    today = date(2026, 9, 2)
    now = f"{today}T12:00:00Z"
    directories.control("clock", {"set": now})
    told = directories.control(f"ledger?type=users&{PLACE}&from={now}&to={now}")
    disabled = 0
    for directory in readable(directories):
        rows = users(directories, directory, MaxResults=17)
        found = {row["SAMAccountName"]: row["Enabled"] for row in rows}
        assert found == {t["userName"]: t["enabled"] for t in told if t["directoryId"] == directory}
        assert len({row["SID"] for row in rows}) == len(rows)
        for name, enabled in found.items():
            assert enabled == (today < leavers.get(name, date.max))
            assert leavers.get(name, today) > today - timedelta(days=90)
            disabled += not enabled
    assert disabled
    assert len(readable(directories)) >= 1


def test_a_leaver_is_enabled_until_the_day_of_leaving(directories: Standin) -> None:
    (directory, *_) = readable(directories)
    known = {row["SAMAccountName"] for row in users(directories, directory)}
    leaver = next(
        line
        for line in directories.control(f"ledger?{PLACE}")
        if line["directoryId"] == directory
        and (line["leftOn"] or "") > "2026-03-10"
        and line["userName"] in known
    )
    left = date.fromisoformat(leaver["leftOn"])
    for day, expected in [
        (left - timedelta(days=1), True),
        (left, False),
        (left + timedelta(days=89), False),
        (left + timedelta(days=90), None),
    ]:
        directories.control("clock", {"set": f"{day}T12:00:00Z"})
        found = {r["SAMAccountName"]: r["Enabled"] for r in users(directories, directory)}
        assert found.get(leaver["userName"]) is expected


def test_users_elsewhere_cannot_be_read(directories: Standin) -> None:
    ask = directories.client("ds-data").list_users
    kinds = by_kind(directories)
    (closed, *_) = set(kinds["MicrosoftAD"]) - set(readable(directories))
    with pytest.raises(ask.__self__.exceptions.AccessDeniedException) as caught:
        ask(DirectoryId=closed)
    assert caught.value.response["Reason"] == "DATA_DISABLED"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    for kind in ("SimpleAD", "ADConnector"):
        assert refusal(ask, DirectoryId=kinds[kind][0]) == "UnsupportedOperationException"
    assert refusal(ask, DirectoryId="d-0123456789") == "ValidationException"
    assert refusal(ask, DirectoryId="no directory") == "ValidationException"
    (open_one, *_) = readable(directories)
    assert refusal(ask, DirectoryId=open_one, MaxResults=251) == "ValidationException"
    assert refusal(ask, DirectoryId=open_one, Realm="other.example.com") == "ValidationException"
    assert refusal(ask, DirectoryId=open_one, NextToken="made-up") == "ValidationException"


def test_a_rest_service_is_throttled_with_429(directories: Standin) -> None:
    directories.control(
        "throttle", {"rules": [{"operation": "ListUsers", "rate": 0.001, "burst": 1}]}
    )
    ask = directories.client("ds-data").list_users
    (directory, *_) = readable(directories)
    ask(DirectoryId=directory)
    with pytest.raises(ask.__self__.exceptions.ThrottlingException) as caught:
        ask(DirectoryId=directory)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
