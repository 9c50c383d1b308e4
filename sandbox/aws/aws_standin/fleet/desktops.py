"""One desktop: its lasting traits, each a pure function of (site, index).

In: a `Site`, its directories and bundles, an index. Out: a `Desktop`. How it looks at an instant
(state, connection) follows from its worker's sessions in `lifecycle`; what the API shows of it is
`rendering`'s.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from aws_standin.fleet.bundles import BYOL_SYSTEMS, Bundle
from aws_standin.fleet.directories import Directory
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.partition import partition_of
from aws_standin.fleet.personas import SHARES, Persona, RunningMode
from aws_standin.fleet.sessions import Worker
from aws_standin.fleet.spec import Site

CALENDAR_START = date(2025, 1, 1)
"""The fleet's history begins here: nobody has a session before."""
CALENDAR_DAYS = 1095
"""Leavers leave, and late starters start, within this many days of `CALENDAR_START`."""

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_ABNORMAL: tuple[tuple[str, float], ...] = (
    ("ERROR", 0.004), ("UNHEALTHY", 0.004), ("PENDING", 0.003), ("SUSPENDED", 0.001),
    ("IMPAIRED", 0.001), ("MAINTENANCE", 0.002), ("ADMIN_MAINTENANCE", 0.002),
    ("REBUILDING", 0.001), ("UPDATING", 0.002), ("REBOOTING", 0.002),
)  # fmt: skip
_STATES: tuple[tuple[str | None, float], ...] = (
    *_ABNORMAL,
    (None, 1 - sum(share for _, share in _ABNORMAL)),
)
_TIMEOUTS = ((60, 80), (120, 12), (180, 5), (240, 3))
_ZONES = {
    "us-east-1": ("America/New_York", "America/Chicago"),
    "us-west-2": ("America/Los_Angeles", "America/Denver"),
    "ca-central-1": ("America/Toronto",),
    "sa-east-1": ("America/Sao_Paulo",),
    "eu-west-1": ("Europe/Dublin", "Europe/Paris"),
    "eu-west-2": ("Europe/London",),
    "eu-central-1": ("Europe/Berlin", "Europe/Warsaw"),
    "ap-south-1": ("Asia/Kolkata",),
    "ap-southeast-1": ("Asia/Singapore",),
    "ap-southeast-2": ("Australia/Sydney",),
    "ap-northeast-1": ("Asia/Tokyo",),
}
_FIRST = ("ana", "ben", "cleo", "dan", "eva", "gita", "hugo", "ines", "jon", "kira", "liam", "olga")
_LAST = (
    "ash",
    "birch",
    "cedar",
    "elm",
    "fern",
    "heath",
    "ivy",
    "lake",
    "oak",
    "pine",
    "reed",
    "vale",
)


@dataclass(frozen=True, slots=True)
class Desktop:
    """A desktop as it was provisioned. Volumes in GiB, timeout in minutes."""

    id: str
    account: str
    region: str
    index: int
    directory: Directory
    bundle: Bundle
    worker: Worker
    user_name: str
    computer_name: str
    ip_address: str
    subnet: str
    running_mode: RunningMode
    timeout: int
    """AutoStop timeout; it means nothing in the other running modes."""
    protocol: str
    root: int
    user: int
    root_encrypted: bool
    user_encrypted: bool
    encryption_key: str | None
    abnormal_state: str | None
    """A lasting state that has nothing to do with sessions; None for a healthy desktop."""
    standby_of: str | None
    """Id of the primary in another region, for a standby desktop."""
    replicates: bool
    tags: tuple[tuple[str, str], ...]

    @property
    def persona(self) -> Persona:
        """Who sits here."""
        return self.worker.persona


def zones_of(region: str) -> tuple[str, ...]:
    """IANA zones in which the people of a region live."""
    return _ZONES.get(region, ("Etc/UTC",))


def desktop_id(site: Site, index: int) -> str:
    """Id of a site's desktop, drawn from (seed, account, region, index)."""
    return "ws-" + Draws(site.seed, "id", site.account, site.region, index).text(_BASE36, 9)


