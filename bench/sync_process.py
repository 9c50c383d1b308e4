"""A `deskfleet-sync` run as a process that is measured, with what a pod of it is given."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.parse
import uuid

import psycopg

import fleet_stub

NO_LIMIT = {"rate": 1_000_000.0, "burst": 1_000_000}
# Every operation that a source here calls.
OPERATIONS = """
    DescribeAccount DescribeAccountModifications DescribeClientProperties DescribeConnectionAliases
    DescribeDirectories DescribeDomainControllers DescribeIpGroups DescribeLDAPSSettings DescribeSnapshots
    DescribeTrusts DescribeWorkspaceBundles DescribeWorkspaceDirectories DescribeWorkspaceImages
    DescribeWorkspaces DescribeWorkspacesConnectionStatus DescribeWorkspacesPools GetCallerIdentity
    GetDirectoryLimits GetMetricData GetResources GetSnapshotLimits ListAWSDefaultServiceQuotas
    ListCertificates ListLogSubscriptions ListServiceQuotas LookupEvents
""".split()
UNPACED = dict.fromkeys(OPERATIONS, NO_LIMIT)


def fresh_database(url: str, programs: pathlib.Path) -> str:
    """A new database with deskfleet's schema."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    database = urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()
    with secret_file(database) as path:
        migrated = os.environ | {"DESKFLEET_DATABASE_URL_FILE": path}
        subprocess.run([programs / "deskfleet-store", "migrate"], env=migrated, stdout=subprocess.DEVNULL, check=True)
    return database


@contextlib.contextmanager
def secret_file(text: str):
    """The name of a temporary file that holds a secret."""
    with tempfile.NamedTemporaryFile("w", prefix="deskfleet-bench-") as file:
        file.write(text)
        file.flush()
        yield file.name


def sync(programs: pathlib.Path, database: str, sources: list[str], pace: dict, **more: object) -> dict[str, float]:
    """One run over `sources`, measured; `more` goes to its environment."""
    command = [programs / "deskfleet-sync", "run"]
    return measure(command, fleet_stub.environment() | pod(database, sources, pace) | {k: str(v) for k, v in more.items()})


def pod(database: str, sources: list[str], pace: dict) -> dict[str, str]:
    """What a pod of the sync job gets."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="deskfleet-bench-"))
    (directory / "url").write_text(database)
    keys = directory / "keys"
    keys.mkdir()
    (keys / "accessKeyId").write_text("bench")
    (keys / "secretAccessKey").write_text("bench")
    return {
        "DESKFLEET_PLAN": json.dumps(plan(sources, pace)),
        "DESKFLEET_RUN_ID": str(uuid.uuid4()),
        "DESKFLEET_JOB_NAME": "ss-bench",
        "DESKFLEET_DATABASE_URL_FILE": str(directory / "url"),
        "DESKFLEET_AWS_KEYS_DIR": str(keys),
        "DESKFLEET_TERMINATION_LOG": str(directory / "termination"),
    }


def plan(sources: list[str], pace: dict) -> dict:
    """One account with one region, and enough money for all its metrics."""
    bench = {"namespace": "bench", "name": "bench"}
    return {
        "version": 1,
        "task": "sync",
        "schedule": bench,
        "trigger": "schedule",
        "account": {
            "object": bench,
            "accountId": fleet_stub.ACCOUNT,
            "regions": ["us-east-1"],
            "credentials": {"direct": "secret"},
            "pace": pace,
            "budget": {"cloudWatchUsdPerMonth": "100000"},
            "endpointUrl": f"http://{fleet_stub.ADDRESS}",
            "endpointServesSts": True,
        },
        "sources": sources,
        "regions": ["us-east-1"],
        "parallelism": 1,
        "jitterSeconds": 0,
        "metricsHistoryDays": 1,
    }


def measure(command: list, environment: dict[str, str]) -> dict[str, float]:
    """CPU seconds, wall seconds and peak memory of one process that must succeed.

    GNU time starts it, because the kernel counts the memory of whoever forked a process
    into that process's peak, and this interpreter is larger than what is measured.
    """
    with tempfile.NamedTemporaryFile("r") as usage:
        timed = ["/usr/bin/time", "--format", "%U %S %e %M", "--output", usage.name, *command]
        done = subprocess.run(timed, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stdout[-4_000:]}")
        user, system, wall, kibibytes = map(float, usage.read().split())
    return {"cpu": round(user + system, 2), "wall": wall, "rss_mib": round(kibibytes / 1024, 1)}


def ledger(database: str) -> dict[str, int]:
    """Calls of the last run, from the ledger that the run kept itself."""
    query = """
      select operation, sum(calls)::bigint from aws_call
      where run_id = (select run_id from run order by started_at desc limit 1) group by operation"""
    with psycopg.connect(database) as connection:
        return dict(connection.execute(query).fetchall())


def outcome(database: str) -> str:
    """How the last run ended."""
    with psycopg.connect(database) as connection:
        (word,) = connection.execute("select outcome from run order by started_at desc limit 1").fetchone()
    return word
