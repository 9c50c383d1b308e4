"""That the story was the one that was meant: a comparison of nothing with nothing proves nothing.

In: the history. Out: what did not happen. A fleet too quiet, points that were never late or calls
that were never throttled would make the comparison easier than it says it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import health
from evidence import SLOT, true_maps
from history import History, Sync
from tables import exports, logins, money, trail
from tables.inventory import lives


def missed(history: History) -> Iterator[str]:
    """What the story lacks, in words."""
    outcomes = Counter(
        call["outcome"]
        for sync in history.syncs
        for run in sync.runs.values()
        for call in run.calls
    )
    for code in ("ThrottlingException", "AccessDeniedException", "InternalServerException"):
        if not outcomes[code]:
            yield f"no call was answered with {code}"
    if not any(
        call["operation"] == "LookupEvents" and call["outcome"] == "ThrottlingException"
        for sync in history.syncs
        for run in sync.runs.values()
        for call in run.calls
    ):
        yield "no lookup of events was throttled"
    for sync in history.syncs:
        if sync.late_from < sync.now - SLOT and not _late(sync):
            yield f"no point was late at sync {sync.number}"
    if not any(_learned_late(history)):
        yield "no day's health was told otherwise later"
    found = [life for site in history.sites for life in lives(history, site).values()]
    counts = {
        "a desktop that is gone": sum(life.gone is not None for life in found),
        "a second version": sum(len(life.versions) > 1 for life in found),
        "a change of state": sum(len(life.states) > 1 for life in found),
        "a word nobody knows": sum(life.state in {"hibernating", "=Odd-Word"} for life in found),
        "a member left out": sum(life.configuration["ip_address"] is None for life in found),
    }
    for what, count in (
        counts
        | trail.met(history)
        | logins.met(history)
        | exports.met(history)
        | money.met(history)
    ).items():
        if count <= 0:
            yield f"there is not {what}"


def _learned_late(history: History) -> Iterator[bool]:
    """Whether a day of a desktop told something else at the next sync that read it again."""
    for site in history.sites:
        last: dict[tuple[str, int], health.Values] = {}
        for (number, desktop), asked in health.asked(history, site).items():
            for day, values in health.told(history.syncs[number], site, desktop, asked):
                yield last.get((desktop, day), values) != values
                last[desktop, day] = values


def _late(sync: Sync) -> bool:
    """Whether a point that is to come was not there yet."""
    end = (sync.now - sync.now % SLOT) // SLOT
    first = sync.late_from // SLOT
    for site, told in sync.late.items():
        for desktop in sync.readings[site].desktops:
            whole = true_maps(sync.truths[site], desktop, first, end)["observed"]
            if whole.bit_count() > len(told.get(desktop, {}).get("observed", ())):
                return True
    return False