def desktop_at(
    site: Site, directories: tuple[Directory, ...], bundles: tuple[Bundle, ...], index: int
) -> Desktop:
    """The desktop with this index."""
    identity = desktop_id(site, index)
    draws = Draws(site.seed, "desktop", identity)
    persona = draws.weighted(SHARES)
    directory = draws.pick(directories)
    bundle = _bundle(draws, persona, directory, bundles)
    place = f"arn:{partition_of(site.region)}:kms:{site.region}:{site.account}"
    key = f"{place}:key/{uuid.UUID(int=draws.word() << 96)}"
    root_encrypted, user_encrypted = draws.chance(0.5), draws.chance(0.55)
    return Desktop(
        id=identity,
        account=site.account,
        region=site.region,
        index=index,
        directory=directory,
        bundle=bundle,
        worker=_worker(site, identity, persona),
        user_name=_user_name(draws, persona, index),
        computer_name="WSAMZN-" + draws.text(_BASE36, 8).upper(),
        ip_address=f"10.{directory.index % 200}.{draws.below(256)}.{draws.between(4, 254)}",
        subnet=draws.pick(directory.subnets),
        running_mode=draws.weighted(persona.running_modes),
        timeout=draws.weighted(_TIMEOUTS),
        protocol="PCOIP" if draws.chance(0.35) else "WSP",
        root=bundle.root if draws.chance(0.85) else max(175, bundle.root),
        user=bundle.user if draws.chance(0.8) else max(100, bundle.user),
        root_encrypted=root_encrypted,
        user_encrypted=user_encrypted,
        encryption_key=key if root_encrypted or user_encrypted else None,
        abnormal_state=draws.weighted(_STATES),
        standby_of="ws-" + draws.text(_BASE36, 9) if draws.chance(0.004) else None,
        replicates=draws.chance(0.01),
        tags=_tags(draws, persona),
    )


def _bundle(
    draws: Draws, persona: Persona, directory: Directory, bundles: tuple[Bundle, ...]
) -> Bundle:
    compute = draws.weighted(persona.compute)
    fitting = [
        bundle
        for bundle in bundles
        if bundle.compute == compute and (directory.dedicated or bundle.system not in BYOL_SYSTEMS)
    ]
    return draws.pick(fitting)


def _worker(site: Site, identity: str, persona: Persona) -> Worker:
    draws = Draws(site.seed, "worker", identity)
    hired = CALENDAR_START
    if draws.chance(0.15):
        hired += timedelta(days=draws.below(CALENDAR_DAYS))
    left = hired + timedelta(days=30 + draws.below(CALENDAR_DAYS - 30))
    workdays = persona.weekdays
    if persona.days_a_week:
        ranked = sorted((draws.word(), day) for day in persona.weekdays)
        workdays = frozenset(day for _, day in ranked[: draws.between(*persona.days_a_week)])
    return Worker(
        seed=site.seed,
        workspace_id=identity,
        persona=persona,
        zone=draws.pick(zones_of(site.region)),
        hired_on=hired,
        left_on=left if persona.tenure == "leaves" else None,
        workdays=workdays,
        phase=draws.below(77),
    )


def _user_name(draws: Draws, persona: Persona, index: int) -> str:
    if persona.name == "shared_kiosk":
        return f"kiosk-{index:05d}"
    return f"{draws.pick(_FIRST)}.{draws.pick(_LAST)}{index:05d}"


def _tags(draws: Draws, persona: Persona) -> tuple[tuple[str, str], ...]:
    if draws.chance(0.12):
        return ()
    tags = [("CostCentre", f"cc-{draws.between(100, 139)}")]
    if draws.chance(0.8):
        tags.append(("Department", draws.pick(("Design", "Finance", "Sales", "Support", "IT"))))
    if persona.name == "contractor" and draws.chance(0.6):
        tags.append(("Contract", "external"))
    return tuple(tags)
