"""Taking a reading of what is asked about directories beyond their listing.

In: an account, a region, the directories that were listed. Out: members of `Reading.more`.
"""

from __future__ import annotations

import urllib.error
from typing import Any

from history import Json, Reading
from standin import Account

Rows = list[tuple[str, Json]]


def reading(account: Account, region: str, found: Reading) -> Json:
    """Everything at once."""

    def workspaces(operation: str, rows: str) -> list[Json]:
        return account.pages(region, "workspaces", operation, rows)

    managed = [
        identity
        for identity, one in found.directory_services.items()
        if one["Type"] == "MicrosoftAD"
    ]
    limited = [
        identity
        for identity, one in found.directory_services.items()
        if one["Type"] != "ADConnector"
    ]
    return {
        "ip_groups": workspaces("DescribeIpGroups", "Result"),
        "aliases": workspaces("DescribeConnectionAliases", "ConnectionAliases"),
        "tenancy": account.call(region, "workspaces", "DescribeAccount"),
        "tenancy_modifications": workspaces("DescribeAccountModifications", "AccountModifications"),
        "client_properties": _client_properties(account, region, found),
        "limits": account.call(region, "ds", "GetDirectoryLimits")["DirectoryLimits"],
        "snapshot_limits": {
            one: account.call(region, "ds", "GetSnapshotLimits", DirectoryId=one)["SnapshotLimits"]
            for one in limited
        },
        "parts": _parts(account, region, managed),
    }


def _client_properties(account: Account, region: str, found: Reading) -> Json:
    """One directory at a time: one that is unknown fails the whole call."""
    told = {}
    for one in found.directories:
        identity = one["DirectoryId"]
        try:
            answer = account.call(
                region, "workspaces", "DescribeClientProperties", ResourceIds=[identity]
            )
        except urllib.error.HTTPError:
            continue
        for row in answer["ClientPropertiesList"]:
            told[row["ResourceId"]] = row["ClientProperties"]
    return told


def _parts(account: Account, region: str, managed: list[str]) -> dict[str, Rows]:
    def rows(operation: str, member: str, **params: Any) -> list[Json]:
        return account.pages(region, "ds", operation, member, **params)

    def own(operation: str, member: str) -> Rows:
        return [(one["DirectoryId"], one) for one in rows(operation, member)]

    def of_each(operation: str, member: str) -> Rows:
        return [
            (identity, one)
            for identity in managed
            for one in rows(operation, member, DirectoryId=identity)
        ]

    certificates = [
        (
            identity,
            account.call(
                region,
                "ds",
                "DescribeCertificate",
                DirectoryId=identity,
                CertificateId=one["CertificateId"],
            )["Certificate"],
        )
        for identity, one in of_each("ListCertificates", "CertificatesInfo")
    ]
    return {
        "trust": own("DescribeTrusts", "Trusts"),
        "snapshot": own("DescribeSnapshots", "Snapshots"),
        "log_subscription": own("ListLogSubscriptions", "LogSubscriptions"),
        "domain_controller": of_each("DescribeDomainControllers", "DomainControllers"),
        "ldaps": of_each("DescribeLDAPSSettings", "LDAPSSettingsInfo"),
        "certificate": certificates,
    }
