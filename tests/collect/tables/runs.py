"""The record of the work itself: `run`, `run_step`, `run_lease`.

What a step counts is what the stand-in's own log and the readings say of it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import money
import trail
from compare import Expected, Table
from expectation import Amount, Between, Contains, Somehow, Within
from history import History, Json, Run, Site, Sync
from tables import logins
from tables import trail as trail_tables
from tables.calls import (
    NOT_SEEN,
    PRICE_OF_A_PAGE,
    PRICE_OF_OBJECTS,
    objects_asked,
    price_of_metrics,
    source_of,
)
from tables.inventory import lives
from tables.money import price_rows
from tables.surroundings import rarely_read

_GLOBAL = frozenset({"cost", "prices", "cost_export"})
"""Sources that are read once for an account."""
_BLOCK = 1000
_BY_DESKTOP = ("connection_status", "metrics", "snapshots")
SERVICES = frozenset({"Amazon WorkSpaces", "AWS Directory Service", "Tax"})
_REASONS = {"permission": "PermissionDenied", "contract": "UnexpectedAnswer", "gap": "Partial"}


def snake(source: str) -> str:
    """A source's name as in SQL."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in source).lstrip("_")


def runs(history: History) -> Expected:
    """Every run."""
    rows: Expected = {}
    for sync in history.syncs:
        for run in sync.runs.values():
            reasons = _reasons(history, run)
            rows[(run.run_id,)] = {
                "schedule_namespace": "deskfleet",
                "schedule_name": run.schedule,
                "account_id": run.account,
                "trigger": run.trigger,
                "job_name": f"ss-{run.schedule}-{run.run_id[:8]}",
                "sources": [snake(source) for source in sync.sources],
                "regions": sorted(
                    site.region for site in history.sites if site.account == run.account
                ),
                "parallelism": 1,
                "outcome": "partial" if reasons else "complete",
                "reason": reasons[0] if reasons else "Complete",
                "message": Somehow("a sentence"),
                "attempts": run.attempts,
                "started_at": Within(run.window),
                "finished_at": Within(run.window),
            }
    return rows


def _reasons(history: History, run: Run) -> list[str]:
    """Why a run is only partly complete, the gravest first."""
    rows = steps(history)
    classes = {row["error_class"] for key, row in rows.items() if key[0] == run.run_id}
    return [reason for name, reason in _REASONS.items() if name in classes]


def steps(history: History) -> Expected:
    """Every step of every run, with what the stand-in's log and readings say of it."""
    key = ("steps", len(history.syncs))
    if key not in history.computed:
        history.computed[key] = _steps(history)
    found: Expected = history.computed[key]
    return found


def _steps(history: History) -> Expected:
    rows: Expected = {}
    for sync in history.syncs:
        for site in (one for one in history.sites if one.account in sync.runs):
            for source in map(snake, sync.sources):
                if source in _GLOBAL and site.region != money.HOME:
                    continue
                for block, row in _blocks(history, sync, site, source):
                    run = sync.runs[site.account]
                    key = (run.run_id, source, site.region, block)
                    rows[key] = {**_step(sync, site, source), **row}
    return rows


def _blocks(history: History, sync: Sync, site: Site, source: str) -> list[tuple[int, Json]]:
    """The steps of a source in a site: a listing is one, a reading of desktops one a block."""
    if source not in _BY_DESKTOP:
        return [(0, _listing(history, sync, site, source))]
    if not sync.is_whole(site):
        # Its desktops were not listed, so nobody could be asked.
        hurt = _failed("could not be listed")
        return [
            (0, {**hurt, "started_at": None, "listing_started_at": None, "attempts": 0, **_NONE})
        ]
    ids = _known(history, sync, site)
    blocks = [ids[first : first + _BLOCK] for first in range(0, len(ids), _BLOCK)]
    found = []
    for number, block in enumerate(blocks):
        # A complete step has let go of its desktops; `items` and the calls tell of them.
        row: Json = {"workspace_ids": []}
        if source == "metrics":
            row["items"] = len(block)
            row["cost_usd"] = Amount(price_of_metrics(history, sync, site, block))
        elif source == "snapshots":
            row["items"] = len(block)
        else:
            row["items"] = sum(one in sync.readings[site].connections for one in block)
        if len(blocks) > 1:
            row |= {name: Somehow("a part of the calls") for name in ("calls",)}
        found.append((number, row))
    return found


def _prices_told(history: History, sync: Sync, site: Site) -> list[str]:
    """The prices that an account reads: none where another one just did."""
    if site.account != history.accounts[0]:
        return []
    entries = [entry for found in sync.money.get("prices", {}).values() for entry in found]
    return [code for entry in entries for code, _ in price_rows(entry)]


def _known(history: History, sync: Sync, site: Site) -> list[str]:
    """The desktops that a sync reads one by one: those it lists, or those known from before."""
    if "Inventory" in sync.sources:
        return sorted(sync.readings[site].desktops)
    return sorted(one for one, life in lives(history, site).items() if life.gone is None)


_NONE: Json = {"calls": 0, "throttles": 0, "items": 0}


