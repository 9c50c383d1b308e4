"""What metrics prove about the use of each desktop, worked out from the ledger.

A map is a whole number whose bit `n` is slot `n` of five minutes since `base`. In: the history.
Out: for each desktop the slots that were read and what they prove, over all syncs. For the hours in
which points may still come late, what CloudWatch told at that instant counts; before them, all of
the ledger does. Where both are known they must agree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from history import History, Site, Sync, Truth

SLOT = 300
DAY = 86_400
SLOTS = DAY // SLOT
_SLOTS_KEPT = 63 * DAY
_HOURS_KEPT = 455 * DAY
_HOUR = 3600
_OVERLAP = 26 * _HOUR
MAPS = ("observed", "connected", "running", "maintenance", "succeeded")
_ALWAYS_MAINTAINED = frozenset({"MAINTENANCE", "ADMIN_MAINTENANCE"})


class DisagreementError(Exception):
    """The ledger and the metrics of the stand-in tell different things."""


@dataclass
class Use:
    """What is known of one desktop."""

    read_through: int = 0
    """UTC seconds."""
    base: int = 0
    """The slot since 1970 of bit 0."""
    maps: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MAPS, 0))
    hours: dict[str, set[int]] = field(default_factory=dict)
    """Hours since 1970, by map, of the time before slots were kept."""
    priced: int = 0
    """Metrics that were asked for in all."""


def uses(history: History, site: Site) -> dict[str, Use]:
    """Every desktop whose metrics were read; worked out once for each state of the history."""
    key = ("uses", site, len(history.syncs))
    if key not in history.computed:
        history.computed[key] = _uses(history, site)
    found: dict[str, Use] = history.computed[key]
    return found


def _uses(history: History, site: Site) -> dict[str, Use]:
    found: dict[str, Use] = {}
    for sync in history.syncs:
        if sync.lists(site) and "Metrics" in sync.sources:
            for desktop in sync.readings[site].desktops:
                _read(found, sync, site, desktop)
    return found


def metrics_asked(sync: Sync, before: bool) -> int:
    """How many metrics one sync names of a desktop that was, or was not, read before."""
    return 6 if before or sync.metrics_days * DAY <= _SLOTS_KEPT else 10


def _read(found: dict[str, Use], sync: Sync, site: Site, desktop: str) -> None:
    end = sync.now - sync.now % SLOT
    days = sync.metrics_days * DAY
    use = found.get(desktop)
    if use is not None:
        start = max(min(use.read_through, end - _OVERLAP), end - _SLOTS_KEPT + SLOT)
    else:
        start = end - min(days, _SLOTS_KEPT) + SLOT
        use = found[desktop] = Use(base=start // SLOT)
        if days > _SLOTS_KEPT:
            _read_hours(use, sync, site, desktop, (end - days, start))
    use.priced += metrics_asked(sync, before=use.read_through > 0)
    known = _known(sync, site, desktop, start // SLOT, end // SLOT)
    for name, bits in known.items():
        use.maps[name] |= bits << (start // SLOT - use.base)
    use.read_through = end


def _known(sync: Sync, site: Site, desktop: str, first: int, end: int) -> dict[str, int]:
    """What could be read of the slots [first, end) at a sync."""
    whole = true_maps(sync.truths[site], desktop, first, end)
    late_from = min(max(sync.late_from // SLOT, first), end)
    settled = (1 << (late_from - first)) - 1
    told = sync.late[site].get(desktop, {})
    known = {}
    for name in MAPS:
        late = sum(1 << slot - first for slot in told.get(name, ()) if late_from <= slot < end)
        if late & ~whole[name]:
            raise DisagreementError(f"{name} of {desktop} in {site}")
        known[name] = whole[name] & settled | late
    return known


def true_maps(truth: Truth, desktop: str, first: int, end: int) -> dict[str, int]:
    """What every point of the slots [first, end) proves, whenever it comes."""
    length = end - first
    everything = (1 << length) - 1
    if desktop in truth.silent:
        return dict.fromkeys(MAPS, 0)
    begins = [(start, start + 1) for start, _ in truth.sessions.get(desktop, ())]
    made = truth.created.get(desktop, 0)
    exists = touched([(made, end * SLOT)], first, length)
    runs = [
        (max(start, made), stop) for start, stop in truth.running.get(desktop, ()) if stop > made
    ]
    running = touched(runs, first, length)
    reports = running & exists & ~touched(truth.network_gaps.get(desktop, ()), first, length)
    maintained = everything
    if truth.desktops[desktop]["abnormalState"] not in _ALWAYS_MAINTAINED:
        maintained = touched(truth.maintenance.get(desktop, ()), first, length)
    return {
        "observed": reports | exists & ~running,
        "connected": reports & touched(truth.sessions.get(desktop, ()), first, length),
        "running": reports,
        "maintenance": reports & maintained,
        "succeeded": reports & touched(begins, first, length),
    }


def _read_hours(use: Use, sync: Sync, site: Site, desktop: str, between: tuple[int, int]) -> None:
    """Hours of the time before slots are kept, each whole."""
    begin = between[0] - between[0] % _HOUR + _HOUR
    end = between[1] - between[1] % _HOUR
    maps = true_maps(sync.truths[site], desktop, begin // SLOT, end // SLOT)
    width = _HOUR // SLOT
    for name in ("observed", "connected", "running"):
        bits = maps[name]
        text = format(bits, f"0{(end - begin) // SLOT}b")[::-1] if end > begin else ""
        first = begin // _HOUR
        use.hours[name] = {
            first + at // width for at in range(0, len(text), width) if "1" in text[at : at + width]
        }


def touched(spans: list[tuple[int, int]] | tuple[()], first: int, length: int) -> int:
    """The slots that spans of seconds touch, as a map from slot `first` on."""
    bits = 0
    for start, end in spans:
        begin = max(start // SLOT - first, 0)
        stop = min(-(-end // SLOT) - first, length)
        if start < end and begin < stop:
            bits |= ((1 << stop - begin) - 1) << begin
    return bits


def day_maps(use: Use, name: str) -> dict[int, str]:
    """A map cut into UTC days since 1970, one character a slot; days without any are left out."""
    first_day = use.base // SLOTS
    bits = use.maps[name] << (use.base - first_day * SLOTS)
    text = format(bits, "b")[::-1]
    days = {}
    for at in range(0, len(text), SLOTS):
        part = text[at : at + SLOTS].ljust(SLOTS, "0")
        if "1" in part:
            days[first_day + at // SLOTS] = part
    return days
