"""Counts the calls of one reading of a region beside those of the reference design.

Both read the same stub once, and the stub counts. Compared are the calls to WorkSpaces that
grow with the fleet; what a reading takes whatever its size stands apart.
"""

import pathlib
import sys

import fleet_stub
from figures import arguments, figure, keep
from sync_process import UNPACED, fresh_database, ledger, measure, sync

SOURCES = ["Inventory", "ConnectionStatus"]
PEER = "reference design (Cost Optimizer for Amazon WorkSpaces)"
GROWING = ["DescribeWorkspaces", "DescribeWorkspacesConnectionStatus", "DescribeTags"]


def main() -> None:
    """Lets both read, and writes the figures."""
    parser = arguments(__doc__)
    parser.add_argument("--desktops", type=int, default=1_000)
    told = parser.parse_args()
    database = fresh_database(told.database, told.programs)
    with fleet_stub.Stub(told.programs, told.desktops) as stub:
        sync(told.programs, database, SOURCES, UNPACED)
        ours = stub.calls()
        check_ledger(ours, ledger(database))
    with fleet_stub.Stub(told.programs, told.desktops) as stub:
        measure([sys.executable, pathlib.Path(__file__).with_name("sync_calls_peer.py")], fleet_stub.environment())
        peer = stub.calls()
    keep(told.output, figures(ours, peer))


def check_ledger(counted: dict[str, int], told: dict[str, int]) -> None:
    """The run's own ledger has to say what the stub counted."""
    if counted != told:
        raise SystemExit(f"the stub counted {counted}, the ledger says {told}")


def figures(ours: dict[str, int], peer: dict[str, int]) -> list[dict]:
    """The figures, each under its name in the results."""
    growing = lambda calls: sum(calls.get(name, 0) for name in GROWING)  # noqa: E731
    constant = lambda calls: calls.get("DescribeWorkspaceDirectories", 0)  # noqa: E731
    return [
        figure("call_reduction", round(growing(peer) / growing(ours), 1), "times fewer calls to WorkSpaces", PEER, 1),
        figure("workspaces_calls_per_1000_desktops", growing(ours), "calls", PEER, growing(peer)),
        figure("workspaces_constant_calls", constant(ours), "calls", PEER, constant(peer)),
        figure("sts_calls_per_1000_desktops", ours["GetCallerIdentity"], "calls", PEER, peer["GetCallerIdentity"]),
    ]


if __name__ == "__main__":
    main()
