"""Measures a sync of many desktops beside the boto3 script `sync_peer.py`.

Both read the same stub (`aws-stub`) and write the same Postgres, several times in turns;
the median counts. CPU is user + system of the client process alone, start-up included;
memory is its peak resident set.
"""

import pathlib
import statistics
import sys

import psycopg

import fleet_stub
from figures import arguments, figure, keep
from sync_process import UNPACED, fresh_database, ledger, measure, sync

SOURCES = ["Inventory", "ConnectionStatus", "Directories"]
PEER = "boto3 + psycopg script"


def main() -> None:
    """Runs both clients in turns and writes the figures."""
    parser = arguments(__doc__)
    parser.add_argument("--desktops", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    told = parser.parse_args()
    database = fresh_database(told.database, told.programs)
    with fleet_stub.Stub(told.programs, told.desktops) as _:
        ours, peers = in_turns(told.programs, database, told.rounds)
    check_rows(database, told.desktops)
    keep(told.output, figures(ours, peers, ledger(database), told.desktops))


def in_turns(programs: pathlib.Path, database: str, rounds: int) -> tuple[list, list]:
    """What both clients took, each so many times."""
    ours, peers = [], []
    peer = [sys.executable, pathlib.Path(__file__).with_name("sync_peer.py"), "--database", database]
    for round_ in range(rounds):
        ours.append(sync(programs, database, SOURCES, UNPACED))
        peers.append(measure(peer, fleet_stub.environment()))
        print(f"# round {round_ + 1} of {rounds}: ours {ours[-1]}, peer {peers[-1]}", flush=True)
    return ours, peers


def check_rows(database: str, desktops: int) -> None:
    """Both sides have to have stored every desktop, or the comparison means nothing."""
    query = """
      select count(*) from workspace join peer_workspace on id = workspace_id
      where workspace.user_name = peer_workspace.user_name and lower(peer_workspace.state) = workspace.state
        and lower(peer_workspace.connection_state) = workspace.connection_state
        and workspace.last_connected_at = peer_workspace.last_connected_at"""
    with psycopg.connect(database) as connection:
        (same,) = connection.execute(query).fetchone()
    if same != desktops:
        raise SystemExit(f"only {same} of {desktops} desktops are the same on both sides")


def figures(ours: list, peers: list, made: dict[str, int], desktops: int) -> list[dict]:
    """The figures, each under its name in the results."""
    middle = lambda side, key: statistics.median(run[key] for run in side)  # noqa: E731
    pages = made["DescribeWorkspaces"] + made["DescribeWorkspacesConnectionStatus"]
    constant = sum(made.values()) - pages
    cpu, peer_cpu = middle(ours, "cpu"), middle(peers, "cpu")
    return [
        figure("calls_per_25_desktops", round(pages / (desktops / 25), 3), "calls"),
        figure("constant_calls", constant, "calls"),
        figure("cpu_seconds", cpu, "s", PEER, peer_cpu),
        figure("cpu_ratio", round(cpu / peer_cpu, 3), "ratio", PEER, 1),
        figure("wall_seconds", middle(ours, "wall"), "s", PEER, middle(peers, "wall")),
        figure("peak_rss_mib", max(run["rss_mib"] for run in ours), "MiB", PEER, middle(peers, "rss_mib")),
    ]


if __name__ == "__main__":
    main()
