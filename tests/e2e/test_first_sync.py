"""The main way: both kinds applied, the CronJob fires, and what AWS says is what Postgres,
the API and the custom resource's status say."""

import datetime

import pytest

from installation import Installation

SAME_TEXT = {
    "DirectoryId": "directory_id",
    "UserName": "user_name",
    "IpAddress": "ip_address",
    "BundleId": "bundle_id",
    "SubnetId": "subnet_id",
    "ComputerName": "computer_name",
    "WorkspaceName": "workspace_name",
    "VolumeEncryptionKey": "volume_encryption_key",
    "ErrorCode": "error_code",
    "ErrorMessage": "error_message",
}


def expected_row(workspace: dict) -> dict:
    """One desktop as boto3 read it, in the words of our table."""
    properties = workspace.get("WorkspaceProperties", {})
    row = {column: workspace.get(member) for member, column in SAME_TEXT.items()}
    row |= {
        "state": lower(workspace.get("State")),
        "running_mode": lower(properties.get("RunningMode")),
        "compute_type": lower(properties.get("ComputeTypeName")),
        "operating_system": lower(properties.get("OperatingSystemName")),
        "auto_stop_timeout_minutes": text(properties.get("RunningModeAutoStopTimeoutInMinutes")),
        "root_volume_gib": text(properties.get("RootVolumeSizeGib")),
        "user_volume_gib": text(properties.get("UserVolumeSizeGib")),
        "root_volume_encrypted": boolean(workspace.get("RootVolumeEncryptionEnabled")),
        "user_volume_encrypted": boolean(workspace.get("UserVolumeEncryptionEnabled")),
    }
    return row


def lower(value: str | None) -> str | None:
    return value if value is None else value.lower()


def text(value: int | None) -> str | None:
    return value if value is None else str(value)


def boolean(value: bool | None) -> str | None:
    return value if value is None else "ft"[value]


def read_with_boto3(installation: Installation) -> dict[tuple[str, str, str], dict]:
    """Every desktop of every account and region, by (account, region, id)."""
    found = {}
    for account in installation.state["accounts"]:
        for region in account["regions"]:
            client = installation.aws(account, "workspaces", region)
            for page in client.get_paginator("describe_workspaces").paginate():
                for workspace in page["Workspaces"]:
                    found[account["id"], region, workspace["WorkspaceId"]] = workspace
    return found


def connections_with_boto3(installation: Installation) -> dict[str, dict]:
    """The connection status of every desktop, by id."""
    found = {}
    for account in installation.state["accounts"]:
        for region in account["regions"]:
            client = installation.aws(account, "workspaces", region)
            for page in client.get_paginator("describe_workspaces_connection_status").paginate():
                for status in page["WorkspacesConnectionStatus"]:
                    found[status["WorkspaceId"]] = status
    return found


def test_both_kinds_become_ready(installation: Installation) -> None:
    for kind in ("workspaceaccounts", "syncschedules"):
        installation.kubectl("wait", "--for=condition=Ready", kind, "--all", "--timeout=120s")


def test_the_cron_job_fires_by_itself(synced: Installation) -> None:
    runs = synced.sql("select distinct schedule_name from run where trigger = 'schedule' and outcome = 'complete'")
    assert runs
    for name in synced.schedules():
        assert synced.get("syncschedule", name)["status"]["lastScheduleTime"]


def test_rows_equal_what_boto3_reads(synced: Installation) -> None:
    truth = read_with_boto3(synced)
    assert len(truth) == 1000
    columns = ", ".join(expected_row({}))
    rows = synced.sql(f"select account_id, region, workspace_id, {columns} from workspace where gone_at is null")
    stored = {(row.pop("account_id"), row.pop("region"), row.pop("workspace_id")): row for row in rows}
    assert stored.keys() == truth.keys()
    differences = {key: (stored[key], expected_row(truth[key])) for key in truth if stored[key] != expected_row(truth[key])}
    assert not differences


def test_protocols_are_kept_as_a_set(synced: Installation) -> None:
    rows = synced.sql("select workspace_id, array_to_string(protocols, ',') as protocols from workspace where gone_at is null")
    truth = {key[2]: workspace for key, workspace in read_with_boto3(synced).items()}
    for row in rows:
        protocols = truth[row["workspace_id"]].get("WorkspaceProperties", {}).get("Protocols")
        expected = protocols and ",".join(sorted(protocol.lower() for protocol in protocols))
        assert (row["protocols"] or None) == (expected or None), row


def test_connections_equal_what_boto3_reads(synced: Installation) -> None:
    truth = connections_with_boto3(synced)
    rows = synced.sql(
        "select workspace_id, connection_state, floor(extract(epoch from last_connected_at))::bigint as last_connected "
        "from workspace where gone_at is null"
    )
    assert len(rows) == 1000
    assert len(truth) > 900
    for row in rows:
        # AWS says nothing of desktops that are being made; that is unknown, not "disconnected".
        status = truth.get(row["workspace_id"], {})
        last: datetime.datetime | None = status.get("LastKnownUserConnectionTimestamp")
        assert row["last_connected"] == (None if last is None else str(int(last.timestamp()))), row
        assert row["connection_state"] == lower(status.get("ConnectionState")), row


def test_the_status_carries_the_run(synced: Installation) -> None:
    total = 0
    for name in synced.schedules():
        status = synced.get("syncschedule", name)["status"]
        assert status["lastRun"]["outcome"] == "Complete"
        assert status["lastRun"]["awsCalls"] > 0
        assert status["consecutiveFailures"] == 0
        counts = {entry["source"]: entry["count"] for entry in status["lastRun"]["counts"]}
        total += counts["Inventory"]
    assert total == 1000


def test_the_api_lists_them_page_by_page(synced: Installation) -> None:
    client = synced.api()
    ids, cursor = [], None
    while True:
        page = client.get("/api/v1/workspaces", params={"limit": 300} | ({"cursor": cursor} if cursor else {})).json()
        ids += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert len(ids) == len(set(ids)) == 1000
    assert sorted(ids) == sorted(key[2] for key in read_with_boto3(synced))
    assert page["coverage"]["complete"] is True


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_the_filter_grammar_works_from_outside(synced: Installation, region: str) -> None:
    client = synced.api()
    answer = client.get("/api/v1/workspaces", params={"filter": f"region = {region} and state = stopped", "limit": 500})
    assert answer.status_code == 200, answer.text
    expected = {
        key[2] for key, workspace in read_with_boto3(synced).items() if key[1] == region and workspace["State"] == "STOPPED"
    }
    assert {item["id"] for item in answer.json()["items"]} == expected


def test_runs_are_listed_with_their_steps(synced: Installation) -> None:
    client = synced.api()
    runs = client.get("/api/v1/sync-runs").json()["items"]
    assert runs
    run = client.get(f"/api/v1/sync-runs/{runs[-1]['id']}").json()
    assert {step["source"] for step in run["steps"]} >= {"inventory", "connection_status", "directories"}
