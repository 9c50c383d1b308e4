"""Bundles: AWS's public ones, the same in every account of a region, and an account's own.

In: a `Site` (public bundles need only its region). Out: `Bundle` values and the API's structure.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.spec import Site

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_GRAPHICS = ("GRAPHICS_G4DN", "GRAPHICSPRO_G4DN", "GRAPHICS_G6_XLARGE", "GRAPHICS_G6_4XLARGE")
_COMPUTE = (
    "VALUE", "STANDARD", "PERFORMANCE", "POWER", "POWERPRO", "GENERALPURPOSE_4XLARGE",
    "GENERALPURPOSE_8XLARGE", *_GRAPHICS,
)  # fmt: skip
_PUBLIC_SYSTEMS = ("WINDOWS_SERVER_2022", "WINDOWS_SERVER_2019", "AMAZON_LINUX_2", "UBUNTU_22_04")
_OWN_SYSTEMS = ("WINDOWS_SERVER_2022", "WINDOWS_10", "WINDOWS_11")
_VOLUMES = {"VALUE": (80, 10), "STANDARD": (80, 50), "PERFORMANCE": (80, 100)}
BYOL_SYSTEMS = frozenset({"WINDOWS_10", "WINDOWS_11"})
"""Systems that need the customer's own licence, hence a directory with DEDICATED tenancy."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A desktop template. Volumes in GiB, `created` in UTC seconds."""

    id: str
    name: str
    owner: str
    compute: str
    system: str
    root: int
    user: int
    created: int
    image: str | None


@lru_cache(maxsize=64)
def public_bundles(region: str) -> tuple[Bundle, ...]:
    """AWS's own bundles in a region; the same for every account and seed."""
    return tuple(
        _bundle(Draws("public-bundle", region, compute, system), "AMAZON", compute, system)
        for compute in _COMPUTE
        for system in _PUBLIC_SYSTEMS
        if compute not in _GRAPHICS or system != "AMAZON_LINUX_2"
    )


def own_bundles(site: Site) -> tuple[Bundle, ...]:
    """The account's own bundles in a region, each with an own image."""
    return tuple(
        _bundle(
            Draws(site.seed, "bundle", site.account, site.region, compute, system),
            site.account, compute, system,
        )
        for compute in ("STANDARD", "PERFORMANCE", "POWER", "GRAPHICS_G4DN")
        for system in _OWN_SYSTEMS
    )  # fmt: skip


def _bundle(draws: Draws, owner: str, compute: str, system: str) -> Bundle:
    root, user = _VOLUMES.get(compute, (175, 100))
    public = owner == "AMAZON"
    title = f"{compute.title()} with {system.replace('_', ' ').title()}"
    return Bundle(
        id="wsb-" + draws.text(_BASE36, 9),
        name=title if public else f"corp-{compute.lower()}-{system.lower()}",
        owner=owner,
        compute=compute,
        system=system,
        root=root,
        user=user,
        created=1_640_995_200 + draws.below(500 * 86_400),
        image=None if public else "wsi-" + draws.text(_BASE36, 9),
    )


def as_workspace_bundle(bundle: Bundle) -> dict[str, Any]:
    """The `WorkspaceBundle` structure of the WorkSpaces API; capacities are strings there."""
    answer: dict[str, Any] = {
        "BundleId": bundle.id,
        "Name": bundle.name,
        "Owner": bundle.owner,
        "Description": f"{bundle.name}, {bundle.root} GB root volume",
        "RootStorage": {"Capacity": str(bundle.root)},
        "UserStorage": {"Capacity": str(bundle.user)},
        "ComputeType": {"Name": bundle.compute},
        "CreationTime": bundle.created,
        "LastUpdatedTime": bundle.created,
        "BundleType": "REGULAR",
    }
    if bundle.image is not None:
        answer |= {"ImageId": bundle.image, "State": "AVAILABLE"}
    return answer
