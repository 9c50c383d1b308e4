"""The audit trail: `audit_event` with its chain, and how far it was read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import chain
import trail
import trail_event
from compare import Expected, Table
from expectation import At, Form, Within
from history import History, Json, Site, Window
from standin import instant
from tables.inventory import lives

_MEMORY = 30 * 86_400
_PROPERTIES = {
    "runningMode": "RunningMode",
    "runningModeAutoStopTimeoutInMinutes": "RunningModeAutoStopTimeoutInMinutes",
    "computeTypeName": "ComputeTypeName",
    "rootVolumeSizeGib": "RootVolumeSizeGib",
    "userVolumeSizeGib": "UserVolumeSizeGib",
}
_HARD = frozenset({"big", "unicode", "deep"})
"""Records of which only a part is kept."""


def events(history: History) -> Expected:
    """Every change of the trail, and every read of others that a sweep met."""
    rows: Expected = {}
    for site in history.sites:
        for sync, row, line in trail.kept(history, site):
            outcome = "succeeded"
            if line["failedDesktops"]:
                outcome = "partly"
            if line["errorCode"]:
                outcome = "failed"
            rows[site.account, site.region, row["EventId"]] = {
                "event_time": At(row["EventTime"]),
                "event_source": row["EventSource"],
                "event_name": row["EventName"],
                "read_only": row["ReadOnly"] == "true",
                "actor_kind": trail_event.kind(row),
                "outcome": outcome,
                "subjects": Same({one["id"] for one in trail_event.subjects(row)}),
                "recorded_at": Within(sync.window(site)),
            }
    return rows


class Same:
    """A list of these, in any order, each once."""

    def __init__(self, members: set[str]) -> None:
        self._members = members

    def holds(self, value: Any) -> bool:
        """Whether it is."""
        return isinstance(value, list) and sorted(value) == sorted(self._members)

    def __str__(self) -> str:
        return f"{sorted(self._members)}"


def faults(history: History, rows: list[Json]) -> Iterator[tuple[Json, str, str]]:
    """What breaks a law of the chain."""
    whole = _whole(history)

    def of(row: Json) -> Json | None:
        is_hard, event = whole.get((row["account_id"], row["region"], row["event_id"]), (True, {}))
        return None if is_hard else event

    yield from chain.faults(rows, of)


def _whole(history: History) -> dict[tuple[str, str, str], tuple[bool, Json]]:
    """Every event, and whether only a part of it is kept."""
    key = ("whole events", len(history.syncs))
    if key not in history.computed:
        history.computed[key] = {
            (site.account, site.region, row["EventId"]): (
                line["hostility"] in _HARD,
                trail_event.event(row, site.region, _before(history, site)),
            )
            for site in history.sites
            for _, row, line in trail.kept(history, site)
        }
    found: dict[tuple[str, str, str], tuple[bool, Json]] = history.computed[key]
    return found


def _before(history: History, site: Site) -> trail_event.Before:
    """What listings had read of a desktop before an instant, by their real time."""
    key = ("lives", site, len(history.syncs))
    if key not in history.computed:
        history.computed[key] = lives(history, site)
    found = history.computed[key]

    def known(identity: str, name: str, at: int) -> Any:
        life = found.get(identity)
        if life is None or at < life.first_seen.first:
            return None
        if at <= life.last_read.last:
            raise RuntimeError(f"a change of {identity} lies between two listings' real times")
        if name == "workspaceState":
            return life.desktop.get("State")
        if life.gone is not None:
            return None
        return life.desktop.get("WorkspaceProperties", {}).get(_PROPERTIES.get(name))

    return known


def chains(history: History) -> Expected:
    """How many events each account's chain has; its end is held to the last of them."""
    counted = Counter(key[0] for key in events(history))
    return {
        (account,): {"sequence": number, "pruned_through": None}
        for account, number in counted.items()
    }


def met(history: History) -> Json:
    """How often what makes a trail hard was met."""
    told = [event for _, event in _whole(history).values()]
    changes = [change for event in told for change in event.get("changes", ())]
    return {
        "an event that came late": trail.came_late(history),
        "an event of a person": sum("person" in event["actor"] for event in told),
        "a failed event": sum(event["outcome"]["state"] == "failed" for event in told),
        "a failed request inside an event that succeeded": sum(
            event["outcome"]["state"] == "partly" for event in told
        ),
        "a value before and after a change": sum(
            "before" in change and "after" in change for change in changes
        ),
        "an operation that no list knows": len(operations(history)),
        "a read of our own that is left out": sum(
            row["events"] for row in left_out(history).values()
        ),
        "time of the trail that is lost": len(losses(history)),
    }


def ends(_history: History, rows: list[Json]) -> Iterator[tuple[Json, str, str]]:
    """Whether the end of each chain is that of its last event."""
    for row in rows:
        for column in ("hash", "recorded_at"):
            if row[column] != row[f"last_{column}"]:
                yield (
                    row,
                    column,
                    f"is {row[column]}, that of the last event {row[f'last_{column}']}",
                )


def subjects(history: History) -> Expected:
    """A key for each person of each account."""
    rows: Expected = {}
    whole = _whole(history)
    for site in history.sites:
        for sync, row, _ in trail.kept(history, site):
            _, event = whole[site.account, site.region, row["EventId"]]
            for person in trail_event.people(event):
                window = rows.get((site.account, person), {}).get("window", sync.window(site))
                first = min(window, sync.window(site), key=lambda one: one.first)
                rows[site.account, person] = {"window": first}
    return {
        key: {
            "key": Form(r"\\x[0-9a-f]{64}", "256 bits"),
            "subject_id": Form(r"[0-9]+", "a number"),
            "created_at": Within(row["window"]),
        }
        for key, row in rows.items()
    }


