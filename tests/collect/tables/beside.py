"""What is read by schedules of their own: `snapshot`, `snapshot_reading`, `directory_user`."""

from __future__ import annotations

from compare import Expected, Table
from expectation import Within
from history import History
from standin import instant
from tables.inventory import lives

_IDENTITY = ("account_id", "region", "workspace_id")
_JOINED = {"workspace_no": "joined to the desktop's identity, which is compared"}


def snapshots(history: History) -> Expected:
    """The snapshots that each desktop has, and what each is good for."""
    rows: Expected = {}
    for site in history.sites:
        for _, reading, _ in history.readings(site, "Snapshots"):
            for desktop, answer in reading.more["snapshots"].items():
                ends = {
                    "for_rebuild": {one["SnapshotTime"] for one in answer["RebuildSnapshots"]},
                    "for_restore": {one["SnapshotTime"] for one in answer["RestoreSnapshots"]},
                }
                for at in set().union(*ends.values()):
                    key = (site.account, site.region, desktop, _at(at))
                    rows[key] = {name: at in times for name, times in ends.items()}
    return rows


def snapshot_readings(history: History) -> Expected:
    """When each desktop's snapshots were read."""
    return {
        (site.account, site.region, desktop): {"read_at": Within(window)}
        for site in history.sites
        for _, _, window in history.readings(site, "Snapshots")
        for desktop, life in lives(history, site).items()
        if life.gone is None
    }


def users(history: History) -> Expected:
    """Users of the directories that can be read, as the ledger has them."""
    return {
        (site.account, site.region, directory, name): {
            "enabled": enabled,
            "enabled_since": Within(window),
            "first_seen_at": Within(window),
            "last_seen_at": Within(window),
            "gone_at": None,
        }
        for site in history.sites
        for _, reading, window in history.readings(site, "Leavers")
        for (directory, name), enabled in reading.more["users"].items()
    }


def _at(seconds: float) -> str:
    return instant(seconds).replace("Z", "+00:00")


def _joined(table: str) -> str:
    return (
        f"select account_id, region, workspace_id, {table}.*"
        f" from {table} join workspace using (workspace_no)"
    )


TABLES = (
    Table(
        "snapshot",
        (*_IDENTITY, "taken_at"),
        snapshots,
        spoil="for_rebuild = not for_rebuild, for_restore = true",
        select=_joined("snapshot"),
        beside=_JOINED,
    ),
    Table(
        "snapshot_reading",
        _IDENTITY,
        snapshot_readings,
        spoil="read_at = read_at - interval '1 day'",
        select=_joined("snapshot_reading"),
        beside=_JOINED,
    ),
    Table(
        "directory_user",
        ("account_id", "region", "directory_id", "user_name"),
        users,
        spoil="enabled = not enabled",
    ),
)
