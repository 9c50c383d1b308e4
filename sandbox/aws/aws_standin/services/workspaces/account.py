"""What belongs to an account and region as a whole: tenancy, aliases, settings of clients."""

from __future__ import annotations

from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.draws import Draws
from aws_standin.services.call import Call
from aws_standin.services.workspaces.pages import PAGE, page_of

_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_MANAGEMENT = "172.31.0.0/16"
_ENABLED_AT = 1_640_995_200
"""UTC seconds at which dedicated tenancy was enabled, where it is."""


def describe_account(call: Call) -> dict[str, Any]:
    """Whether the account may bring its own licences."""
    if not _dedicated(call):
        return {"DedicatedTenancySupport": "DISABLED"}
    return {
        "DedicatedTenancySupport": "ENABLED",
        "DedicatedTenancyManagementCidrRange": _MANAGEMENT,
        "DedicatedTenancyAccountType": "SOURCE_ACCOUNT",
    }


def describe_account_modifications(call: Call) -> dict[str, Any]:
    """How dedicated tenancy came to be enabled."""
    if not _dedicated(call):
        return {"AccountModifications": []}
    return {
        "AccountModifications": [
            {
                "ModificationState": "COMPLETED",
                "DedicatedTenancySupport": "ENABLED",
                "DedicatedTenancyManagementCidrRange": _MANAGEMENT,
                "StartTime": _ENABLED_AT,
            }
        ]
    }


def describe_connection_aliases(call: Call) -> dict[str, Any]:
    """The names under which users reach their directory; one here, for the first directory."""
    params = call.params
    rows = _aliases(call)
    if "AliasIds" in params:
        rows = [row for row in rows if row["AliasId"] in params["AliasIds"]]
    if "ResourceId" in params:
        wanted = params["ResourceId"]
        rows = [
            row
            for row in rows
            if any(one.get("ResourceId") == wanted for one in row["Associations"])
        ]
    return page_of(call, "ConnectionAliases", "AliasId", rows, params.get("Limit", PAGE))


def describe_client_properties(call: Call) -> dict[str, Any]:
    """What clients may do in the directories asked for."""
    known = {directory.id: directory for directory in call.fleet.directories}
    rows = []
    for identity in call.params["ResourceIds"]:
        directory = known.get(identity)
        if directory is None:
            raise AwsError("ResourceNotFoundException", f"{identity} was not found.")
        states = ("ENABLED", "DISABLED")
        properties = {
            "ReconnectEnabled": states[directory.index % 2],
            "LogUploadEnabled": states[directory.index // 2 % 2],
        }
        rows.append({"ResourceId": identity, "ClientProperties": properties})
    return {"ClientPropertiesList": rows}


def _dedicated(call: Call) -> bool:
    return any(directory.dedicated for directory in call.fleet.directories)


def _aliases(call: Call) -> list[dict[str, Any]]:
    site = call.fleet.site
    if not call.fleet.directories:
        return []
    draws = Draws(site.seed, "alias", site.account, site.region)
    association = {
        "AssociationStatus": "ASSOCIATED_WITH_OWNER_ACCOUNT",
        "AssociatedAccountId": site.account,
        "ResourceId": call.fleet.directories[0].id,
        "ConnectionIdentifier": draws.text(_DIGITS, 12),
    }
    return [
        {
            "ConnectionString": f"desks.{site.region}.example.com",
            "AliasId": "wsca-" + draws.text(_BASE36, 9),
            "State": "CREATED",
            "OwnerAccountId": site.account,
            "Associations": [association],
        }
    ]
