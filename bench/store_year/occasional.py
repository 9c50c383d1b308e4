"""What the sync itself leaves behind: runs of the real program, beside the stand-in and the stub.

One run of every source that default schedules read gives the rows that are not a desktop's and
day's, and their bytes. Runs of a quarter of an hour over 10,000 desktops give the bytes of the
record of runs, which is kept for so many days.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import uuid

import psycopg
from fleet_stub import Stub
from sync_process import NO_LIMIT, OPERATIONS, UNPACED, pod

from store_year.lives import ACCESS_KEY, REGION
from store_year.sizes import autovacuum, rows, sizes

SOURCES = [
    "Inventory",
    "ConnectionStatus",
    "Directories",
    "Bundles",
    "Images",
    "Pools",
    "Tags",
    "Quotas",
    "AuditTrail",
    "Cost",
    "Prices",
]
RECORD = ("run", "run_step", "aws_call")
_QUARTERS_KEPT = 90 * 96
"""Runs every quarter of an hour, kept for the 90 days that are the default."""
_OTHERS = 1.3
"""Runs that read the trail every quarter of an hour (two rows for each 18), metrics every six hours,
and the rest once a day."""
RUNS_KEPT = _QUARTERS_KEPT * _OTHERS
_MEASURED_RUNS = 12
_PACED = [
    *OPERATIONS,
    "GetCostAndUsage",
    "GetCostAndUsageWithResources",
    "GetCostForecast",
    "GetDimensionValues",
    "GetProducts",
    "DescribeCertificate",
    "DescribeDirectoryDataAccess",
    "DescribeWorkspacesPoolSessions",
]
_QUARTERLY = ["Inventory", "ConnectionStatus", "Directories"]


def read_everything(programs: pathlib.Path, database: str, standin: str, now: str) -> None:
    """One run of the default sources, with the fleet's instant `now` as the present."""
    environment = pod(database, SOURCES, UNPACED)
    plan = json.loads(environment["DESKFLEET_PLAN"])
    plan["account"] |= {
        "endpointUrl": standin,
        "pace": dict.fromkeys(_PACED, NO_LIMIT),
        "budget": {"costExplorerRequestsPerDay": 10_000},
    }
    plan["regions"] = [REGION]
    keys = pathlib.Path(environment["DESKFLEET_AWS_KEYS_DIR"])
    (keys / "accessKeyId").write_text(ACCESS_KEY)
    own = {"DESKFLEET_PLAN": json.dumps(plan), "DESKFLEET_SYNC_NOW": now, "AWS_EC2_METADATA_DISABLED": "true"}
    _run(programs, environment | own)


def bytes_a_run(
    programs: pathlib.Path, connection: psycopg.Connection, database: str
) -> dict[str, tuple[float, float]]:
    """(rows, bytes) that a run over 10,000 desktops leaves in each table of the record."""
    with Stub(programs, 10_000):
        # The first run makes the desktops, which is not what is measured.
        _run(programs, pod(database, _QUARTERLY, UNPACED))
        autovacuum(connection)
        before = _standing(connection)
        for _ in range(_MEASURED_RUNS):
            _run(programs, pod(database, _QUARTERLY, UNPACED))
            autovacuum(connection)
        real = _standing(connection)
    # Few runs fill few pages; many copies of theirs tell the bytes of a row apart from a page's end.
    connection.execute(_COPIES.format(times=_COPIED))
    autovacuum(connection)
    copied = _standing(connection)
    return {table: _larger(before[table], real[table], copied[table]) for table in RECORD}


_COPIES = """
  create temporary table other as
    select run_id as old, gen_random_uuid() as new from run, generate_series(1, {times});
  insert into run select (jsonb_populate_record(run, jsonb_build_object('run_id', new))).* from run join other on run_id = old;
  insert into aws_call
    select (jsonb_populate_record(aws_call, jsonb_build_object('run_id', new))).* from aws_call join other on run_id = old;
  insert into run_step overriding system value
    select (jsonb_populate_record(run_step, jsonb_build_object('run_id', new, 'step_id', nextval('run_step_step_id_seq')))).*
    from run_step join other on run_id = old;"""
_COPIED = 40


def _standing(connection: psycopg.Connection) -> dict[str, tuple[int, int]]:
    """(rows, bytes) by table."""
    taken = sizes(connection)
    return {table: (rows(connection, table), taken[table]) for table in RECORD}


def _larger(before: tuple[int, int], real: tuple[int, int], copied: tuple[int, int]) -> tuple[float, float]:
    """Rows and bytes of a run: as real runs left them, or as their copies did, whichever is more."""
    count = (real[0] - before[0]) / _MEASURED_RUNS
    of_copies = (copied[1] - real[1]) / (copied[0] - real[0]) * count
    return count, max((real[1] - before[1]) / _MEASURED_RUNS, of_copies)


def _run(programs: pathlib.Path, environment: dict[str, str]) -> None:
    environment = {"PATH": os.environ["PATH"]} | environment | {"DESKFLEET_RUN_ID": str(uuid.uuid4())}
    done = subprocess.run(
        [programs / "deskfleet-sync", "run"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"deskfleet-sync ended with {done.returncode}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
