"""Quotas of a site: AWS's defaults, and what the account was granted.

In: a `Site`. Out: `Quota`s. Codes of WorkSpaces are AWS's own; those of Directory Service are made
up here. What was granted leaves some head-room above the fleet, in one site in four almost none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.spec import Site

SERVICES = {"workspaces": "Amazon WorkSpaces", "ds": "AWS Directory Service"}
_WORKSPACES = "WorkSpaces"
_DEFAULTS: dict[str, tuple[tuple[str, str | None, int, bool], ...]] = {
    "workspaces": (
        (_WORKSPACES, "L-34278094", 1, True),
        ("Standby WorkSpaces", "L-9A67B5CB", 5, True),
        ("GeneralPurpose.4xlarge WorkSpaces", "L-465DA8AF", 1, True),
        ("GeneralPurpose.8xlarge WorkSpaces", "L-C266A5F4", 1, True),
        ("Graphics WorkSpaces", "L-84611756", 0, True),
        ("GraphicsPro WorkSpaces", "L-254B485B", 0, True),
        ("Graphics.g4dn WorkSpaces", "L-BCACAEBC", 0, True),
        ("GraphicsPro.g4dn WorkSpaces", "L-BE9A8466", 0, True),
        ("Images", "L-18CE281C", 40, True),
        ("Bundles", "L-843E43DA", 50, False),
        ("Directories", "L-EEB759DE", 50, False),
        ("Connection aliases", "L-0798A2C9", 20, False),
        ("IP access control groups", "L-0E312A12", 100, False),
        ("Rules per IP access control group", "L-5782CB4D", 10, False),
        ("IP access control groups per directory", "L-F61D0B79", 25, False),
    ),
    "ds": (
        ("AD Connector directories", None, 10, True),
        ("AWS Managed Microsoft AD directories", None, 20, True),
        ("Simple AD directories", None, 10, True),
        ("Manual snapshots per AWS Managed Microsoft AD", None, 5, False),
    ),
}


@dataclass(frozen=True, slots=True)
class Quota:
    """One quota: its default, and the value in force."""

    service: str
    code: str
    name: str
    default: int
    value: int
    adjustable: bool


def quotas_of(site: Site, service: str) -> list[Quota]:
    """All quotas of a service, in the order of their codes."""
    quotas = [
        Quota(
            service=service,
            code=code or _made_up(service, name),
            name=name,
            default=default,
            value=_granted(site, name, default) if adjustable else default,
            adjustable=adjustable,
        )
        for name, code, default, adjustable in _DEFAULTS[service]
    ]
    return sorted(quotas, key=lambda quota: quota.code)


def _granted(site: Site, name: str, default: int) -> int:
    draws = Draws(site.seed, "quota", site.account, site.region, name)
    share = {_WORKSPACES: 1.0, "Images": 0.0}.get(name, 0.12 if "WorkSpaces" in name else 0.0)
    room = 1.02 if draws.chance(0.25) else 1.1 + draws.unit() / 2
    wanted = int(site.desktops * share * room)
    return max(default, -(-wanted // 10) * 10)


def _made_up(service: str, name: str) -> str:
    return "L-" + hashlib.sha256(f"{service}/{name}".encode()).hexdigest()[:8].upper()
