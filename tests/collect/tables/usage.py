"""Evidence of use: `usage_day`, `usage_hour`, `usage_mark`, `usage_watermark`."""

from __future__ import annotations

from datetime import date, timedelta

from compare import Expected, Table
from evidence import DAY, MAPS, SLOT, SLOTS, day_maps, uses
from expectation import At, Bits, Within
from history import History
from standin import instant

_IDENTITY = ("account_id", "region", "workspace_id")
_EPOCH = date(1970, 1, 1)
_NO_MAP = "0" * SLOTS
_HOURS = 24


def days(history: History) -> Expected:
    """Five maps a desktop and day."""
    rows: Expected = {}
    for site in history.sites:
        for desktop, use in uses(history, site).items():
            maps = {name: day_maps(use, name) for name in MAPS}
            for day in sorted({day for found in maps.values() for day in found}):
                rows[site.account, site.region, desktop, _day(day)] = {
                    name: Bits(found.get(day, _NO_MAP), empty_is_null=True)
                    for name, found in maps.items()
                }
    return rows


def hours(history: History) -> Expected:
    """Three maps of hours a desktop and day, of the time before slots are kept."""
    rows: Expected = {}
    for site in history.sites:
        for desktop, use in uses(history, site).items():
            found = set().union(*use.hours.values())
            for day in sorted({hour // _HOURS for hour in found}):
                rows[site.account, site.region, desktop, _day(day)] = {
                    name: Bits(
                        "".join("01"[day * _HOURS + hour in known] for hour in range(_HOURS)),
                        empty_is_null=False,
                    )
                    for name, known in use.hours.items()
                }
    return rows


def marks(history: History) -> Expected:
    """Last connections as they were told."""
    rows: Expected = {}
    for site in history.sites:
        place = (site.account, site.region)
        for sync in history.syncs:
            if not sync.lists(site):
                continue
            for desktop, answer in sync.readings[site].connections.items():
                told = answer.get("LastKnownUserConnectionTimestamp")
                if told is not None:
                    key = (*place, desktop, _at(told))
                    rows.setdefault(key, {"recorded_at": Within(sync.window(site))})
    return rows


def watermarks(history: History) -> Expected:
    """How far each desktop's metrics were read."""
    return {
        (site.account, site.region, desktop): {"read_through": At(use.read_through)}
        for site in history.sites
        for desktop, use in uses(history, site).items()
    }


def _day(number: int) -> str:
    return (_EPOCH + timedelta(days=number)).isoformat()


def _at(seconds: float) -> str:
    """As Postgres writes it."""
    return instant(seconds).replace("Z", "+00:00")


def _joined(table: str) -> str:
    return (
        f"select account_id, region, workspace_id, {table}.*"
        f" from {table} join workspace using (workspace_no)"
    )


_JOINED = {"workspace_no": "joined to the desktop's identity, which is compared"}

TABLES = (
    Table(
        "usage_day",
        (*_IDENTITY, "day"),
        days,
        spoil="connected = set_bit(coalesce(day_map(connected), 0::bit(288)), 100,"
        " 1 - get_bit(coalesce(day_map(connected), 0::bit(288)), 100))",
        select="select account_id, region, workspace_id, workspace_no, day, "
        + ", ".join(f"day_map({name}) as {name}" for name in MAPS)
        + " from usage_day join workspace using (workspace_no)",
        beside=_JOINED,
    ),
    Table(
        "usage_hour",
        (*_IDENTITY, "day"),
        hours,
        spoil="running = ~running",
        select=_joined("usage_hour"),
        beside=_JOINED,
    ),
    Table(
        "usage_mark",
        (*_IDENTITY, "at"),
        marks,
        spoil="at = at + interval '1 second'",
        select=_joined("usage_mark"),
        beside=_JOINED,
    ),
    Table(
        "usage_watermark",
        _IDENTITY,
        watermarks,
        spoil="read_through = read_through + interval '5 minutes'",
        select=_joined("usage_watermark"),
        beside=_JOINED,
    ),
)
assert DAY == SLOTS * SLOT
