"""The story: three accounts in four regions, read five times while they grow and change.

1. `first`: a small fleet, metrics of 70 days, the oldest by the hour; points come late, answers
   lack members.
2. `grown`: the whole fleet, new desktops over a few days; throttled, one region denied, one slow.
3. `again`: nothing changed but the time, it is past midnight; one region breaks off after its first
   page.
4. `changed`: the day after, no point is late any more; desktops came, went and changed, by the API
   and behind its back; on request.
5. `beside`: what is read rarely, without a listing of desktops.

In: the stand-in, the programs, sizes. Out: a `History`. Deliberately absent: what is right.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import health
import money
import readings
from changes import change, mutate
from history import History, Run, Site, Sync, Window
from plans import (
    ACCOUNTS,
    BESIDE,
    FIRST_DAYS,
    HUB,
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
_LAST_LATE = 3
"""From this sync on no point is late any more."""
_TIMES = {
    "first": "2026-06-11T08:02:30Z",
    "grown": "2026-06-11T15:00:30Z",
    "again": "2026-06-12T01:10:00Z",
    "changed": "2026-06-13T14:12:45Z",
    "beside": "2026-06-13T19:40:00Z",
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
        change(self._standin, self._clients, self.history.syncs[-1])
        say("after changes, on request")
        self._sync("changed", self._sizes.days, trigger="request")
        say("what schedules of their own read")
        self._sync("beside", self._sizes.days, sources=BESIDE)
        return self.history

    def _prepare(self) -> None:
        post = self._standin.post
        post("reset", {})
        accounts = [
            {"id": account, "regions": list(REGIONS), "poolsPerRegion": 2} for account in ACCOUNTS
        ]
        post("fleet", {"seed": 20_261_125, "desktops": self._sizes.first, "accounts": accounts})
        keys = [{"accessKeyId": access_key(account), "account": account} for account in ACCOUNTS]
        role = {"arn": ROLE, "externalId": _EXTERNAL_ID, "trustedAccounts": [HUB]}
        post("credentials", {"strict": True, "keys": keys, "roles": [role]})
        late = {"delaySeconds": 300, "lateShare": 0.2, "lateSeconds": LATE_SECONDS}
        post("metrics", late)
        # The other accounts are signed for with the hub's keys; only the third has its own.
        self._programs.put("external-id/externalId", _EXTERNAL_ID)
        self._programs.put("keys/secretAccessKey", "any will do")

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
            sync.money = money.reading(self._standin, self._clients, sync.now)
        for account in ACCOUNTS:
            self._run(sync, account, trigger)
        self._standin.delete("fault")
        self._standin.post("throttle", {"rules": []})
        self._read(sync)
        self.history.syncs.append(sync)

    def _run(self, sync: Sync, account: str, trigger: str) -> None:
        self._programs.put("keys/accessKeyId", access_key(THIRD if account == THIRD else HUB))
        log = self._standin.log(0)
        since = log[-1]["sequence"] + 1 if log else 0
        finished = self._programs.sync(plan(self._standin.url, account, trigger, sync), sync.now)
        calls = self._standin.log(since)
        sync.runs[account] = _as_run(finished, account, trigger, calls)

    def _read(self, sync: Sync) -> None:
        """Take the readings that belong to a sync."""
        end = sync.now - sync.now % readings.SLOT
        late = sync.number < _LAST_LATE
        sync.late_from = end - LATE_SECONDS - readings.SLOT if late else end

        def read(site: Site) -> None:
            client = self._clients[site.account]
            if "Inventory" not in sync.sources:
                known = list(self.history.syncs[-1].readings[site].desktops)
                found = sync.readings[site] = readings.beside(client, site, known)
                found.more["users"] = readings.users(self._standin, site, end)
                return
            sync.readings[site] = readings.reading(client, site)
            first = end - max(sync.metrics_days, _KNOWN_DAYS) * readings.DAY
            sync.truths[site] = readings.truth(self._standin, site, first, end)
            desktops = list(sync.readings[site].desktops)
            sync.late[site] = readings.late_points(
                client, site.region, desktops, sync.late_from, end
            )
            sync.health[site] = health.reading(self._standin, client, site, sync)

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
