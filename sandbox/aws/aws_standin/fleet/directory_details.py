"""What Directory Service knows of a directory beyond its description.

In: a `Directory`, as `directories` makes it. Out: JSON-ready structures of the ds API. Only a
managed AD has domain controllers, trusts, LDAPS, certificates and log subscriptions of AWS's; a
connector is not even snapshotted. Times are UTC seconds.
"""

from __future__ import annotations

from typing import Any

from aws_standin.fleet.directories import Directory
from aws_standin.fleet.draws import Draws

DAY = 86_400
_HEX = "0123456789abcdef"
_KEPT_SNAPSHOTS = 5
MANUAL_SNAPSHOTS = 5
"""How many snapshots somebody may take of one directory."""
_CERTIFICATE_DAYS = (20, 400)
"""Days of validity left at `_DECEMBER`, fewest and most."""
_DECEMBER = 1_764_547_200


def domain_controllers(directory: Directory) -> list[dict[str, Any]]:
    """The controllers of a managed AD, one in each subnet."""
    zones = ("a", "b")
    return [
        {
            "DirectoryId": directory.id,
            "DomainControllerId": "dc-" + _draws(directory, "controller", index).text(_HEX, 10),
            "DnsIpAddr": address,
            "VpcId": directory.vpc,
            "SubnetId": subnet,
            "AvailabilityZone": directory.region + zone,
            "Status": "Impaired" if _is_impaired(directory, index) else "Active",
            "LaunchTime": directory.launched,
            "StatusLastUpdatedDateTime": directory.launched + 1800,
        }
        for index, (address, subnet, zone) in enumerate(
            zip(directory.dns, directory.subnets, zones, strict=True)
        )
    ]


def trusts(directory: Directory) -> list[dict[str, Any]]:
    """Trusts of a managed AD: every other one trusts the forest of a head office."""
    if directory.kind != "MicrosoftAD" or directory.index % 2:
        return []
    draws = _draws(directory, "trust")
    failed = draws.chance(0.2)
    trust = {
        "DirectoryId": directory.id,
        "TrustId": "t-" + draws.text(_HEX, 10),
        "RemoteDomainName": "corp.example.com",
        "TrustType": "Forest",
        "TrustDirection": "One-Way: Outgoing",
        "TrustState": "VerifyFailed" if failed else "Verified",
        "CreatedDateTime": directory.launched + DAY,
        "LastUpdatedDateTime": directory.launched + DAY,
        "StateLastUpdatedDateTime": directory.launched + 2 * DAY,
        "SelectiveAuth": "Disabled",
    }
    if failed:
        trust["TrustStateReason"] = "The domain controllers of the remote domain do not answer."
    return [trust]


def ldaps_settings(directory: Directory) -> list[dict[str, Any]]:
    """Whether a managed AD speaks LDAPS."""
    return [
        {
            "LDAPSStatus": "Enabled" if certificates(directory) else "Disabled",
            "LastUpdatedDateTime": directory.launched + 3 * DAY,
        }
    ]


def certificates(directory: Directory) -> list[dict[str, Any]]:
    """Certificates of a managed AD, as DescribeCertificate shows them."""
    if directory.index % 5:
        return []
    found = []
    for index, kind in enumerate(("ClientLDAPS", "ClientCertAuth")):
        draws = _draws(directory, "certificate", index)
        found.append(
            {
                "CertificateId": "c-" + draws.text(_HEX, 10),
                "State": "Registered",
                "CommonName": f"ca{index}.{directory.name}",
                "RegisteredDateTime": directory.launched + 3 * DAY,
                "ExpiryDateTime": _DECEMBER + draws.between(*_CERTIFICATE_DAYS) * DAY,
                "Type": kind,
            }
        )
    return sorted(found, key=lambda one: str(one["CertificateId"]))


def log_subscriptions(directory: Directory) -> list[dict[str, Any]]:
    """Where a managed AD sends its security log."""
    if directory.kind != "MicrosoftAD" or directory.index % 2:
        return []
    return [
        {
            "DirectoryId": directory.id,
            "LogGroupName": f"/aws/directoryservice/{directory.id}",
            "SubscriptionCreatedDateTime": directory.launched + 4 * DAY,
        }
    ]


def snapshots(directory: Directory, now: int) -> list[dict[str, Any]]:
    """The daily snapshots that are kept, and one that somebody took; a connector has none."""
    if directory.kind not in {"MicrosoftAD", "SimpleAD"}:
        return []
    hour = _draws(directory, "snapshot-hour").below(DAY)
    latest = now - (now - hour) % DAY
    times = [latest - age * DAY for age in range(_KEPT_SNAPSHOTS)]
    rows = [_snapshot(directory, "Auto", None, at) for at in times if at > directory.launched]
    return [*rows, _snapshot(directory, "Manual", "before the migration", directory.launched + DAY)]


def radius_settings(directory: Directory) -> dict[str, Any] | None:
    """How a connector checks a second factor. The secret is a canary: no client may keep it."""
    if directory.kind != "ADConnector":
        return None
    return {
        "RadiusServers": [f"10.{directory.index % 200}.32.10"],
        "RadiusPort": 1812,
        "RadiusTimeout": 20,
        "RadiusRetries": 3,
        "SharedSecret": f"canary-radius-secret-{directory.id}",
        "AuthenticationProtocol": "PAP",
        "DisplayLabel": "Token",
        "UseSameUsername": True,
    }


def has_data_access(directory: Directory) -> bool:
    """Whether users of a managed AD can be read through Directory Service Data."""
    return directory.kind == "MicrosoftAD" and directory.index % 5 == 0


def _snapshot(directory: Directory, kind: str, name: str | None, at: int) -> dict[str, Any]:
    row: dict[str, Any] = {
        "DirectoryId": directory.id,
        "SnapshotId": "s-" + _draws(directory, "snapshot", kind, at).text(_HEX, 10),
        "Type": kind,
        "Status": "Completed",
        "StartTime": at,
    }
    return row if name is None else {**row, "Name": name}


def _is_impaired(directory: Directory, index: int) -> bool:
    return _draws(directory, "impaired", index).chance(0.03)


def _draws(directory: Directory, *purpose: object) -> Draws:
    return Draws("ds", directory.id, *purpose)
