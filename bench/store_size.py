"""Measures what a year of 10,000 desktops takes in Postgres: tables, indexes, toast.

A fleet of the stand-in lives three months, and what syncs learn of it day by day is written with
their own statements, in the order of time, vacuumed where Postgres's daemon would. What is a
desktop's and day's is scaled to 10,000 and a year; what is an account's is not. Tables are
partitioned by month, so more desktops tell more than more months: a month of few is mostly page
ends and maps. Nothing is assumed to be removed but what default
retention removes within the year (runs after 90 days). Results go to `bench/results/sync.json`.

Left out, because they happen once: the first reading's months of older metrics.
"""

from __future__ import annotations

import argparse
import pathlib

import psycopg
from figures import arguments, figure, keep
from store_year import beside, naive, occasional
from store_year.account import Account
from store_year.daily import Year
from store_year.lives import Standin, lives, seconds
from store_year.sizes import autovacuum, make_months, rows, sizes
from sync_process import fresh_database

FIRST_DAY, LAST_DAY, FIRST_READING = "2026-04-01", "2026-07-01", "2026-04-01T08:00:00Z"
FLEET = 10_000
DAILY = ("usage_day", "metric_day", "usage_mark", "workspace_state", "cost_resource_day")
"""Tables that grow by desktop and day."""
TOUCHED = ("cost_resource_item", "workspace", "usage_watermark", "metric_day_reading")
"""Tables that their writing makes grow, and that have a row a desktop or a few."""
PEER = "a row a point of five minutes and metric, and a row a desktop, health metric and day, keyed by names"


def main() -> None:
    """Measures, prints, keeps."""
    arguments = parse()
    database = fresh_database(arguments.database, arguments.programs)
    standin = Standin(arguments.standin)
    start, end = seconds(f"{FIRST_DAY}T00:00:00Z"), seconds(f"{LAST_DAY}T00:00:00Z")
    scale, year = FLEET / arguments.desktops, 365 * 86_400 / (end - start)
    account = Account.of(standin, start, start + 365 * 86_400)
    standin.make(arguments.desktops)
    standin.set_clock(FIRST_READING)
    with connected(database) as connection:
        make_months(connection, "2026-02-01", 6)
        empty = sizes(connection)
        occasional.read_everything(arguments.programs, database, arguments.standin, FIRST_READING)
        autovacuum(connection)
        listed = sizes(connection)
        table = account.table(connection, {one: listed[one] - empty[one] for one in listed}, arguments.desktops)
        standin.set_clock(f"{LAST_DAY}T12:00:00Z")
        fleet = lives(standin, start, end)
        Year(connection, fleet).write(start, end)
        after = sizes(connection)
        for one in (*DAILY, *TOUCHED):
            times = year if one in DAILY else 1
            size = (after[one] - empty[one]) / 1e6 * scale * times
            table[one] = (rows(connection, one) / arguments.desktops * times, size)
        more = {source: size * scale for source, size in beside.megabytes(connection, fleet, year).items()}
        peer = naive.megabytes(connection, fleet, start, end) * scale * year
    table |= record(arguments)
    write(arguments.output, table, more, peer)


def parse() -> argparse.Namespace:
    """Programs, database, output; the stand-in, and how many desktops it gets."""
    parser = arguments(__doc__)
    parser.add_argument("--standin", required=True, help="address of the stand-in for AWS, whose fleet is made anew")
    parser.add_argument("--desktops", type=int, default=600)
    return parser.parse_args()


def connected(database: str) -> psycopg.Connection:
    """A connection in autocommit, in UTC."""
    return psycopg.connect(database, autocommit=True, options="-c timezone=UTC")


def record(arguments: argparse.Namespace) -> dict[str, tuple[float, float]]:
    """The record of runs as it stands, in a database of its own."""
    database = fresh_database(arguments.database, arguments.programs)
    with connected(database) as connection:
        a_run = occasional.bytes_a_run(arguments.programs, connection, database)
    kept = occasional.RUNS_KEPT
    return {table: (count * kept / FLEET, size * kept / 1e6) for table, (count, size) in a_run.items()}


def write(path: pathlib.Path, table: dict[str, tuple[float, float]], more: dict[str, float], peer: float) -> None:
    """Prints the figures and keeps them."""
    total = sum(size for _, size in table.values())
    print(f"{'table':22}{'rows a desktop':>16}{'bytes a row':>13}{'MB a year':>11}")
    for name, (count, size) in sorted(table.items(), key=lambda one: -one[1][1]):
        print(f"{name:22}{count:16.2f}{size * 1e6 / FLEET / count if count else 0:13.0f}{size:11.1f}")
    for source, size in more.items():
        print(f"{'+ ' + source:22}{'':29}{size:11.1f}")
    other = sum(size for name, (_, size) in table.items() if name not in ("usage_day", "metric_day"))
    entries = [rounded("db_mb_per_10k_desktop_year", total, "MB", peer + other)]
    entries += [rounded("db_bytes_per_desktop_day", total * 1e6 / FLEET / 365, "B")]
    evidence = sum(table[name][1] for name in ("usage_day", "metric_day"))
    entries += [rounded("db_mb_evidence_and_health", evidence, "MB", peer)]
    for name, (_, size) in sorted(table.items(), key=lambda one: -one[1][1]):
        entries += [rounded(f"db_mb_{name}", size, "MB")] if size >= 1 else []
    entries += [rounded(f"db_mb_more_with_{source}", size, "MB") for source, size in more.items()]
    keep(path, entries)


def rounded(name: str, value: float, unit: str, peer: float | None = None) -> dict:
    """A figure, with the naive way's beside it."""
    return figure(name, round(value, 1), unit, peer and PEER, peer and round(peer, 1))


if __name__ == "__main__":
    main()
