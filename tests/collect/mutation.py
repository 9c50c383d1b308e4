"""The proof of the proof: what is corrupted on purpose must be told.

In: a database that was just compared, the history. Out: corruptions that nobody noticed. In each
table one value is changed and one row deleted, in transactions that are undone; and in memory every
column of a row gets another value, so that no column is compared with what fits everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from compare import Expected, Only, Table, compare, differences, unlawful
from history import History
from postgres import Database, matching
from tables import catalogue


_PREFIX = 60
"""Rows from the beginning that are enough to break a law."""


def unseen(database: Database, history: History) -> Iterator[tuple[Table, str]]:
    """Tables with the corruption that no difference told of."""
    if not catalogue.unknown([*database.tables(), "stray"]):
        raise RuntimeError("a table that nobody compares is not told of")
    for table in catalogue.COMPARED:
        expected = table.rows(history)
        if not expected:
            continue
        column = table.spoil.split(" ", 1)[0]
        words = {"is missing"} if column in table.key else {f": {column} "}
        if not _told(database, table, history, f"update {table.name} set {table.spoil}", words):
            yield table, f"a corrupted {column}"
        if not _told(database, table, history, f"delete from {table.name}", {"is missing"}):
            yield table, "a deleted row"
        yield from _columns(database, table, expected)
        yield from _lawful(database, table, history)


def _told(database: Database, table: Table, history: History, change: str, words: set[str]) -> bool:
    """Whether a change of one row is told of, in these words.

    Of rows that are numbered the last one is deleted: after any other the next one moves up.
    """
    last = " order by number desc" if "number" in table.key and change.startswith("delete") else ""
    row = next(iter(database.rows(f"select * from ({table.query}) as a_row{last} limit 1")))
    one = matching(row, database.primary_key(table.name) or table.key)
    verdict = compare(database, table, history, Only(row, f"{change} where {one}"))
    return any(word in difference for difference in verdict.differences for word in words)


def _columns(database: Database, table: Table, expected: Expected) -> Iterator[tuple[Table, str]]:
    """Columns of a row in which another value is not told of."""
    row = next(iter(database.rows(f"{table.query} limit 1")))
    key = tuple(row[column] for column in table.key)
    for column in expected.get(key, {}).keys() - set(table.key):
        spoilt = {**row, column: _spoilt(row[column])}
        _, told = differences(table, {key: expected[key]}, [spoilt])
        if not any(f": {column} " in one for one in told):
            yield table, f"another value in column {column}"


def _lawful(database: Database, table: Table, history: History) -> Iterator[tuple[Table, str]]:
    """Columns under a law in which another value is not told of."""
    if table.law is None:
        return
    rows = list(database.rows(f"{table.query} limit {_PREFIX}"))
    for column in table.lawful:
        spoilt = [{**rows[0], column: _spoilt(rows[0][column])}, *rows[1:]]
        if not any(f": {column} " in one for one in unlawful(table, history, spoilt)):
            yield table, f"another value in column {column}"


def _spoilt(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case None:
            return "spoilt"
        case bool():
            return not value
        case int() | Decimal():
            return -value - 1
        case str() if value[:4].isdigit() and "T" in value:
            return "1999-12-31T00:00:00+00:00"
        case _:
            return None
