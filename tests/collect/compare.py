"""A table of the database beside what it must hold, row by row and column by column.

In: a `Table` (its key, what it must hold, which columns stand beside the comparison and why), rows.
Out: differences in words, each with the table, the row and the column. A column that is neither
computed nor named as standing beside is a difference too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from expectation import right, told
from history import History
from postgres import Database, Row, matching

Key = tuple[Any, ...]
Expected = dict[Key, Row]


Law = Callable[[History, list[Row]], Iterable[tuple[Row, str, str]]]


@dataclass(frozen=True)
class Table:
    """How one table is compared."""

    name: str
    key: tuple[str, ...]
    expected: Callable[[History], Expected]
    spoil: str
    """What a corrupted row has: the right side of `update ... set`."""
    select: str = ""
    """Where the key is not made of the table's own columns."""
    beside: dict[str, str] = field(default_factory=dict)
    """Columns that cannot be known from outside, each with the reason."""
    law: Law | None = None
    """What all rows together must obey; tells row, column and fault."""
    lawful: tuple[str, ...] = ()
    """Columns that the law is about."""

    def rows(self, history: History) -> Expected:
        """What it must hold; worked out once for each state of the history."""
        key = (self.name, len(history.syncs))
        if key not in history.computed:
            history.computed[key] = self.expected(history)
        found: Expected = history.computed[key]
        return found

    @property
    def query(self) -> str:
        """All rows."""
        return self.select or f"select * from {self.name}"


@dataclass
class Verdict:
    """What came of a comparison."""

    table: str
    rows: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Only:
    """One row of a table, after a statement that is undone again."""

    row: Row
    after: str


def compare(
    database: Database, table: Table, history: History, only: Only | None = None
) -> Verdict:
    """Compare a table, or a row of it without the laws of all rows."""
    expected = table.rows(history)
    verdict = Verdict(table.name)
    computed = {column for row in expected.values() for column in row} | set(table.key)
    computed |= set(table.lawful)
    for column in database.columns(table.name):
        if expected and column not in computed and column not in table.beside:
            verdict.differences.append(f"{table.name}.{column} is not compared with anything")
    if only is not None:
        key = tuple(only.row[column] for column in table.key)
        here = f"select * from ({table.query}) as every where {matching(only.row, table.key)}"
        wanted = {key: expected[key]} if key in expected else {}
        found_here = differences(table, wanted, database.rows(here, after=only.after))
        return Verdict(table.name, *found_here)
    rows: Iterable[Row] = database.rows(table.query)
    if table.law is not None:
        rows = list(rows)
        verdict.differences += unlawful(table, history, rows)
    verdict.rows, found = differences(table, expected, rows)
    verdict.differences += found
    return verdict


def unlawful(table: Table, history: History, rows: list[Row]) -> list[str]:
    """What breaks the table's law."""
    if table.law is None:
        return []
    return [
        f"{table.name} {_text(tuple(row[name] for name in table.key))}: {column} {how}"
        for row, column, how in table.law(history, rows)
    ]


def differences(table: Table, expected: Expected, rows: Iterable[Row]) -> tuple[int, list[str]]:
    """How many rows there are, and in what they differ."""
    found: list[str] = []
    seen: set[Key] = set()
    for row in rows:
        key = tuple(row[column] for column in table.key)
        if key in seen:
            found.append(f"{table.name} {_text(key)} is there twice")
        seen.add(key)
        wanted = expected.get(key)
        if wanted is None:
            found.append(f"{table.name} {_text(key)} is there and must not be")
            continue
        for column, value in wanted.items():
            if not right(value, row[column]):
                found.append(f"{table.name} {_text(key)}: {column} {told(value, row[column])}")
    found += [f"{table.name} {_text(key)} is missing" for key in expected if key not in seen]
    return len(seen), found


def _text(key: Key) -> str:
    return "/".join(map(str, key))
