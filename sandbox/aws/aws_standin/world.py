"""All state of one server: clock, credentials, traffic rules, log, and the fleet.

Everything is made here and handed down; nothing is global. `reset` empties it in place.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from aws_standin.billing.bill import Bill
from aws_standin.clock import Clock
from aws_standin.credentials import Credentials
from aws_standin.fleet.access_queue import AccessQueue
from aws_standin.fleet.presence import Presence
from aws_standin.fleet.spec import FleetSpec, Site
from aws_standin.fleet.store import SiteFleet
from aws_standin.metrics.arrival import Arrival
from aws_standin.traffic.call_log import CallLog
from aws_standin.traffic.faults import Faults
from aws_standin.traffic.listings import Listings
from aws_standin.traffic.throttle import Throttles
from aws_standin.trail.lookup import Trail

SiteKey = tuple[str, str]
"""Account and region."""


class World:
    """What one server knows."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.wall = wall
        self.monotonic = monotonic
        self.faults = Faults()
        self._lock = threading.Lock()
        self.log = CallLog()
        self.reset()

    def reset(self) -> None:
        """Forget everything but the log's numbering."""
        self.clock = Clock(self.wall)
        self.credentials = Credentials(self.wall)
        self.throttles = Throttles(self.monotonic)
        self.faults.clear()
        self.listings = Listings()
        self.presence = Presence()
        self.trail = Trail()
        self.bill = Bill()
        self.arrival = Arrival()
        self.spec: FleetSpec | None = None
        self._fleets: dict[SiteKey, SiteFleet] = {}
        self._queues: dict[SiteKey, AccessQueue] = {}
        self.log.clear(self.monotonic())

    def sleep(self, seconds: float) -> None:
        """Hold a call up, until the faults are dropped at the latest."""
        self.faults.wait(seconds)

    def make_fleet(self, spec: FleetSpec) -> None:
        """Replace the whole fleet."""
        fleets = {(site.account, site.region): SiteFleet(site) for site in spec.sites()}
        with self._lock:
            self.spec = spec
            self._fleets = fleets
            self._queues = {}

    def fleet(self, account: str, region: str) -> SiteFleet:
        """The fleet of an account and region; an empty one where nothing was made."""
        with self._lock:
            key = (account, region)
            if key not in self._fleets:
                self._fleets[key] = SiteFleet(Site(0, account, region, 0, 0))
            return self._fleets[key]

    def queue(self, account: str, region: str) -> AccessQueue:
        """The queue of access events of an account and region."""
        fleet = self.fleet(account, region)
        with self._lock:
            return self._queues.setdefault((account, region), AccessQueue(fleet))

    def fleets(self, account: str | None = None, region: str | None = None) -> Iterator[SiteFleet]:
        """Fleets in a fixed order, perhaps of one account or region only."""
        with self._lock:
            fleets = sorted(self._fleets.items())
        for (its_account, its_region), fleet in fleets:
            if account in {None, its_account} and region in {None, its_region}:
                yield fleet
