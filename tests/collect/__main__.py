"""The proof that the tables hold what AWS knows: plays the scenario, then compares every table.

    tests/collect/run                     # as `make test` does
    tests/collect/run --desktops 10000 --days 7

Needs `DATABASE_URL` (a superuser), `DESKFLEET_TEST_AWS_URL`, `DESKFLEET_TEST_S3_URL` and the built
programs. Prints a table of tables, rows and differences, and the first differences in words; ends
with 1 if there are any.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from agreement import disagreements
from compare import Verdict, compare
from happened import missed
from history import History
from mutation import unseen
from postgres import Database
from programs import Programs
from scenario import Scenario, Sizes
from secrets_kept import leaked
from standin import Standin
from tables import catalogue

_SHOWN = 5
"""Differences of a table that are told in words."""


def main() -> int:
    """Play, compare, tell."""
    options = _options()
    database = _fresh_database("deskfleet_collect")
    standin = Standin(os.environ["DESKFLEET_TEST_AWS_URL"].split(",")[0])
    with tempfile.TemporaryDirectory(prefix="deskfleet-collect-") as folder:
        programs = Programs(options.programs, Path(folder), database.url)
        programs.migrate()
        sizes = Sizes(options.first, options.desktops, options.days)
        history = Scenario(standin, programs, sizes).play(_say)
    _say("comparing")
    verdicts = _verdicts(database, history)
    _tell(verdicts)
    faults = [f"{table.name}: nobody noticed {what}" for table, what in unseen(database, history)]
    faults += [f"the story is not what it was meant to be: {what}" for what in missed(history)]
    faults += disagreements(history)
    faults += leaked(database, history)
    for fault in faults:
        print(fault)
    wrong = sum(len(verdict.differences) for verdict in verdicts)
    rows = sum(verdict.rows for verdict in verdicts)
    print(f"{len(verdicts)} tables, {rows} rows, {wrong} differences, {len(faults)} other faults")
    return 1 if wrong or faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests/collect/run", description=__doc__)
    parser.add_argument("--first", type=int, default=60, help="desktops of the first sync")
    parser.add_argument("--desktops", type=int, default=600, help="desktops from the second on")
    parser.add_argument("--days", type=int, default=3, help="days of metrics of those")
    parser.add_argument("--programs", type=Path, required=True, help="folder of the programs")
    return parser.parse_args()


def _fresh_database(name: str) -> Database:
    server = os.environ["DATABASE_URL"]
    for statement in (f"drop database if exists {name} with (force)", f"create database {name}"):
        subprocess.run(
            ["psql", server, "-qX", "-v", "ON_ERROR_STOP=1", "-c", statement], check=True
        )
    return Database(urlunsplit(urlsplit(server)._replace(path=f"/{name}")))


def _verdicts(database: Database, history: History) -> list[Verdict]:
    tables = database.tables()
    verdicts = [
        compare(database, table, history) for table in catalogue.COMPARED if table.name in tables
    ]
    for name in catalogue.unknown(tables):
        sentence = f"{name} is compared with nothing: add it to tests/collect/tables"
        verdicts.append(Verdict(name, 0, [sentence]))
    for name in catalogue.missing(tables):
        verdicts.append(Verdict(name, 0, [f"{name} is not in the database"]))
    return sorted(verdicts, key=lambda verdict: verdict.table)


def _tell(verdicts: list[Verdict]) -> None:
    print(f"{'table':<24}{'rows':>9}{'differences':>13}")
    for verdict in verdicts:
        print(f"{verdict.table:<24}{verdict.rows:>9}{len(verdict.differences):>13}")
    for verdict in verdicts:
        for difference in verdict.differences[:_SHOWN]:
            print(f"  {difference[:600]}")
        if len(verdict.differences) > _SHOWN:
            print(f"  and {len(verdict.differences) - _SHOWN} more of {verdict.table}")


def _say(what: str) -> None:
    print(f"[{time.monotonic() - _BEGAN:6.1f} s] {what}", flush=True)


_BEGAN = time.monotonic()

if __name__ == "__main__":
    sys.exit(main())
