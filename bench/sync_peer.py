"""The peer of `make bench-sync`: the script a good engineer writes in an afternoon.

It reads every desktop and its connection status with boto3 and upserts them into
PostgreSQL by COPY and merge with psycopg, which is the fastest way psycopg offers.
What flows in: AWS credentials and endpoint by environment, the database URL by
argument. What flows out: two tables. Deliberately absent, and present in deskfleet:
pacing, resuming, history, tombstones, several regions, a ledger of calls.
"""

import argparse

import boto3
import psycopg
from botocore.config import Config

TABLES = """
create table if not exists peer_workspace (
  id text primary key, directory_id text, user_name text, ip_address text, state text, bundle_id text,
  subnet_id text, computer_name text, root_encrypted boolean, user_encrypted boolean, running_mode text,
  auto_stop_minutes int, root_gib int, user_gib int, compute_type text, protocols text[], operating_system text,
  connection_state text, connection_checked_at timestamptz, last_connected_at timestamptz, read_at timestamptz);
create temp table page (like peer_workspace);
"""

COLUMNS = (
    "id directory_id user_name ip_address state bundle_id subnet_id computer_name root_encrypted user_encrypted "
    "running_mode auto_stop_minutes root_gib user_gib compute_type protocols operating_system "
    "connection_state connection_checked_at last_connected_at"
).split()


def main() -> None:
    """Reads one region and upserts it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True)
    parser.add_argument("--region", default="us-east-1")
    arguments = parser.parse_args()
    client = boto3.client("workspaces", region_name=arguments.region, config=Config(retries={"max_attempts": 8}))
    client.describe_workspace_directories()
    workspaces = list(read_workspaces(client))
    statuses = dict(read_statuses(client, [workspace["WorkspaceId"] for workspace in workspaces]))
    with psycopg.connect(arguments.database) as connection:
        upsert(connection, workspaces, statuses)


def read_workspaces(client):
    """Every desktop of the region, 25 a page."""
    for page in client.get_paginator("describe_workspaces").paginate(PaginationConfig={"PageSize": 25}):
        yield from page["Workspaces"]


def read_statuses(client, ids):
    """The connection status of every desktop, 25 a call."""
    for chunk in batches(ids, 25):
        answer = client.describe_workspaces_connection_status(WorkspaceIds=chunk)
        for status in answer["WorkspacesConnectionStatus"]:
            yield status["WorkspaceId"], status


def batches(items, size):
    """`itertools.batched`, which Python 3.11 lacks."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def upsert(connection, workspaces, statuses) -> None:
    """Copies all rows into a temporary table and merges them."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        with cursor.copy(f"copy page ({', '.join(COLUMNS)}) from stdin") as copy:
            for workspace in workspaces:
                copy.write_row(row(workspace, statuses.get(workspace["WorkspaceId"], {})))
        names = ", ".join(COLUMNS)
        updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
        cursor.execute(
            f"insert into peer_workspace ({names}, read_at) select {names}, now() from page "
            f"on conflict (id) do update set {updates}, read_at = now()"
        )


def row(workspace, status):
    """One desktop as the columns of the table."""
    properties = workspace.get("WorkspaceProperties", {})
    return (
        workspace["WorkspaceId"],
        workspace.get("DirectoryId"),
        workspace.get("UserName"),
        workspace.get("IpAddress"),
        workspace.get("State"),
        workspace.get("BundleId"),
        workspace.get("SubnetId"),
        workspace.get("ComputerName"),
        workspace.get("RootVolumeEncryptionEnabled"),
        workspace.get("UserVolumeEncryptionEnabled"),
        properties.get("RunningMode"),
        properties.get("RunningModeAutoStopTimeoutInMinutes"),
        properties.get("RootVolumeSizeGib"),
        properties.get("UserVolumeSizeGib"),
        properties.get("ComputeTypeName"),
        properties.get("Protocols"),
        properties.get("OperatingSystemName"),
        status.get("ConnectionState"),
        status.get("ConnectionStateCheckTimestamp"),
        status.get("LastKnownUserConnectionTimestamp"),
    )


if __name__ == "__main__":
    main()
