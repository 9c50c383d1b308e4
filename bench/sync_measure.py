"""Measures a sync of many desktops beside the boto3 script `sync_peer.py`.

Both read the same stub (`aws-stub`) and write the same Postgres, several times in turns;
the median counts. CPU is user + system of the client process alone, start-up included;
memory is its peak resident set. Results are merged into `bench/results/sync.json`.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid

import psycopg

ACCOUNT = "111111111111"
STUB = "127.0.0.1:5099"
COMMAND = "make bench-sync"


def main() -> None:
    """Runs both clients in turns and writes the figures."""
    arguments = parse()
    environment = aws_environment()
    database = fresh_database(arguments.database, arguments.programs)
    with Stub(arguments.programs, arguments.desktops) as _:
        ours, peers = [], []
        for round_ in range(arguments.rounds):
            ours.append(measure(sync_command(arguments, database), environment | sync_environment(database)))
            peers.append(measure(peer_command(database), environment))
            print(f"# round {round_ + 1} of {arguments.rounds}: ours {ours[-1]}, peer {peers[-1]}", flush=True)
    check_rows(database, arguments.desktops)
    write(arguments.output, figures(ours, peers, calls(database), arguments.desktops))


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--output", type=pathlib.Path, required=True)
    parser.add_argument("--desktops", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


def aws_environment() -> dict[str, str]:
    """Dummy credentials, and no way out of this machine."""
    return {
        "PATH": os.environ["PATH"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_ENDPOINT_URL": f"http://{STUB}",
    }


def fresh_database(url: str, programs: pathlib.Path) -> str:
    """A new database with deskfleet's schema."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    database = urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()
    with secret_file(database) as path:
        subprocess.run([programs / "deskfleet-store", "migrate"], env=os.environ | {"DESKFLEET_DATABASE_URL_FILE": path}, check=True)
    return database


def secret_file(text: str):
    """A temporary file that holds a secret, by name."""
    file = tempfile.NamedTemporaryFile("w", prefix="deskfleet-bench-")
    file.write(text)
    file.flush()

    class Named:
        def __enter__(self) -> str:
            return file.name

        def __exit__(self, *_: object) -> None:
            file.close()

    return Named()


class Stub:
    """The stub server, for as long as it is needed."""

    def __init__(self, programs: pathlib.Path, desktops: int) -> None:
        self.command = [programs / "aws-stub", "--listen", STUB, "--desktops", str(desktops), "--account", ACCOUNT]

    def __enter__(self) -> "Stub":
        self.process = subprocess.Popen(self.command)
        deadline = time.monotonic() + 10
        host, port = STUB.split(":")
        import socket

        while True:
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
                return self
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait()


def sync_command(arguments: argparse.Namespace, database: str) -> list:
    return [arguments.programs / "deskfleet-sync", "run"]


