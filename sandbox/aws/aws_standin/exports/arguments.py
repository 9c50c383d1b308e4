"""The command lines of `aws export` and `aws objects`."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from aws_standin import background
from aws_standin.exports import command, object_store
from aws_standin.exports.delivery import Order

Commands = Any
"""What `ArgumentParser.add_subparsers` returns; its class is private."""


def add_export(commands: Commands) -> None:
    """Declare `export`."""
    parser = commands.add_parser("export", help="deliver a bill as CUR 2.0 files")
    parser.add_argument("--endpoint", default="http://127.0.0.1:5000", help="the stand-in")
    parser.add_argument("--months", required=True, help="such as 2026-02,2026-03")
    parser.add_argument("--as-of", help="RFC 3339; tell them as they were told then (default: now)")
    parser.add_argument("--format", choices=("csv", "parquet"), default="csv")
    parser.add_argument("--bucket", default="desks-cost-export")
    parser.add_argument("--prefix", default="cur")
    parser.add_argument("--name", default="desks")
    parser.add_argument("--payer", help="default: the fleet's first account")
    parser.add_argument("--keep-versions", action="store_true", help="do not overwrite")
    parser.add_argument("--rows-per-file", type=int, default=50_000)
    parser.add_argument("--fault", choices=("truncated", "missing-file", "not-numbers"))
    parser.add_argument("--folder", type=Path, help="write files here instead of asking S3")
    parser.add_argument("--s3", default="http://127.0.0.1:7070", help="the S3 endpoint")
    parser.add_argument("--access-key", default=object_store.ACCESS_KEY)
    parser.add_argument("--secret-key", default=object_store.SECRET_KEY)
    parser.set_defaults(run=_export)


def add_objects(commands: Commands, state: Path) -> None:
    """Declare `objects`."""
    parser = commands.add_parser("objects", help="an S3 server for exports, in the background")
    parser.add_argument("action", choices=("up", "down", "status"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=7070)
    parser.add_argument("--state", type=Path, default=state, help="folder of the buckets and log")
    parser.set_defaults(run=_objects)


def _export(options: argparse.Namespace) -> int:
    try:
        months = [date.fromisoformat(f"{one}-01") for one in options.months.split(",")]
        as_of = datetime.fromisoformat(options.as_of).astimezone(UTC) if options.as_of else None
    except ValueError as error:
        raise command.ExportError(f"--months and --as-of: {error}") from None
    order = Order(
        bucket=options.bucket,
        prefix=options.prefix,
        name=options.name,
        payer=options.payer or command.payer_of(options.endpoint),
        format=options.format,
        keep_versions=options.keep_versions,
        rows_per_file=options.rows_per_file,
        fault=options.fault,
    )
    target = command.Target(options.folder, options.s3, options.access_key, options.secret_key)
    print(command.deliver(options.endpoint, months, as_of, order, target))
    return 0


def _objects(options: argparse.Namespace) -> int:
    if options.action == "down":
        print(background.down(options.state))
        return 0
    if options.action == "status":
        message, running = background.status(options.state)
        print(message)
        return 0 if running else 3
    print(object_store.up(object_store.Store(options.state, options.host, options.port)))
    return 0
