"""What happened: the syncs that ran, and what could be known of AWS at each of them.

A `Reading` is taken at the fleet's standing clock right after a sync, so it is what the sync was
told. Everything that a table must hold is computed from this and from nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, order=True)
class Site:
    """One region of one account."""

    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.account} {self.region}"


@dataclass(frozen=True)
class Window:
    """Between these instants of the real clock, UTC seconds, both included."""

    first: float
    last: float


@dataclass
class Reading:
    """What one site would tell at the instant of a sync."""

    desktops: dict[str, Json] = field(default_factory=dict)
    """`Workspace` structures, in listing order."""
    connections: dict[str, Json] = field(default_factory=dict)
    directories: list[Json] = field(default_factory=list)
    directory_services: dict[str, Json] = field(default_factory=dict)
    bundles: dict[str, Json] = field(default_factory=dict)
    tags: dict[str, dict[str, str]] = field(default_factory=dict)
    """Of every desktop that the Tagging API lists."""
    more: dict[str, Any] = field(default_factory=dict)
    """What tables of later sources need, by their name."""


@dataclass
class Truth:
    """The ledger of one site over an interval, by desktop; spans in UTC seconds, end exclusive."""

    sessions: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    running: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    maintenance: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    network_gaps: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """Desktops whose state keeps them from ever reporting."""
    desktops: dict[str, Json] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)
    """When those were made that are younger than the fleet's calendar."""
    more: dict[str, Any] = field(default_factory=dict)
    """Lines of other kinds, by kind."""


@dataclass
class Run:
    """One run of `deskfleet-sync` for one account."""

    run_id: str
    account: str
    schedule: str
    trigger: str
    window: Window
    attempts: int
    exit_code: int
    report: Json
    calls: list[Json]
    """Of the stand-in's log."""


@dataclass
class Sync:
    """A run of each account at one instant of the fleet's clock."""

    number: int
    now: int
    """UTC seconds of the fleet."""
    sources: tuple[str, ...]
    metrics_days: int
    """How far back a new desktop is read."""
    runs: dict[str, Run] = field(default_factory=dict)
    readings: dict[Site, Reading] = field(default_factory=dict)
    truths: dict[Site, Truth] = field(default_factory=dict)
    late: dict[Site, dict[str, dict[str, set[int]]]] = field(default_factory=dict)
    """Slots since 1970 that metrics proved in the hours in which points may be late: desktop,
    map, slots."""
    late_from: int = 0
    """From when on points may be late, UTC seconds."""
    health: dict[Site, Any] = field(default_factory=dict)
    """What could be read of the days before: see `health`."""
    money: dict[str, Any] = field(default_factory=dict)
    """What is told of costs and prices, once for all sites."""
    accounts: tuple[str, ...] = ()
    """Those that were read; all where none is named."""
    deliveries: list[Any] = field(default_factory=list)
    """Months of a cost export that came since the sync before."""
    undelivered: tuple[Any, ...] = ()
    """Months between those that did not."""
    denied: frozenset[Site] = frozenset()
    """Sites that refused every call."""
    cut: frozenset[Site] = frozenset()
    """Sites that listed one page of desktops and refused the next."""
    broken: frozenset[tuple[Site, str]] = frozenset()
    """Sites and operations whose first answer broke off on the way."""

    def listed(self, site: Site) -> dict[str, Json] | None:
        """Desktops that the listing brought; `None` where it brought none because of an error."""
        if site in self.denied or "Inventory" not in self.sources:
            return None
        desktops = self.readings[site].desktops
        return dict(list(desktops.items())[:25]) if site in self.cut else desktops

    def is_whole(self, site: Site) -> bool:
        """Whether desktops were listed to the end."""
        return site not in self.denied and site not in self.cut

    def lists(self, site: Site) -> bool:
        """Whether desktops were listed to the end, and so asked about one by one."""
        return "Inventory" in self.sources and self.is_whole(site)

    def window(self, site: Site) -> Window:
        """When the site's rows were written."""
        return self.runs[site.account].window


@dataclass
class History:
    """All of it."""

    sites: tuple[Site, ...]
    accounts: tuple[str, ...]
    syncs: list[Sync] = field(default_factory=list)
    strange: dict[str, str] = field(default_factory=dict)
    """Messages that are no logins, by the queue's id."""
    computed: dict[Any, Any] = field(default_factory=dict)
    """What was worked out from it once."""

    def listed_last(self) -> Sync:
        """The last sync that listed desktops."""
        return next(sync for sync in reversed(self.syncs) if "Inventory" in sync.sources)

    def readings(self, site: Site, source: str) -> Iterator[tuple[Sync, Reading, Window]]:
        """The site at every sync that read a source and was not refused altogether, in order."""
        for sync in self.syncs:
            if site not in sync.denied and source in sync.sources:
                yield sync, sync.readings[site], sync.window(site)