def readings(history: History) -> Expected:
    """What was read of each site's trail, and what that took."""
    rows: Expected = {}
    for site in history.sites:
        pages = length = 0
        stretches: list[tuple[int, int]] = []
        swept: int | None = None
        updated = Window(0, 0)
        for sync, reading, window in history.readings(site, "AuditTrail"):
            updated = window
            told: trail.Told = reading.more["trail"]
            for more, seconds in told.windows:
                pages, length = pages + more, length + seconds
                if length > _MEMORY:
                    pages, length = -(-pages // 2), -(-length // 2)
            first = stretches[0][0] if stretches else sync.now - trail.KEPT
            stretches = [(first, sync.now)]
            swept = sync.now if told.hour else swept
        rows[site.account, site.region] = {
            "read_from": Instants([first for first, _ in stretches]),
            "read_to": Instants([end for _, end in stretches]),
            "changes_pages": pages,
            "changes_seconds": length,
            "names_pages": 0,
            "names_seconds": 0,
            "swept_at": At(swept) if swept else None,
            "updated_at": Within(updated),
        }
    return rows


class Instants:
    """A list of instants, UTC seconds."""

    def __init__(self, instants: list[int]) -> None:
        self._instants = [At(one) for one in instants]

    def holds(self, value: Any) -> bool:
        """Whether it is these."""
        if not isinstance(value, list) or len(value) != len(self._instants):
            return False
        pairs = zip(self._instants, value, strict=True)
        return all(wanted.holds(one) for wanted, one in pairs)

    def __str__(self) -> str:
        return ", ".join(map(str, self._instants))


def operations(history: History) -> Expected:
    """Operations that changed something and that no list names: the stand-in makes them up."""
    rows: Expected = {}
    for site in history.sites:
        for sync, row, _ in trail.kept(history, site):
            if row["EventName"] in _UNKNOWN and row["ReadOnly"] == "false":
                key = (site.account, site.region, row["EventSource"], row["EventName"])
                rows.setdefault(
                    key,
                    {
                        "found_at": Within(sync.window(site)),
                        "found_by": sync.runs[site.account].run_id,
                        "read_back_at": Within(sync.window(site)),
                    },
                )
    return rows


_UNKNOWN = frozenset({"QuiesceWorkspaces", "ModifyWorkspaceGravity", "PromoteStandbyWorkspace2"})


def left_out(history: History) -> Expected:
    """Reads of deskfleet's own in the hours that were swept."""
    counted: Counter[tuple[str, str]] = Counter()
    for site in history.sites:
        for _, reading, _ in history.readings(site, "AuditTrail"):
            told: trail.Told = reading.more["trail"]
            if told.hour is not None:
                day = datetime.fromtimestamp(told.hour[0], UTC).date().isoformat()
                counted[site.account, day] += told.own_reads
    return {key: {"events": number} for key, number in counted.items() if number}


def losses(history: History) -> Expected:
    """Time that CloudTrail had forgotten before it was read."""
    rows: Expected = {}
    for site in history.sites:
        for sync, _, window in history.readings(site, "AuditTrail"):
            lost = trail.lost(history, site, sync)
            if lost is not None:
                key = (site.account, site.region, instant(lost[0]).replace("Z", "+00:00"))
                rows[key] = {
                    "to_at": At(lost[1]),
                    "found_at": Within(window),
                    "found_by": sync.runs[site.account].run_id,
                }
    return rows


def watermarks(history: History) -> Expected:
    """Through when each site's trail was read."""
    rows: Expected = {}
    for site in history.sites:
        for sync, _, window in history.readings(site, "AuditTrail"):
            rows[site.account, site.region, "audit_trail"] = {
                "read_through": At(sync.now),
                "updated_at": Within(window),
            }
    return rows


_KEYS = (
    "select e.*, (select jsonb_object_agg(k.subject_id, jsonb_build_object("
    "'person', k.person, 'key', encode(k.key, 'hex'))) from subject_key k"
    " where k.subject_id = any(e.person_ids)) as keys from audit_event e"
    " order by account_id, sequence"
)
_END = (
    "select c.*, e.hash as last_hash, e.recorded_at as last_recorded_at from audit_chain c"
    " join audit_event e using (account_id, sequence)"
)
_PLACE = ("account_id", "region")

TABLES = (
    Table(
        "audit_event",
        (*_PLACE, "event_id"),
        events,
        spoil="outcome = case outcome when 'failed' then 'partly' else 'failed' end",
        select=_KEYS,
        law=faults,
        lawful=chain.COLUMNS,
    ),
    Table(
        "audit_chain",
        ("account_id",),
        chains,
        spoil="sequence = sequence - 1",
        select=_END,
        law=ends,
        lawful=("hash", "recorded_at"),
    ),
    Table("subject_key", ("account_id", "person"), subjects, spoil="person = 'spoilt'"),
    Table("audit_reading", _PLACE, readings, spoil="changes_pages = changes_pages + 1"),
    Table(
        "audit_operation",
        (*_PLACE, "event_source", "event_name"),
        operations,
        spoil="read_back_at = null",
    ),
    Table("audit_left_out", ("account_id", "day"), left_out, spoil="events = events + 1"),
    Table(
        "audit_loss",
        (*_PLACE, "from_at"),
        losses,
        spoil="to_at = to_at + interval '1 second'",
    ),
    Table(
        "watermark",
        (*_PLACE, "source"),
        watermarks,
        spoil="read_through = read_through - interval '1 second'",
    ),
)