def _listing(history: History, sync: Sync, site: Site, source: str) -> Json:
    if source == "bundles" and sync.number not in _bundle_numbers(history, site):
        return {"items": 0}
    own = _COUNTED.get(source)
    if own is not None:
        return own(history, sync, site)
    if source == "directories" and site in sync.denied:
        # Its details are fresh, so that only a part is missing.
        return {**_failed("not allowed"), "state": "partial", "items": 0}
    if site in sync.denied:
        return {**_failed("AccessDenied"), "items": 0}
    reading = sync.readings[site]
    more = reading.more
    if source == "inventory" and site in sync.cut:
        cut = _failed("AccessDenied")
        return {
            **cut,
            "state": "partial",
            "items": 25,
            "cursor": Somehow("the place to go on from"),
        }
    counted: dict[str, Any] = {
        "inventory": reading.desktops,
        "directories": reading.directories,
        "bundles": reading.bundles,
        "images": more.get("images", ()),
        "pools": [*more.get("pools", ()), *more.get("pool_sessions", ())],
        "quotas": {
            one["QuotaCode"] for one in (*more.get("quotas", ()), *more.get("default_quotas", ()))
        },
        "tags": reading.tags,
        "leavers": reading.more.get("users", ()),
        "prices": _prices_told(history, sync, site),
    }
    return {"items": len(counted[source])}


def _trail(history: History, sync: Sync, site: Site) -> Json:
    """New events; only a part where operations or time turned out to be missing."""
    new = [row for one, row, _ in trail.kept(history, site) if one is sync]
    run = sync.runs[site.account].run_id
    gaps = {
        "is in no list": any(
            row["found_by"] == run and key[1] == site.region
            for key, row in trail_tables.operations(history).items()
        ),
        "are lost": trail.lost(history, site, sync) is not None,
    }
    partial = {"state": "partial", "error_class": "gap", "error": Somehow("what is missing")}
    return {"items": len(new), **(partial if any(gaps.values()) else {})}


def _logins(history: History, sync: Sync, site: Site) -> Json:
    """New logins; only a part where messages were none."""
    items = sum(
        len(lines) for one, place, lines in logins.told(history) if (one, place) == (sync, site)
    )
    strange = [key for key in logins.rejected(history) if sync in logins.strange_at(history)]
    if not strange or site != Site(strange[0][0], strange[0][1]):
        return {"items": items}
    told = Contains(f"{len(strange)} message(s)")
    return {
        "items": items,
        "rejected": len(strange),
        "state": "partial",
        "error_class": "contract",
        "error": told,
    }


def _exported(sync: Sync) -> Json:
    """Lines of the months that came; the S3 server's calls are in no log of the stand-in's."""
    counted = objects_asked(sync)
    items = sum(line["service"] in SERVICES for one in sync.deliveries for line in one.lines)
    calls = Between(*(sum(one[side] for one in counted.values()) for side in (0, 1)))
    return {"items": items, "calls": calls, "cost_usd": PRICE_OF_OBJECTS}


_COUNTED: dict[str, Callable[[History, Sync, Site], Json]] = {
    "audit_trail": _trail,
    "access_events": _logins,
    "cost_export": lambda _history, sync, _site: _exported(sync),
    "cost": lambda _history, _sync, _site: {"items": Somehow("lines of all pages")},
}
"""Listings that are no rows of a reading."""


def _bundle_numbers(history: History, site: Site) -> set[int]:
    """The syncs that asked for a site's bundles."""
    read = {sync.number for sync, _, _ in rarely_read(history, site)}
    # A site that refuses is asked as well, unless what it has is fresh.
    refused = {sync.number for sync in history.syncs if site in sync.denied}
    return read | {number for number in refused if number < min(read, default=number + 1)}


def _failed(words: str) -> Json:
    return {"state": "failed", "error_class": "permission", "error": Contains(words)}


def _step(sync: Sync, site: Site, source: str) -> Json:
    """What a step is when nothing went wrong."""
    run = sync.runs[site.account]
    calls = [
        call
        for call in run.calls
        if call["region"] == site.region and source_of(sync, call) == source
    ]
    return {
        "directory_id": None,
        "workspace_ids": None,
        "state": "complete",
        "cursor": None,
        "listing_started_at": Within(run.window),
        "rejected": 0,
        "calls": len(calls),
        "throttles": sum(call["outcome"] == "ThrottlingException" for call in calls),
        "cost_usd": Amount(PRICE_OF_A_PAGE * len(calls) if source == "cost" else Decimal(0)),
        "error_class": None,
        "error": None,
        "retryable": False,
        "attempts": 1,
        "started_at": Within(run.window),
        "finished_at": Within(run.window),
    }


def nothing(_history: History) -> Expected:
    """No row: no run holds a lease any more."""
    return {}


TABLES = (
    Table(
        "run",
        ("run_id",),
        runs,
        spoil="trigger = case trigger when 'request' then 'schedule' else 'request' end",
    ),
    Table(
        "run_step",
        ("run_id", "source", "region", "block"),
        steps,
        spoil="items = items + 1",
        beside={
            "step_id": "a number of our own",
            "bytes": NOT_SEEN,
            "claimed_by": "the name of a pod that is gone",
            "claimed_until": "how long its claim would have held",
        },
    ),
    Table(
        "run_lease",
        ("schedule_namespace", "schedule_name"),
        nothing,
        spoil="",
    ),
)
