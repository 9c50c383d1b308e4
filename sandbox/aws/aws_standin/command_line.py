"""The commands `serve`, `up`, `down`, `status`, `fleet`, `bench`, `export` and `objects`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from aws_standin import background, benchmark, demo_fleet
from aws_standin.exports import command as export_command
from aws_standin.exports.arguments import add_export, add_objects


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (
        background.BackgroundError, demo_fleet.FleetError, export_command.ExportError,
    ) as error:  # fmt: skip
        print(f"aws: {error}", file=sys.stderr)
        return 1


def _serve(options: argparse.Namespace) -> int:
    # Imported here: moto takes a second, which the other commands need not spend.
    from aws_standin.server import serve  # noqa: PLC0415

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(options.host, options.port)
    return 0


def _up(options: argparse.Namespace) -> int:
    print(background.up(options.state, options.host, options.port))
    return 0


def _down(options: argparse.Namespace) -> int:
    print(background.down(options.state))
    return 0


def _status(options: argparse.Namespace) -> int:
    message, running = background.status(options.state)
    print(message)
    return 0 if running else 3


def _fleet(options: argparse.Namespace) -> int:
    print(demo_fleet.create(demo_fleet.Wanted(
        endpoint=options.endpoint,
        accounts=options.accounts.split(","),
        regions=options.regions.split(","),
        desktops=options.desktops,
        seed=options.seed,
        hub=options.hub,
        pools=options.pools,
    )))  # fmt: skip
    return 0


def _bench(options: argparse.Namespace) -> int:
    for line in benchmark.run(options.desktops):
        print(line, flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="aws", description="A local stand-in for AWS.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve in the foreground")
    up = commands.add_parser("up", help="serve in the background, return when ready")
    for command, run in ((serve, _serve), (up, _up)):
        command.add_argument("--host", default="127.0.0.1")
        command.add_argument("--port", type=int, default=5000)
        command.set_defaults(run=run)

    commands_with_state = [up]
    for name, run, text in (
        ("down", _down, "end the server in the background"),
        ("status", _status, "say whether it runs; exit status 3 if it does not"),
    ):
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        commands_with_state.append(command)

    for command in commands_with_state:
        command.add_argument(
            "--state", type=Path, default=_default_state(), help="folder of the pid file and log"
        )

    fleet = commands.add_parser(
        "fleet", help="make a fleet with keys and roles in a running server"
    )
    fleet.add_argument("--endpoint", default="http://127.0.0.1:5000")
    fleet.add_argument("--accounts", default="111111111111,222222222222")
    fleet.add_argument("--regions", default="us-east-1,eu-central-1,ap-southeast-2")
    fleet.add_argument("--desktops", type=int, default=1000, help="in all (default: 1000)")
    fleet.add_argument("--seed", type=int, default=1)
    fleet.add_argument("--pools", type=int, default=0, help="in each account and region")
    fleet.add_argument("--hub", help="account whose key assumes the roles (default: the first)")
    fleet.set_defaults(run=_fleet)

    bench = commands.add_parser("bench", help="measure what a fleet costs the server")
    bench.add_argument("--desktops", type=int, default=10_000)
    bench.set_defaults(run=_bench)
    add_export(commands)
    add_objects(commands, _default_state().parent / "objects")
    return parser


def _default_state() -> Path:
    cache = os.environ.get("DESKFLEET_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache or f"{base}/deskfleet") / "aws" / "state"
