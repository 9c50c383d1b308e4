"""Writing the year, day by day, with the statements of the sync itself.

By default schedules: states and connections are read every quarter of an hour, evidence of use
every six hours, health and costs of single desktops once a day. Changes of six hours go to
Postgres together, in the order of time; what is read again and says nothing new is left out,
because no statement writes it again.

In: lives and a connection. Out: rows. Deliberately absent: what hangs on the account (`occasional`).
"""

from __future__ import annotations

import json
import pathlib
import random
import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import psycopg

from store_year.lives import ACCOUNT, DAY, REGION, SLOTS, Life, instant, last_connections, states
from store_year.sizes import autovacuum

STORE = pathlib.Path(__file__).parents[2] / "store/src"
RUNS = (9_000, 30_600, 52_200, 73_800)
"""Seconds after midnight, UTC, at which use is read: every six hours."""
LAG = 600
"""Seconds that points take to be there."""
_ALL = (1 << SLOTS) - 1


class Year:
    """Writes lives into a database."""

    def __init__(self, connection: psycopg.Connection, lives: list[Life]) -> None:
        self._lives = lives
        self._connection = connection
        self._cursor = psycopg.RawCursor(connection)
        self._changes = {
            "state": _by_window((life.id, at, state) for life in lives for at, state in states(life)),
            "connection": _by_window((life.id, at, told) for life in lives for at, told in last_connections(life)),
        }

    def write(self, start: int, end: int) -> None:
        """All days of [start, end), UTC seconds."""
        for day in range(start // DAY, end // DAY):
            for number, run in enumerate(RUNS):
                window = day * len(RUNS) + number
                self._states(window)
                self._connections(window)
                self._use(day, run, is_first=number == 0)
                autovacuum(self._connection)
            self._health(day - 1)
            self._costs(day)
            autovacuum(self._connection)

    def _run(self, file: str, *parameters: Any) -> None:
        self._cursor.execute((STORE / file).read_text(), parameters)

    def _states(self, window: int) -> None:
        for wave in _waves(self._changes["state"].get(window, ())):
            rows = json.dumps([{"id": one, "at": instant(at), "state": state} for one, at, state in wave])
            self._cursor.execute(
                "update workspace set state = found.state, state_since = found.at"
                " from json_to_recordset($3::text::json) as found (id text, at timestamptz, state text)"
                " where account_id = $1 and region = $2 and workspace_id = id",
                (ACCOUNT, REGION, rows),
            )
            self._run("workspace_history/begin_states.sql", ACCOUNT, REGION, [one for one, _, _ in wave])

    def _connections(self, window: int) -> None:
        for wave in _waves(self._changes["connection"].get(window, ())):
            answers = [
                {
                    "workspace_id": one,
                    "connection_state": "connected",
                    "connection_checked_at": instant(at),
                    "last_connected_at": instant(told),
                }
                for one, at, told in wave
            ]
            asked = [one for one, _, _ in wave]
            self._run("connection_status/update.sql", ACCOUNT, REGION, asked, json.dumps(answers), instant(wave[0][1]))

    def _use(self, day: int, run: int, *, is_first: bool) -> None:
        seen = (run - LAG) // 300
        rows = [row for life in self._lives for row in _maps(life, day, seen)]
        if is_first:
            # The rest of the day before, which no run of that day could see.
            rows += [row for life in self._lives for row in _maps(life, day - 1, SLOTS)]
        self._run("usage/upsert_days.sql", ACCOUNT, REGION, json.dumps(rows))
        self._read_through("usage_watermark", instant(day * DAY + run - LAG))

    def _health(self, day: int) -> None:
        rows = [row for life in self._lives if (row := _health(life, day)) is not None]
        self._run("metric_days/upsert.sql", ACCOUNT, REGION, json.dumps(rows))
        self._read_through("metric_day_reading", instant((day + 1) * DAY)[:10])

    def _read_through(self, table: str, end: str) -> None:
        self._connection.execute(
            f"insert into {table} (workspace_no, read_through) select workspace_no, %s from workspace"
            " on conflict (workspace_no) do update set read_through = excluded.read_through",
            (end,),
        )

    def _costs(self, day: int) -> None:
        # Yesterday, which is not whole yet, and the day before once more.
        rows = [row for life in self._lives for past in (1, 2) for row in _charges(life, day - past)]
        self._run("cost/upsert_resources.sql", ACCOUNT, json.dumps(rows))


def _by_window(changes: Iterable[tuple[str, int, Any]]) -> dict[int, list[tuple[str, int, Any]]]:
    """Changes by the run that comes after them, in the order of time."""
    windows: dict[int, list[tuple[str, int, Any]]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: (change[1], change[0])):
        windows[change[1] // (DAY // len(RUNS))].append(change)
    return windows


def _waves(changes: Iterable[tuple[str, int, Any]]) -> Iterator[list[tuple[str, int, Any]]]:
    """The first change of each desktop, then the second, and so on."""
    waves: list[list[tuple[str, int, Any]]] = []
    seen: dict[str, int] = defaultdict(int)
    for change in changes:
        number = seen[change[0]]
        seen[change[0]] += 1
        if number == len(waves):
            waves.append([])
        waves[number].append(change)
    yield from waves


def _maps(life: Life, day: int, seen: int) -> Iterator[dict[str, Any]]:
    """The maps of a day as far as slot `seen`; nothing where nothing is proved."""
    past = _ALL >> seen ^ _ALL
    observed = past & ~life.silent.get(day, 0)
    if not observed:
        return
    maps = {
        "observed": observed,
        "connected": life.connected.get(day, 0) & observed,
        "running": life.running.get(day, 0) & observed,
        "maintenance": life.maintenance.get(day, 0) & observed,
        "succeeded": life.begun.get(day, 0) & observed,
    }
    row = {name: f"{bits:072x}" if bits else None for name, bits in maps.items()}
    yield {"workspace_id": life.id, "day": instant(day * DAY)[:10], **row}


def _health(life: Life, day: int) -> dict[str, Any] | None:
    """A day's health: what a desktop tells while it runs, and what it tells of sessions."""
    reported = life.running.get(day, 0) & ~life.silent.get(day, 0)
    if not reported:
        return None
    draws = random.Random(life.number * 100_000 + day)
    samples = reported.bit_count()
    gauges = ["cpu", "memory", "root_volume", "user_volume", "up_time"]
    gauges += ["gpu"] if life.desktop["computeType"].startswith("GRAPHICS") else []
    row = {"workspace_id": life.id, "day": instant(day * DAY)[:10]}
    for gauge in gauges:
        row |= _gauge(draws, gauge, samples)
    begun = sum(day * DAY <= start < (day + 1) * DAY for start, _ in life.sessions)
    if connected := life.connected.get(day, 0).bit_count():
        row |= _gauge(draws, "latency", connected) | _gauge(draws, "packet_loss", connected)
    if begun:
        row |= _gauge(draws, "launch", begun)
    return row | {"connection_attempts": begun, "connection_failures": 0}


def _gauge(draws: random.Random, name: str, samples: int) -> dict[str, Any]:
    low, middle, high = (_single(value) for value in sorted(draws.uniform(0, 100) for _ in range(3)))
    return {f"{name}_min": low, f"{name}_max": high, f"{name}_avg": middle, f"{name}_samples": samples}


def _single(value: float) -> float:
    """In single precision."""
    return struct.unpack("f", struct.pack("f", value))[0]


def _charges(life: Life, day: int) -> Iterator[dict[str, Any]]:
    for line in life.charges.get(day, ()):
        yield {
            "day": line["day"],
            "resource": line["resource"],
            "usage_type": line["usageType"],
            "workspace_id": life.id,
            "currency": "USD",
            "unblended": line["unblended"],
            "net_unblended": line["netUnblended"],
            "usage_quantity": line["quantity"],
            "usage_unit": line["unit"],
            "estimated": True,
        }
