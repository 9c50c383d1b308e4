"""Health by the day: `metric_day`, `metric_day_reading`."""

from __future__ import annotations

from datetime import date, timedelta

import health
from compare import Expected, Table
from expectation import Single
from history import History

_IDENTITY = ("account_id", "region", "workspace_id")
_EPOCH = date(1970, 1, 1)
_COLUMNS = (
    *(f"{gauge}_{name}" for gauge in health.GAUGES.values() for name in health.STATISTICS),
    *health.COUNTS.values(),
)
_WHOLE = (*health.COUNTS.values(), *(f"{one}_samples" for one in health.GAUGES.values()))


def days(history: History) -> Expected:
    """A row a desktop and day of which anything was told; the latest telling counts."""
    rows: Expected = {}
    for site in history.sites:
        for (number, desktop), asked in health.asked(history, site).items():
            for day, values in health.told(history.syncs[number], site, desktop, asked):
                row = rows.setdefault(
                    (site.account, site.region, desktop, _day(day)), dict.fromkeys(_COLUMNS)
                )
                row |= {
                    column: value if column in _WHOLE else Single(value)
                    for column, value in values.items()
                }
    return rows


def readings(history: History) -> Expected:
    """The day on which each desktop's health was last asked for."""
    return {
        (site.account, site.region, desktop): {"read_through": _day(asked.end)}
        for site in history.sites
        for (_, desktop), asked in health.asked(history, site).items()
    }


def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).isoformat()


def _joined(table: str) -> str:
    return (
        f"select account_id, region, workspace_id, {table}.*"
        f" from {table} join workspace using (workspace_no)"
    )


_JOINED = {"workspace_no": "joined to the desktop's identity, which is compared"}

TABLES = (
    Table(
        "metric_day",
        (*_IDENTITY, "day"),
        days,
        spoil="cpu_avg = coalesce(cpu_avg, 0) + 0.5",
        select=_joined("metric_day"),
        beside=_JOINED,
    ),
    Table(
        "metric_day_reading",
        _IDENTITY,
        readings,
        spoil="read_through = read_through - 1",
        select=_joined("metric_day_reading"),
        beside=_JOINED,
    ),
)
