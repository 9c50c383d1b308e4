"""Directory Service over the fleet's directories: as moto has it, or as `directory_details` does.

Before a call, the fleet's `d-` directories stand in moto's backend of the account and region;
paging, filters and errors are then moto's. `wsd-` directories are unknown here, as in AWS.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

from moto.ds.models import Directory as MotoDirectory
from moto.ds.models import ds_backends
from moto.ds.responses import DirectoryServiceResponse

from aws_standin.fleet.directories import Directory
from aws_standin.fleet.directory_details import radius_settings
from aws_standin.services.call import Call, Operation
from aws_standin.services.directory_details import OPERATIONS
from aws_standin.services.moto_bridge import ask_moto, moto_serves

_LOCK = threading.Lock()


class _FleetDirectory(MotoDirectory):  # type: ignore[misc]  # moto is seen as untyped
    """A directory that came with the fleet, so that moto need not create networks for it."""

    def __init__(self, directory: Directory) -> None:
        self.account_id = directory.account
        self.region = directory.region
        self.name = directory.name
        self.password = ""
        self.directory_type = directory.kind
        self.directory_id = directory.id
        self.short_name = f"DESKS{directory.index:02d}"
        self.description = None
        self.size = None if directory.kind == "MicrosoftAD" else "Small"
        self.edition = "Standard" if directory.kind == "MicrosoftAD" else None
        self.access_url = f"{directory.id}.awsapps.com"
        self.alias = directory.id
        self.sso_enabled = False
        self.stage = "Active"
        self.dns_ip_addrs = directory.dns
        self.desired_number_of_domain_controllers = 2 if directory.kind == "MicrosoftAD" else 0
        self.launch_time = datetime.fromtimestamp(directory.launched, UTC).replace(tzinfo=None)
        self.stage_last_updated_date_time = self.launch_time
        self.security_group_id = directory.security_group
        self.eni_ids: list[str] = []
        self.subnet_ips = directory.dns
        self.ldaps_settings_info: list[Any] = []
        self.trusts: list[Any] = []
        self.settings: list[Any] = []
        self.radius_settings = radius_settings(directory)
        self.radius_status = "Completed" if self.radius_settings else None
        self._place(directory)

    def _place(self, directory: Directory) -> None:
        zones = [f"{directory.region}a", f"{directory.region}b"]
        place: dict[str, Any] = {
            "VpcId": directory.vpc,
            "SubnetIds": list(directory.subnets),
            "SecurityGroupId": directory.security_group,
            "AvailabilityZones": zones,
        }
        connector = directory.kind == "ADConnector"
        self.vpc_settings = None if connector else place
        self.connect_settings = (
            {**place, "CustomerUserName": "connector", "ConnectIps": directory.dns}
            if connector
            else None
        )


def operation(name: str) -> Operation | None:
    """The operation of this name: ours, or else moto's."""
    own = OPERATIONS.get(name)
    if own is not None:
        return own
    return _ask if moto_serves(DirectoryServiceResponse, name) else None


def _ask(call: Call) -> dict[str, Any]:
    _place_fleet(call)
    return ask_moto(call)


def _place_fleet(call: Call) -> None:
    """Put the fleet's directories into moto once; a new fleet replaces those of an older one."""
    wanted = {d.id: d for d in call.fleet.directories if d.kind != "Entra"}
    with _LOCK:
        known = ds_backends[call.identity.account][call.request.region].directories
        for stale in [i for i, d in known.items() if isinstance(d, _FleetDirectory)]:
            if stale not in wanted:
                del known[stale]
        for identity, directory in wanted.items():
            if identity not in known:
                known[identity] = _FleetDirectory(directory)
