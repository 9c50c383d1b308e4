"""The peer: evidence and health kept the way a first draft keeps them.

A row a point of five minutes and metric, and a row a desktop, metric and day, keyed by names. Some
days are written to learn the bytes a row; the rows of a year are counted.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg

from store_year.lives import DAY, SLOT, SLOTS, Life, instant

_TABLES = """
  create table naive_point (workspace_id text, metric text, at timestamptz, value double precision,
    primary key (workspace_id, metric, at));
  create table naive_health (workspace_id text, metric text, day date, minimum double precision,
    maximum double precision, average double precision, samples integer, primary key (workspace_id, metric, day))"""
_WHILE_RUNNING = ("UserConnected", "Stopped", "Available", "Unhealthy", "Maintenance")
_HEALTH = ("CPUUsage", "MemoryUsage", "RootVolumeDiskUsage", "UserVolumeDiskUsage", "UpTime")
_OF_SESSIONS = ("InSessionLatency", "UDPPacketLossRate", "SessionLaunchTime")
_WRITTEN_DAYS = 2


def megabytes(connection: psycopg.Connection, lives: list[Life], start: int, end: int) -> float:
    """What points and health of the lives' year would take."""
    connection.execute(_TABLES)
    days = range(start // DAY, end // DAY)
    # A Tuesday and a Wednesday of spring; the order of insertion is that of arrival.
    written = [day for day in days if (day + 3) % 7 in (1, 2)][4 : 4 + _WRITTEN_DAYS]
    size = 0.0
    for table, rows in (("naive_point", _points), ("naive_health", _health)):
        count = 0
        with connection.cursor() as cursor, cursor.copy(f"copy {table} from stdin") as copy:
            for day in written:
                for row in rows(lives, day):
                    copy.write_row(row)
                    count += 1
        connection.execute(f"vacuum {table}")
        (taken,) = connection.execute("select pg_total_relation_size(%s::regclass)", (table,)).fetchone()
        size += taken / count * sum(_count(life, day, table) for life in lives for day in days)
    connection.execute("drop table naive_point, naive_health")
    return size / 1e6


def _reported(life: Life, day: int) -> tuple[int, int]:
    """Maps of the slots in which it ran, and in which it stood still, and could be told of."""
    running = life.running.get(day, 0) & ~life.silent.get(day, 0)
    return running, ((1 << SLOTS) - 1) & ~life.running.get(day, 0) & ~life.silent.get(day, 0)


def _count(life: Life, day: int, table: str) -> int:
    running, stopped = _reported(life, day)
    if table == "naive_health":
        return (len(_HEALTH) if running else 0) + (len(_OF_SESSIONS) if life.connected.get(day) else 0)
    begun = (life.begun.get(day, 0) & running).bit_count()
    return len(_WHILE_RUNNING) * running.bit_count() + stopped.bit_count() + begun


def _points(lives: list[Life], day: int) -> Iterator[tuple[str, str, str, float]]:
    for slot in range(SLOTS):
        at, bit = instant(day * DAY + slot * SLOT), SLOTS - 1 - slot
        for life in lives:
            running, stopped = _reported(life, day)
            if running >> bit & 1:
                for metric in _WHILE_RUNNING:
                    yield life.id, metric, at, 1.0
                if life.begun.get(day, 0) >> bit & 1:
                    yield life.id, "ConnectionSuccess", at, 1.0
            elif stopped >> bit & 1:
                yield life.id, "Stopped", at, 1.0


def _health(lives: list[Life], day: int) -> Iterator[tuple[str, str, str, float, float, float, int]]:
    for life in lives:
        running, _ = _reported(life, day)
        metrics = (_HEALTH if running else ()) + (_OF_SESSIONS if life.connected.get(day) else ())
        for metric in metrics:
            yield life.id, metric, instant(day * DAY)[:10], 1.5, 97.25, 31.125, running.bit_count()
