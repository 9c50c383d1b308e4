"""The proof of the proof: what is corrupted on purpose must be told.

In: a database that was just compared, the history. Out: corruptions that nobody noticed. In each
table one value is changed and one row deleted, in transactions that are undone; and in memory every
column of a row gets another value, so that no column is compared with what fits everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from compare import Expected, Table, compare, differences
from history import History
from postgres import Database
from tables import catalogue


def unseen(database: Database, history: History) -> Iterator[tuple[Table, str]]:
    """Tables with the corruption that no difference told of."""
    if not catalogue.unknown([*database.tables(), "stray"]):
        raise RuntimeError("a table that nobody compares is not told of")
    for table in catalogue.COMPARED:
        expected = table.expected(history)
        if not expected:
            continue
        column = table.spoil.split(" ", 1)[0]
        words = {"is missing"} if column in table.key else {f": {column} "}
        if not _told(database, table, expected, f"update {table.name} set {table.spoil}", words):
            yield table, f"a corrupted {column}"
        if not _told(database, table, expected, f"delete from {table.name}", {"is missing"}):
            yield table, "a deleted row"
        yield from _columns(database, table, expected)


def _told(
    database: Database, table: Table, expected: Expected, change: str, words: set[str]
) -> bool:
    """Whether a change of one row is told of, in these words."""
    one = f"(tableoid, ctid) = (select tableoid, ctid from {table.name} limit 1)"
    verdict = compare(database, table, expected, after=f"{change} where {one}")
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