def sync_environment(database: str) -> dict[str, str]:
    """What a pod of the sync job gets, with the pace switched off."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="deskfleet-bench-"))
    (directory / "url").write_text(database)
    keys = directory / "keys"
    keys.mkdir()
    (keys / "accessKeyId").write_text("bench")
    (keys / "secretAccessKey").write_text("bench")
    unpaced = {"rate": 1_000_000.0, "burst": 1_000_000}
    object_ = {"namespace": "bench", "name": "bench"}
    plan = {
        "version": 1,
        "task": "sync",
        "schedule": object_,
        "trigger": "schedule",
        "account": {
            "object": object_,
            "accountId": ACCOUNT,
            "regions": ["us-east-1"],
            "credentials": {"direct": "secret"},
            "pace": {name: unpaced for name in OPERATIONS},
            "endpointUrl": f"http://{STUB}",
            "endpointServesSts": True,
        },
        "sources": ["Inventory", "ConnectionStatus", "Directories"],
        "regions": ["us-east-1"],
        "parallelism": 1,
        "jitterSeconds": 0,
    }
    return {
        "DESKFLEET_PLAN": json.dumps(plan),
        "DESKFLEET_RUN_ID": str(uuid.uuid4()),
        "DESKFLEET_JOB_NAME": "ss-bench",
        "DESKFLEET_DATABASE_URL_FILE": str(directory / "url"),
        "DESKFLEET_AWS_KEYS_DIR": str(keys),
        "DESKFLEET_TERMINATION_LOG": str(directory / "termination"),
    }


OPERATIONS = [
    "GetCallerIdentity",
    "DescribeWorkspaces",
    "DescribeWorkspacesConnectionStatus",
    "DescribeWorkspaceDirectories",
    "DescribeDirectories",
]


def peer_command(database: str) -> list:
    return [sys.executable, pathlib.Path(__file__).with_name("sync_peer.py"), "--database", database]


def measure(command: list, environment: dict[str, str]) -> dict[str, float]:
    """CPU seconds, wall seconds and peak memory of one process that must succeed.

    GNU time starts it, because the kernel counts the memory of whoever forked a process
    into that process's peak, and this interpreter is larger than what is measured.
    """
    with tempfile.NamedTemporaryFile("r") as usage:
        timed = ["/usr/bin/time", "--format", "%U %S %e %M", "--output", usage.name, *command]
        done = subprocess.run(timed, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{command} ended with {done.returncode}")
        user, system, wall, kibibytes = map(float, usage.read().split())
    return {"cpu": round(user + system, 2), "wall": wall, "rss_mib": round(kibibytes / 1024, 1)}


def calls(database: str) -> dict[str, int]:
    """Calls of the last run, from the ledger."""
    query = """
      select operation, sum(calls)::bigint from aws_call
      where run_id = (select run_id from run order by started_at desc limit 1) group by operation"""
    with psycopg.connect(database) as connection:
        return dict(connection.execute(query).fetchall())


def check_rows(database: str, desktops: int) -> None:
    """Both sides have to have stored every desktop, or the comparison means nothing."""
    query = """
      select count(*) from workspace join peer_workspace on id = workspace_id
      where workspace.user_name = peer_workspace.user_name and lower(peer_workspace.state) = workspace.state
        and lower(peer_workspace.connection_state) = workspace.connection_state
        and workspace.last_connected_at = peer_workspace.last_connected_at"""
    with psycopg.connect(database) as connection:
        (same,) = connection.execute(query).fetchone()
    assert same == desktops, f"only {same} of {desktops} desktops are the same on both sides"


def figures(ours: list, peers: list, made: dict[str, int], desktops: int) -> list[dict]:
    """The figures of the issue, under the names the issue gives them."""
    middle = lambda side, key: statistics.median(run[key] for run in side)  # noqa: E731
    pages = made["DescribeWorkspaces"] + made["DescribeWorkspacesConnectionStatus"]
    constant = sum(made.values()) - pages
    cpu, peer_cpu = middle(ours, "cpu"), middle(peers, "cpu")
    return [
        figure("calls_per_25_desktops", round(pages / (desktops / 25), 3), "calls", "one call a desktop for each of four facts", 100),
        figure("constant_calls", constant, "calls"),
        figure("one_by_one_calls", desktops * 4, "calls"),
        figure("cpu_seconds", cpu, "s", "boto3 + psycopg script", peer_cpu),
        figure("cpu_ratio", round(cpu / peer_cpu, 3), "ratio", "boto3 + psycopg script", 1),
        figure("wall_seconds", middle(ours, "wall"), "s", "boto3 + psycopg script", middle(peers, "wall")),
        figure("peak_rss_mib", max(run["rss_mib"] for run in ours), "MiB", "boto3 + psycopg script", middle(peers, "rss_mib")),
    ]


def figure(name: str, value: float, unit: str, peer: str | None = None, peer_value: float | None = None) -> dict:
    """One entry of a results file."""
    ratio = round(value / peer_value, 4) if peer_value else None
    return {"name": name, "value": value, "unit": unit, "peer": peer, "peer_value": peer_value, "ratio": ratio, "command": COMMAND}


def write(path: pathlib.Path, entries: list[dict]) -> None:
    """Prints the figures and keeps them."""
    for entry in entries:
        beside = f"  beside {entry['peer_value']} ({entry['peer']})" if entry["peer"] else ""
        print(f"{entry['name']} {entry['value']} {entry['unit']}{beside}")
    path.write_text(json.dumps(entries, indent=2) + "\n")


if __name__ == "__main__":
    main()
