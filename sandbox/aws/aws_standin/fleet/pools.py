"""Pools of a site: desktops that belong to nobody and are handed out by the session.

In: a `Site` with a number of pools. Out: `Pool`s with their directory, and the sessions of their
users, drawn as those of personal desktops are, from (seed, user, day). A pool that is stopped has
no sessions. Deliberately absent: scaling policies; a running pool has what it needs.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from aws_standin.fleet.bundles import own_bundles
from aws_standin.fleet.desktops import CALENDAR_START, zones_of
from aws_standin.fleet.directories import Directory
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.personas import BY_NAME, RunningMode
from aws_standin.fleet.sessions import Session, Worker, sessions_between
from aws_standin.fleet.spec import Site

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_HEX = "0123456789abcdef"
_PERSONAS = (("steady", 50), ("part_time", 25), ("contractor", 15), ("shared_kiosk", 10))
_NAMES = ("call-centre", "training", "branch", "contractors", "lab", "audit")


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool. Times in seconds; `created` in UTC seconds since 1970."""

    id: str
    site: Site
    name: str
    bundle: str
    directory: str
    running_mode: RunningMode
    stopped: bool
    desired: int
    """Sessions that its capacity is planned for."""
    created: int
    disconnect_timeout: int
    """How long a session waits for its user after a disconnect."""
    longest_session: int
    error: str | None
    users: tuple[tuple[str, Worker], ...]
    """Each user's name, and when the user comes."""


@dataclass(frozen=True, slots=True)
class PoolSession:
    """A user's session, with the time it waits afterwards."""

    id: str
    user: str
    instance: str
    interface: str
    address: str
    session: Session


@lru_cache(maxsize=256)
def pools_of(site: Site) -> tuple[Pool, ...]:
    """All pools of a site, in the order of their ids."""
    pools = (_pool(site, index) for index in range(site.pools))
    return tuple(sorted(pools, key=lambda pool: pool.id))


def pool_directory(site: Site) -> Directory | None:
    """The directory of all pools of a site; None where there are no pools."""
    if not site.pools:
        return None
    draws = Draws(site.seed, "pool-directory", site.account, site.region)
    return Directory(
        account=site.account,
        region=site.region,
        index=site.directories,
        id="wsd-" + draws.text(_BASE36, 9),
        kind="Entra",
        name=f"pools.{site.region}.example.com",
        registration_code="WS" + draws.text(_BASE36, 3) + "+" + draws.text(_BASE36, 6).upper(),
        subnets=(f"subnet-{draws.text(_HEX, 17)}", f"subnet-{draws.text(_HEX, 17)}"),
        vpc=f"vpc-{draws.text(_HEX, 17)}",
        security_group=f"sg-{draws.text(_HEX, 17)}",
        dedicated=False,
        launched=1_672_531_200,
        ip_groups=(),
    )


def pool_sessions(pool: Pool, start: int, end: int) -> Iterator[PoolSession]:
    """Sessions that overlap [start, end), in the order of users and times."""
    for user, session in user_sessions(pool, start, end):
        yield _session(pool, user, session)


def user_sessions(pool: Pool, start: int, end: int) -> Iterator[tuple[str, Session]]:
    """The same, only who came and when: a bill of months needs no ids and addresses."""
    if pool.stopped:
        return
    for user, worker in pool.users:
        for session in sessions_between(worker, start, end):
            yield user, session


def present_sessions(pool: Pool, now: int) -> list[PoolSession]:
    """Sessions that hold capacity at an instant: connected, or waiting for their user."""
    found: dict[str, PoolSession] = {}
    for one in pool_sessions(pool, now - pool.disconnect_timeout + 1, now + 1):
        found[one.user] = one  # who comes back in time has one session, not two
    return sorted(found.values(), key=lambda one: one.id)


def _pool(site: Site, index: int) -> Pool:
    draws = Draws(site.seed, "pool", site.account, site.region, index)
    directory = pool_directory(site)
    identity = "wspool-" + draws.text(_BASE36, 9)
    desired = draws.between(4, 40)
    return Pool(
        id=identity,
        site=site,
        name=f"{_NAMES[index % len(_NAMES)]}-{index:02d}",
        bundle=draws.pick(own_bundles(site)).id,
        directory=directory.id if directory else "",
        running_mode="ALWAYS_ON" if draws.chance(0.3) else "AUTO_STOP",
        stopped=index % 5 == 4,  # noqa: PLR2004 (every fifth one)
        desired=desired,
        created=1_735_689_600 + draws.below(300 * 86_400),
        disconnect_timeout=draws.pick((300, 900, 1800)),
        longest_session=draws.pick((28_800, 57_600, 86_400)),
        error="SUBNET_HAS_INSUFFICIENT_IP_ADDRESSES" if draws.chance(0.15) else None,
        users=tuple(_user(site, identity, number) for number in range(desired)),
    )


def _user(site: Site, pool: str, number: int) -> tuple[str, Worker]:
    draws = Draws(site.seed, "pool-user", pool, number)
    persona = BY_NAME[draws.weighted(_PERSONAS)]
    return f"user{number:03d}@{pool[-4:]}.example.com", Worker(
        seed=site.seed,
        workspace_id=f"{pool}/{number}",
        persona=persona,
        zone=draws.pick(zones_of(site.region)),
        hired_on=CALENDAR_START,
        left_on=None,
        workdays=persona.weekdays,
        phase=draws.below(77),
    )


def _session(pool: Pool, user: str, session: Session) -> PoolSession:
    draws = Draws(pool.site.seed, "pool-session", pool.id, user, session.start)
    words = [draws.word() for _ in range(4)]
    number = words[0] << 96 | words[1] << 64 | words[2] << 32 | words[3]
    return PoolSession(
        id=str(uuid.UUID(int=number, version=4)),
        user=user,
        instance=f"i-{draws.text(_HEX, 17)}",
        interface=f"eni-{draws.text(_HEX, 17)}",
        address=f"10.220.{draws.below(256)}.{draws.between(4, 254)}",
        session=session,
    )
