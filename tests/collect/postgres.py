"""Postgres through psql: rows as JSON, and the catalogue of tables and columns.

In: a URL and SQL. Out: rows. Deliberately absent: any knowledge of what the tables mean.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

Row = dict[str, Any]


def matching(row: Row, columns: Iterable[str]) -> str:
    """A condition that a row is the one with these values, null or not."""
    pairs = ((column, json.dumps(row[column], default=str)) for column in columns)
    return " and ".join(
        f'to_jsonb("{column}") is not distinct from $json${value}$json$::jsonb'
        if value != "null"
        else f'"{column}" is null'
        for column, value in pairs
    )


class Database:
    """One database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def rows(self, select: str, *, after: str | None = None) -> Iterator[Row]:
        """The rows of a query; `after` a statement that is undone when they are read."""
        query = f"select to_jsonb(one) from ({select}) as one"
        steps = ["set timezone = 'UTC'", query]
        if after is not None:
            # Neither guards against changes nor what follows from them: only this change counts.
            free = "set local session_replication_role = replica"
            steps = ["set timezone = 'UTC'", "begin", free, after, query, "rollback"]
        command = ["psql", self.url, "-qAtX", "-v", "ON_ERROR_STOP=1"]
        for step in steps:
            command += ["-c", step]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as psql:
            assert psql.stdout is not None
            assert psql.stderr is not None
            for line in psql.stdout:
                yield json.loads(line, parse_float=Decimal)
            error = psql.stderr.read()
        if psql.returncode != 0:
            raise RuntimeError(f"psql failed: {error.strip()}; the query: {select}")

    def tables(self) -> list[str]:
        """All tables, partitions counted as their parent."""
        found = self.rows(
            "select relname::text as name from pg_class "
            "where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') "
            "and not relispartition"
        )
        return sorted(row["name"] for row in found)

    def texts(self, select: str) -> Iterator[str]:
        """The rows of a query as the JSON texts that they are."""
        command = ["psql", self.url, "-qAtX", "-v", "ON_ERROR_STOP=1", "-c"]
        command.append(f"select to_jsonb(one) from ({select}) as one")
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as psql:
            assert psql.stdout is not None
            yield from psql.stdout
        if psql.returncode != 0:
            raise RuntimeError(f"psql failed; the query: {select}")

    def primary_key(self, table: str) -> list[str]:
        """The columns of a table's primary key."""
        found = self.rows(
            "select attname::text as name from pg_index join pg_attribute"
            " on attrelid = indrelid and attnum = any(indkey)"
            f" where indrelid = '\"{table}\"'::regclass and indisprimary"
        )
        return [row["name"] for row in found]

    def columns(self, table: str) -> list[str]:
        """The columns of a table, in their order."""
        found = self.rows(
            "select attname::text as name, attnum from pg_attribute "
            f"where attrelid = '\"{table}\"'::regclass and attnum > 0 and not attisdropped "
            "order by attnum"
        )
        return [row["name"] for row in sorted(found, key=lambda row: row["attnum"])]
