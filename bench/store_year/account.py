"""What grows with the account, or now and then with a desktop: its rows in a year.

Bytes a row are those that one run of every default source left. How many rows follow is counted
where the stand-in can tell, and else said here with the reason.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import psycopg

from store_year.lives import Standin
from store_year.sizes import rows

_FLEET = 10_000
_SMALL, _LARGE = 500, 2_500
_CONFIGURING = ("ModifyWorkspaceProperties", "RebuildWorkspaces", "RestoreWorkspace")
"""A change of properties is a version; a rebuilt or restored desktop has another name and address."""
_READINGS_OF_COST = 365
"""Once a day."""
_VERSIONS_OF_A_COST = 2
"""A day is first told in part, then whole, then as the month's bill has it: two are superseded."""
_PRICE_CHANGES = 1
"""AWS changes the price list of WorkSpaces hardly every year: each price once is too many."""


@dataclass(frozen=True)
class Account:
    """What happens in a year to an account with 10,000 desktops."""

    events: float
    """Changes in the audit trail: a part that every site has, and a part for each desktop."""
    configurations: float
    """Changes of a desktop's configuration, a desktop."""
    tags: float
    """Calls that tag a desktop, a desktop."""
    made: float
    """Desktops made, a desktop."""

    @classmethod
    def of(cls, standin: Standin, start: int, end: int) -> Account:
        """Counts the trails of a small and a large fleet, and draws the line through them."""
        small, large = (_changes(standin, size, start, end) for size in (_SMALL, _LARGE))
        each = {name: (large[name] - small[name]) / (_LARGE - _SMALL) for name in large}
        rest = sum(small[name] - each[name] * _SMALL for name in large)
        return cls(
            events=rest + sum(each.values()) * _FLEET,
            configurations=sum(max(each.get(name, 0), 0) for name in _CONFIGURING),
            tags=each.get("CreateTags", 0),
            made=max(each.get("CreateWorkspaces", 0), each.get("TerminateWorkspaces", 0)),
        )

    def table(
        self, connection: psycopg.Connection, grown: dict[str, int], desktops: int
    ) -> dict[str, tuple[float, float]]:
        """(rows a desktop, megabytes of 10,000 desktops) by table, after one run that left `grown` bytes."""
        counts = {name: rows(connection, name) for name, size in grown.items() if size > 0}
        each = {name: grown[name] / count for name, count in counts.items() if count}
        (hourly,) = connection.execute(
            "select count(distinct usage_type) from price where usage_type like '%AutoStop-Usage'"
        ).fetchone()
        (types,) = connection.execute("select count(distinct usage_type) from price").fetchone()
        # Every hourly type on every day, every other one on the first of the months.
        costs = hourly * 365 + types * 12
        year = {
            "workspace_version": _FLEET * (1 + self.made + self.configurations),
            "tag": _FLEET * (counts["tag"] / desktops * (1 + self.made) + self.tags),
            "audit_event": self.events,
            # Everybody acts or is acted on in the end.
            "subject_key": _FLEET * (1 + self.made),
            "cost_day": costs,
            "cost_day_version": costs * _VERSIONS_OF_A_COST,
            "cost_forecast": counts["cost_forecast"] * _READINGS_OF_COST,
            "price": counts["price"] * (1 + _PRICE_CHANGES),
        }
        each.setdefault("cost_day_version", each["cost_day"])
        found = {name: (count / _FLEET, count * each[name] / 1e6) for name, count in year.items()}
        # What is left does not grow with desktops or days: it counts once, as it stands.
        left = [name for name in each if name not in found and name not in _MEASURED]
        found["all others"] = (sum(counts[name] for name in left) / _FLEET, sum(grown[name] for name in left) / 1e6)
        return found


_MEASURED = frozenset(
    {
        "usage_day",
        "metric_day",
        "usage_mark",
        "workspace_state",
        "cost_resource_day",
        "cost_resource_item",
        "workspace",
        "usage_watermark",
        "metric_day_reading",
        "run",
        "run_step",
        "aws_call",
    }
)
"""Tables that are measured elsewhere."""


def _changes(standin: Standin, desktops: int, start: int, end: int) -> Counter[str]:
    standin.make(desktops)
    return Counter(event["name"] for event in standin.ledger("events", start, end) if not event["readOnly"])
