"""Images: those that an account's own bundles were made of, and those that others share.

In: a `Site`. Out: the API's `WorkspaceImage` structures. Some have an update waiting, one import
has failed, as administrators want to see.
"""

from __future__ import annotations

from typing import Any

from aws_standin.fleet.bundles import BYOL_SYSTEMS, own_bundles
from aws_standin.fleet.draws import Draws
from aws_standin.fleet.spec import Site

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_SHARING_ACCOUNT = "999999999999"
_FAILED_CHECKS = (
    ("PendingReboot", "A restart of the machine is pending."),
    ("AutoLogonEnabled", "Automatic logon is enabled."),
)


def owned_images(site: Site) -> list[dict[str, Any]]:
    """The account's own images; none where it has no directories."""
    if not site.directories:
        return []
    images = [
        _image(site, bundle.image or "", bundle.name, bundle.system, bundle.created)
        for bundle in own_bundles(site)
    ]
    return [*images, _failed(site)]


def shared_images(site: Site) -> list[dict[str, Any]]:
    """Images of another account that may be used here."""
    if not site.directories:
        return []
    identity = _identity(site, "shared")
    shared = _image(site, identity, "group-windows-base", "WINDOWS_SERVER_2022", 1_700_000_000)
    return [{**shared, "OwnerAccountId": _SHARING_ACCOUNT}]


def _image(site: Site, identity: str, name: str, system: str, created: int) -> dict[str, Any]:
    outdated = Draws(site.seed, "image", identity).chance(0.3)
    updates: dict[str, Any] = {"UpdateAvailable": outdated}
    if outdated:
        updates["Description"] = "Newer drivers and agents are available."
    return {
        "ImageId": identity,
        "Name": f"{name}-image",
        "Description": f"Image of {name}",
        "OperatingSystem": {"Type": "WINDOWS" if system.startswith("WINDOWS") else "LINUX"},
        "State": "AVAILABLE",
        "RequiredTenancy": "DEDICATED" if system in BYOL_SYSTEMS else "DEFAULT",
        "Created": created,
        "OwnerAccountId": site.account,
        "Updates": updates,
    }


def _failed(site: Site) -> dict[str, Any]:
    return {
        "ImageId": _identity(site, "failed"),
        "Name": "import-of-windows-11",
        "OperatingSystem": {"Type": "WINDOWS"},
        "State": "ERROR",
        "RequiredTenancy": "DEDICATED",
        "Created": 1_760_000_000,
        "OwnerAccountId": site.account,
        "ErrorCode": "ImageImportFailed",
        "ErrorMessage": "The image did not pass the checks of its import.",
        "ErrorDetails": [
            {"ErrorCode": code, "ErrorMessage": text} for code, text in _FAILED_CHECKS
        ],
    }


def _identity(site: Site, which: str) -> str:
    draws = Draws(site.seed, "image-id", site.account, site.region, which)
    return "wsi-" + draws.text(_BASE36, 9)
