"""The directories of a site: what WorkSpaces and Directory Service each know of them.

In: a `Site`. Out: `Directory` values. One in three is a `wsd-` directory, which Directory Service
does not know; the others are a managed AD, a connector or a simple AD. Odd ones have DEDICATED
tenancy and carry the desktops with the customer's own Windows licences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.ip_groups import ip_groups_of_directory
from aws_standin.fleet.partition import partition_of
from aws_standin.fleet.spec import Site

DirectoryKind = Literal["MicrosoftAD", "ADConnector", "SimpleAD", "Entra"]

_KINDS: tuple[DirectoryKind, ...] = (
    "MicrosoftAD",
    "ADConnector",
    "Entra",
    "MicrosoftAD",
    "SimpleAD",
)
_WORKSPACES_TYPES = {
    # WorkSpaces knows no managed AD: it shows one as SIMPLE_AD.
    "MicrosoftAD": "SIMPLE_AD",
    "SimpleAD": "SIMPLE_AD",
    "ADConnector": "AD_CONNECTOR",
    "Entra": "CUSTOMER_MANAGED",
}
_HEX = "0123456789abcdef"
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory registered with WorkSpaces."""

    account: str
    region: str
    index: int
    id: str
    kind: DirectoryKind
    name: str
    registration_code: str
    subnets: tuple[str, str]
    vpc: str
    security_group: str
    dedicated: bool
    launched: int
    """UTC seconds."""
    ip_groups: tuple[str, ...]
    """Ids of the IP groups it may be reached from; empty for anywhere."""

    @property
    def dns(self) -> list[str]:
        """Addresses of its DNS servers, one in each subnet."""
        return [f"10.{self.index % 200}.{subnet}.10" for subnet in (0, 16)]


def directories_of(site: Site) -> tuple[Directory, ...]:
    """All directories of a site, in a fixed order."""
    return tuple(_directory(site, index) for index in range(site.directories))


def _directory(site: Site, index: int) -> Directory:
    draws = Draws(site.seed, "directory", site.account, site.region, index)
    kind = _KINDS[index % len(_KINDS)]
    entra = kind == "Entra"
    return Directory(
        account=site.account,
        region=site.region,
        index=index,
        id="wsd-" + draws.text(_BASE36, 9) if entra else "d-" + draws.text(_HEX, 10),
        kind=kind,
        name=f"desks{index:02d}.{site.region}.example.com",
        registration_code="WS" + draws.text(_BASE36, 3) + "+" + draws.text(_BASE36, 6).upper(),
        subnets=(f"subnet-{draws.text(_HEX, 17)}", f"subnet-{draws.text(_HEX, 17)}"),
        vpc=f"vpc-{draws.text(_HEX, 17)}",
        security_group=f"sg-{draws.text(_HEX, 17)}",
        dedicated=index % 2 == 1,
        launched=1_640_995_200 + draws.below(90 * 86_400),
        ip_groups=ip_groups_of_directory(site, index),
    )


def as_workspace_directory(directory: Directory) -> dict[str, Any]:
    """The `WorkspaceDirectory` structure of the WorkSpaces API."""
    entra = directory.kind == "Entra"
    answer: dict[str, Any] = {
        "DirectoryId": directory.id,
        "Alias": directory.id,
        "DirectoryName": directory.name,
        "RegistrationCode": directory.registration_code,
        "SubnetIds": list(directory.subnets),
        "IamRoleId": f"arn:{partition_of(directory.region)}:iam::{directory.account}"
        ":role/workspaces_DefaultRole",
        "DirectoryType": _WORKSPACES_TYPES[directory.kind],
        "WorkspaceSecurityGroupId": directory.security_group,
        "State": "REGISTERED",
        "WorkspaceCreationProperties": {
            "EnableInternetAccess": False,
            "UserEnabledAsLocalAdministrator": directory.index % 3 == 0,
            "EnableMaintenanceMode": True,
        },
        "ipGroupIds": list(directory.ip_groups),
        "WorkspaceAccessProperties": {
            **{f"DeviceType{name}": "ALLOW" for name in ("Windows", "Osx", "Ios", "Android")},
            **{f"DeviceType{name}": "DENY" for name in ("Web", "ChromeOs", "ZeroClient", "Linux")},
        },
        "Tenancy": "DEDICATED" if directory.dedicated else "SHARED",
        "SelfservicePermissions": {
            "RestartWorkspace": "ENABLED",
            "IncreaseVolumeSize": "DISABLED",
            "ChangeComputeType": "DISABLED",
            "SwitchRunningMode": "DISABLED",
            "RebuildWorkspace": "DISABLED",
        },
        "SamlProperties": {"Status": "DISABLED"},
        "CertificateBasedAuthProperties": {"Status": "DISABLED"},
        "EndpointEncryptionMode": "STANDARD_TLS",
        "UserIdentityType": "CUSTOMER_MANAGED" if entra else "AWS_DIRECTORY_SERVICE",
        "WorkspaceType": "PERSONAL",
    }
    if not entra:
        answer["DnsIpAddresses"] = directory.dns
        answer["CustomerUserName"] = "Administrator"
    return answer
