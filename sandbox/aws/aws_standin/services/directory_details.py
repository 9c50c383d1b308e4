"""Directory Service: what moto does not know of the fleet's directories.

Operations that real AWS offers for a managed AD only are refused for others with
`UnsupportedOperationException`, which a client must take as an answer and not as a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet import directory_details as details
from aws_standin.fleet.directories import Directory
from aws_standin.paging import position, token
from aws_standin.services.call import Call, Operation

MOST = 100
"""Rows of a page where the call sets no limit."""

Row = dict[str, Any]


def describe_domain_controllers(call: Call) -> Row:
    """List a managed AD's domain controllers."""
    rows = details.domain_controllers(_managed(call, "EntityDoesNotExistException"))
    rows = _chosen(call, "DomainControllerIds", "DomainControllerId", rows)
    return _page(call, "DomainControllers", "DomainControllerId", rows)


def describe_trusts(call: Call) -> Row:
    """List the trusts of a managed AD, or of all."""
    rows = _of_one_or_all(call, details.trusts)
    return _page(call, "Trusts", "TrustId", _chosen(call, "TrustIds", "TrustId", rows))


def describe_ldaps_settings(call: Call) -> Row:
    """Tell whether a managed AD speaks LDAPS."""
    directory = _managed(call, "DirectoryDoesNotExistException")
    return _page(call, "LDAPSSettingsInfo", "LDAPSStatus", details.ldaps_settings(directory))


def describe_snapshots(call: Call) -> Row:
    """List the snapshots of a directory, or of all."""
    if "DirectoryId" in call.params:
        directory = _directory(call, "EntityDoesNotExistException")
        if directory.kind == "ADConnector":
            raise AwsError("ClientException", "AD Connector directories have no snapshots.")
        rows = details.snapshots(directory, call.now)
    else:
        rows = [row for one in _directories(call) for row in details.snapshots(one, call.now)]
    return _page(call, "Snapshots", "SnapshotId", _chosen(call, "SnapshotIds", "SnapshotId", rows))


def get_snapshot_limits(call: Call) -> Row:
    """Tell how many snapshots somebody may take of a directory, and how many there are."""
    directory = _directory(call, "EntityDoesNotExistException")
    if directory.kind == "ADConnector":
        raise AwsError("ClientException", "AD Connector directories have no snapshots.")
    taken = sum(row["Type"] == "Manual" for row in details.snapshots(directory, call.now))
    return {
        "SnapshotLimits": {
            "ManualSnapshotsLimit": details.MANUAL_SNAPSHOTS,
            "ManualSnapshotsCurrentCount": taken,
            "ManualSnapshotsLimitReached": taken >= details.MANUAL_SNAPSHOTS,
        }
    }


def list_certificates(call: Call) -> Row:
    """List a managed AD's certificates, in short."""
    shown = ("CertificateId", "CommonName", "State", "ExpiryDateTime", "Type")
    rows = [
        {name: row[name] for name in shown}
        for row in details.certificates(_managed(call, "DirectoryDoesNotExistException"))
    ]
    return _page(call, "CertificatesInfo", "CertificateId", rows)


def describe_certificate(call: Call) -> Row:
    """Show one certificate."""
    wanted = call.params["CertificateId"]
    for row in details.certificates(_managed(call, "DirectoryDoesNotExistException")):
        if row["CertificateId"] == wanted:
            return {"Certificate": row}
    raise AwsError("CertificateDoesNotExistException", f"Certificate {wanted} does not exist.")


def list_log_subscriptions(call: Call) -> Row:
    """List where a managed AD, or all of them, send their logs."""
    rows = _of_one_or_all(call, details.log_subscriptions)
    return _page(call, "LogSubscriptions", "DirectoryId", rows)


def describe_directory_data_access(call: Call) -> Row:
    """Tell whether a managed AD's users can be read through Directory Service Data."""
    directory = _managed(call, "DirectoryDoesNotExistException")
    return {
        "DataAccessStatus": "Enabled" if details.has_data_access(directory) else "Disabled",
    }


def _directories(call: Call) -> list[Directory]:
    return [one for one in call.fleet.directories if one.kind != "Entra"]


def _directory(call: Call, unknown: str) -> Directory:
    """The directory that is asked for; `unknown` is the error where there is none."""
    identity = call.params["DirectoryId"]
    for directory in _directories(call):
        if directory.id == identity:
            return directory
    raise AwsError(unknown, f"Directory {identity} does not exist.")


def _managed(call: Call, unknown: str) -> Directory:
    directory = _directory(call, unknown)
    if directory.kind != "MicrosoftAD":
        raise AwsError(
            "UnsupportedOperationException",
            f"{call.request.name} is not supported for directories of type {directory.kind}.",
        )
    return directory


def _of_one_or_all(call: Call, tell: Callable[[Directory], list[Row]]) -> list[Row]:
    if "DirectoryId" in call.params:
        return tell(_managed(call, "EntityDoesNotExistException"))
    return [row for one in _directories(call) for row in tell(one)]


def _chosen(call: Call, member: str, key: str, rows: list[Row]) -> list[Row]:
    """Those rows whose ids are asked for, or all."""
    wanted = call.params.get(member)
    if not wanted:
        return rows
    unknown = sorted(set(wanted) - {row[key] for row in rows})
    if unknown:
        raise AwsError("EntityDoesNotExistException", f"{', '.join(unknown)} does not exist.")
    return [row for row in rows if row[key] in wanted]


def _page(call: Call, member: str, key: str, rows: list[Row]) -> Row:
    digest, limit = call.digest(), call.params.get("Limit") or MOST
    after = position(call.params, digest, code="InvalidNextTokenException")
    left = sorted((row for row in rows if row[key] > after), key=lambda row: str(row[key]))
    answer: Row = {member: left[:limit]}
    if len(left) > limit:
        answer["NextToken"] = token(left[limit - 1][key], digest)
    return answer


OPERATIONS: dict[str, Operation] = {
    "DescribeDomainControllers": describe_domain_controllers,
    "DescribeTrusts": describe_trusts,
    "DescribeLDAPSSettings": describe_ldaps_settings,
    "DescribeSnapshots": describe_snapshots,
    "GetSnapshotLimits": get_snapshot_limits,
    "ListCertificates": list_certificates,
    "DescribeCertificate": describe_certificate,
    "ListLogSubscriptions": list_log_subscriptions,
    "DescribeDirectoryDataAccess": describe_directory_data_access,
}
"""What is answered here and not by moto."""
