"""The story: three accounts in four regions, read again and again while they grow and change.

1. `first`: a small fleet, metrics of 70 days, the oldest by the hour; points come late, answers
   lack members.
2. `grown`: the whole fleet, new desktops over a few days; throttled, one region denied, one slow.
3. `again`: nothing changed but the time, it is past midnight; one region breaks off after its first
   page.
4. `told`: 90 days of the audit trail, throttled, and the logins of the queues.
5. `changed`: the day after, no point is late any more; desktops came, went and changed, by the API
   and behind its back; on request.
6. `beside`: what is read rarely, without a listing of desktops, and what happened since; a queue
   holds what is no login.
7. `late`: forty minutes on, events that came late.
8. `exported`, `restated`: a cost export in both formats, of which one month is told otherwise.
9. `recounted`: costs once more, days later.
10. `years`: the trail after a break of years, with changes to what listings had read long before.

In: the stand-in, the programs, sizes. Out: a `History`. Deliberately absent: what is right.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import access
import health
import money
import readings
import trail
from changes import change, change_years_later, mutate, strange_messages
from export import KEY, Bucket, Delivery, server
from history import History, Reading, Run, Site, Sync, Window
from plans import (
    ACCOUNTS,
    BESIDE,
    FIRST_DAYS,
    HUB,
    KEPT_ELSEWHERE,
    REGIONS,
    ROLE,
    SECOND,
    SITES,
    SOURCES,
    THIRD,
    access_key,
    plan,
)
from programs import Finished, Programs
from standin import Account, Standin, seconds

Json = dict[str, Any]

LATE_SECONDS = 6 * 3600
_KNOWN_DAYS = 3
"""Further back no desktop is read again."""
_EXTERNAL_ID = "deskfleet-proof"
_DENIED = Site(THIRD, "us-west-2")
_SLOW = Site(HUB, "ap-southeast-2")
_CUT = Site(HUB, "eu-central-1")
_FLAKY = Site(SECOND, "us-east-1")
_TRAIL_THROTTLE = {"operation": "LookupEvents", "account": SECOND, "rate": 6, "burst": 1}
APRIL, MAY, JUNE = (date(2026, month, 1) for month in (4, 5, 6))
_LAST_LATE = 3
"""From this sync on no point is late any more."""
_TIMES = {
    "first": "2026-06-09T08:02:30Z",
    # In the hour that `told` sweeps.
    "grown": "2026-06-09T14:50:30Z",
    "again": "2026-06-10T00:40:00Z",
    "told": "2026-06-10T01:40:00Z",
    "changed": "2026-06-11T14:12:45Z",
    "beside": "2026-06-11T17:40:00Z",
    "late": "2026-06-11T18:20:00Z",
    "exported": "2026-06-11T18:40:00Z",
    "restated": "2026-06-14T09:00:00Z",
    "recounted": "2026-06-14T09:30:00Z",
    # After this very run, so that what listings had read was read before it happened.
    "years": "2035-12-14T11:00:00Z",
}


@dataclass(frozen=True)
class Sizes:
    """How large the fleet is."""

    first: int
    """Desktops of the first sync, in all sites together."""
    desktops: int
    """Desktops from the second sync on."""
    days: int
    """Days of metrics of those that come with the second."""


class Scenario:
    """Plays the story."""

    def __init__(self, standin: Standin, programs: Programs, sizes: Sizes) -> None:
        self._standin = standin
        self._programs = programs
        self._sizes = sizes
        self._clients = {account: Account(standin.url, access_key(account)) for account in ACCOUNTS}
        self._logged = 0
        """The sequence number behind the last call that was looked at."""
        self._bucket = Bucket(standin, server())
        self.history = History(SITES, ACCOUNTS)

    def play(self, say: Callable[[str], None]) -> History:
        """Play all of it."""
        self._prepare()
        say("a small fleet over seventy days")
        self._sync("first", FIRST_DAYS)
        self._grow()
        self._disturb()
        say("the whole fleet: throttled, one region denied, one slow")
        broken = frozenset({(_FLAKY, "GetResources")})
        self._sync("grown", self._sizes.days, denied=frozenset({_DENIED}), broken=broken)
        self._cut_listing()
        say("the same fleet again, one listing cut off")
        self._sync("again", self._sizes.days, cut=frozenset({_CUT}))
        say("what happened: ninety days of it, throttled")
        self._standin.post("throttle", {"rules": [_TRAIL_THROTTLE], "awsLimits": False})
        self._sync("told", self._sizes.days, sources=KEPT_ELSEWHERE)
        change(self._standin, self._clients, self.history.listed_last())
        say("after changes, on request")
        self._sync("changed", self._sizes.days, trigger="request")
        say("what schedules of their own read")
        self.history.strange = strange_messages(self._standin)
        self._sync("beside", self._sizes.days, sources=BESIDE)
        say("what came late, and what happened years later")
        self._sync("late", self._sizes.days, sources=KEPT_ELSEWHERE)
        say("a cost export, a month of it restated, and other costs")
        self._export("exported", [(APRIL, "csv"), (JUNE, "parquet")], undelivered=(MAY,))
        self._export("restated", [(MAY, "csv"), (JUNE, "csv")])
        self._sync("recounted", self._sizes.days, sources=("Cost",))
        self._standin.post("clock", {"set": "2035-12-14T09:30:00Z"})
        change_years_later(self._clients, self.history.listed_last())
        self._sync("years", self._sizes.days, sources=("AuditTrail",))
        return self.history

    def _export(self, name: str, ordered: list[tuple[date, str]], **more: Any) -> None:
        """Deliver months of the payer's export, and read them."""
        self._standin.post("clock", {"set": _TIMES[name]})
        deliveries: list[Delivery] = []
        for kind in dict.fromkeys(kind for _, kind in ordered):
            months = [month for month, of in ordered if of == kind]
            deliveries += self._bucket.deliver(months, seconds(_TIMES[name]), kind)
        more |= {"accounts": (HUB,), "deliveries": deliveries}
        self._sync(name, self._sizes.days, sources=("CostExport",), **more)

    def _prepare(self) -> None:
        post = self._standin.post
        post("reset", {})
        accounts = [
            {"id": account, "regions": list(REGIONS), "poolsPerRegion": 2} for account in ACCOUNTS
        ]
        post("fleet", {"seed": 20_261_125, "desktops": self._sizes.first, "accounts": accounts})
        keys = [{"accessKeyId": access_key(account), "account": account} for account in ACCOUNTS]
        keys.append({"accessKeyId": KEY[0], "account": HUB})
        role = {"arn": ROLE, "externalId": _EXTERNAL_ID, "trustedAccounts": [HUB]}
        post("credentials", {"strict": True, "keys": keys, "roles": [role]})
        late = {"delaySeconds": 300, "lateShare": 0.2, "lateSeconds": LATE_SECONDS}
        post("metrics", late)
        post("trail", {"lateShare": 0.5, "lateMinutes": 25, "unknownShare": 0.01})
        post("billing", {"vanishingShare": 0.6})
        # The other accounts are signed for with the hub's keys; only the third has its own.
        self._programs.put("external-id/externalId", _EXTERNAL_ID)
        self._programs.put("keys/secretAccessKey", KEY[1])

    def _sync(
        self,
        name: str,
        days: int,
        *,
        trigger: str = "schedule",
        sources: tuple[str, ...] = SOURCES,
        **trouble: Any,
    ) -> None:
        now = seconds(_TIMES[name])
        if name == "changed":
            self._standin.post("metrics", {"delaySeconds": 0, "lateShare": 0})
        self._standin.post("clock", {"set": _TIMES[name]})
        sync = Sync(len(self.history.syncs), now, sources, days, **trouble)
        if "Cost" in sources:
            # Before the run, because a bill that was never reckoned takes long to be told.
            before = [one.now for one in self.history.syncs if "Cost" in one.sources]
            last = before[-1] if before else None
            sync.money = money.reading(self._standin, self._clients, sync.now, last)
        if "Prices" in sources:
            sync.money["prices"] = money.price_lists(self._clients[HUB])
        for account in sync.accounts or ACCOUNTS:
            self._run(sync, account, trigger)
        self._standin.delete("fault")
        # The reader asks as fast as it likes.
        self._standin.post("throttle", {"rules": [], "awsLimits": False})
        self._read(sync)
        self.history.syncs.append(sync)

    def _run(self, sync: Sync, account: str, trigger: str) -> None:
        # The S3 server knows a key of its own only, which the stand-in takes for the payer's.
        of_hub = KEY[0] if sync.deliveries else access_key(HUB)
        self._programs.put("keys/accessKeyId", access_key(THIRD) if account == THIRD else of_hub)
        log = self._standin.log(self._logged)
        since = log[-1]["sequence"] + 1 if log else self._logged
        wanted = plan(self._standin.url, account, trigger, sync, self._bucket.plan())
        finished = self._programs.sync(wanted, sync.now)
        calls = self._standin.log(since)
        self._logged = calls[-1]["sequence"] + 1
        sync.runs[account] = _as_run(finished, account, trigger, calls)

    def _read(self, sync: Sync) -> None:
        """Take the readings that belong to a sync."""
        end = sync.now - sync.now % readings.SLOT
        late = sync.number < _LAST_LATE
        sync.late_from = end - LATE_SECONDS - readings.SLOT if late else end

        def read(site: Site) -> None:
            client = self._clients[site.account]
            sync.readings[site] = Reading()
            if "Inventory" in sync.sources:
                sync.readings[site] = readings.reading(client, site)
            if "Snapshots" in sync.sources:
                known = list(self.history.listed_last().readings[site].desktops)
                sync.readings[site] = readings.beside(client, site, known)
                sync.readings[site].more["users"] = readings.users(self._standin, site, end)
            if "AccessEvents" in sync.sources:
                sync.readings[site].more["access"] = access.reading(self._standin, site, sync.now)
            if "AuditTrail" in sync.sources:
                sync.readings[site].more["trail"] = trail.reading(
                    self._standin, client, self.history, sync, site
                )
            if "Inventory" not in sync.sources:
                return
            first = end - max(sync.metrics_days, _KNOWN_DAYS) * readings.DAY
            sync.truths[site] = readings.truth(self._standin, site, first, end)
            desktops = list(sync.readings[site].desktops)
            sync.late[site] = readings.late_points(
                client, site.region, desktops, sync.late_from, end
            )
            sync.health[site] = health.reading(
                self._standin, client, [*self.history.syncs, sync], site
            )

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(read, (site for site in SITES if site not in sync.denied)))

    def _grow(self) -> None:
        each, rest = divmod(self._sizes.desktops - self._sizes.first, len(SITES))
        for number, site in enumerate(SITES):
            mutate(self._standin, site, add=each + (1 if number < rest else 0))

    def _disturb(self) -> None:
        # So low that the second page comes too early, however busy this machine is.
        throttle = [
            {"operation": "DescribeWorkspaces", "rate": 0.8, "burst": 1},
            {"operation": "DescribeWorkspacesConnectionStatus", "rate": 0.8, "burst": 1},
        ]
        self._standin.post("throttle", {"rules": throttle})
        rules = [
            {**_scope(_DENIED), "count": 9999, "status": 400, "code": "AccessDeniedException"},
            {**_scope(_SLOW), "count": 40, "delayMs": 150},
            {
                **_scope(_FLAKY, "DescribeWorkspaceDirectories"),
                "count": 2,
                "status": 500,
                "code": "InternalServerException",
            },
            {**_scope(_FLAKY, "GetResources"), "count": 1, "body": "truncate"},
        ]
        self._standin.post("fault", {"rules": rules})

    def _cut_listing(self) -> None:
        rule = {
            **_scope(_CUT, "DescribeWorkspaces"),
            "after": 1,
            "count": 9999,
            "status": 400,
            "code": "AccessDeniedException",
        }
        self._standin.post("fault", {"rules": [rule]})


def _as_run(finished: Finished, account: str, trigger: str, calls: list[Json]) -> Run:
    if finished.exit_code != 0:
        raise RuntimeError(
            f"the run of {account} ended with {finished.exit_code}: {finished.report}\n"
            f"{finished.log[-4000:]}"
        )
    window = Window(finished.began, finished.ended)
    return Run(
        finished.run_id,
        account,
        f"all-{account}",
        trigger,
        window,
        finished.attempts,
        finished.exit_code,
        finished.report,
        calls,
    )


def _scope(site: Site, operation: str = "*") -> Json:
    return {"operation": operation, "account": site.account, "region": site.region}
