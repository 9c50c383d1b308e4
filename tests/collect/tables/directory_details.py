"""What is known of directories beyond their listing: who may reach them, and how well they are.

Two kinds of reading: what every listing of directories tells (`directory_version`,
`directory_ip_group`), and details that are asked for again only after hours, or on request.
"""

from __future__ import annotations

from collections.abc import Iterator

from compare import Expected, Table
from expectation import Within
from history import History, Json, Reading, Site
from standin import instant
from tables.spans import Shown, numbered, of, spans
from tables.surroundings import directory_row, rarely_read
from words import camel, moment, text, word

_PLACE = ("account_id", "region")
_DIRECTIONS = {
    "One-Way: Incoming": "incoming",
    "One-Way: Outgoing": "outgoing",
    "Two-Way": "two_way",
}
_OF_REGION = (
    "ip_groups",
    "connection_aliases",
    "account_tenancy",
    "directory_limits",
    "client_properties",
    "trusts",
    "snapshots",
    "log_subscriptions",
)
_OF_MANAGED = ("domain_controllers", "ldaps", "certificates")


def _groups(_site: Site, reading: Reading) -> Shown:
    return {
        (group["groupId"], rule["ipRule"]): {"description": text(rule.get("ruleDesc"))}
        for group in reading.more["ip_groups"]
        for rule in group.get("userRules", [])
    }


def _used_groups(_site: Site, reading: Reading) -> Shown:
    return {
        (one["DirectoryId"], group): {}
        for one in reading.directories
        for group in one.get("ipGroupIds", [])
    }


def _versions(_site: Site, reading: Reading) -> Shown:
    kept = (
        "state",
        "service_stage",
        "endpoint_encryption_mode",
        "saml_status",
        "certificate_auth_status",
        "internet_access",
        "local_administrator",
        "self_service",
        "device_access",
    )
    rows = ((one["DirectoryId"], directory_row(one, reading)) for one in reading.directories)
    return {(identity,): {name: row[name] for name in kept} for identity, row in rows}


def _targets(_site: Site, reading: Reading) -> Shown:
    return {
        (alias["AliasId"], target["ResourceId"]): {
            "status": word(target.get("AssociationStatus")),
            "target_account_id": text(target.get("AssociatedAccountId")),
            "connection_identifier": text(target.get("ConnectionIdentifier")),
        }
        for alias in reading.more["aliases"]
        for target in alias.get("Associations", [])
    }


def _parts(_site: Site, reading: Reading) -> Shown:
    return {
        (directory, kind, identity): part
        for kind, rows in reading.more["parts"].items()
        for directory, row in rows
        for identity, part in (_PARTS[kind](row),)
    }


def _part(
    name: str | None = None,
    state: str | None = None,
    reason: str | None = None,
    *,
    times: tuple[float | None, float | None, float | None] = (None, None, None),
    details: Json | None = None,
) -> Json:
    """The columns of a part; `times` are since when it is so, when it was made and when it ends."""
    told = {key: value for key, value in (details or {}).items() if value}
    return {
        "name": text(name),
        "state": camel(state),
        "state_reason": text(reason),
        "state_since": moment(times[0]),
        "created_at": moment(times[1]),
        "expires_at": moment(times[2]),
        "details": told,
    }


def _controller(row: Json) -> tuple[str, Json]:
    details = {
        "availability_zone": row.get("AvailabilityZone"),
        "ipv6_address": row.get("DnsIpv6Addr"),
        "subnet_id": row.get("SubnetId"),
        "vpc_id": row.get("VpcId"),
    }
    times = row.get("StatusLastUpdatedDateTime"), row.get("LaunchTime"), None
    return row["DomainControllerId"], _part(
        row.get("DnsIpAddr"),
        row.get("Status"),
        row.get("StatusReason"),
        times=times,
        details=details,
    )


def _trust(row: Json) -> tuple[str, Json]:
    details = {
        "direction": _DIRECTIONS[row["TrustDirection"]],
        "selective_authentication": row.get("SelectiveAuth", "").lower(),
        "type": row.get("TrustType", "").lower(),
    }
    times = row.get("StateLastUpdatedDateTime"), row.get("CreatedDateTime"), None
    reason = row.get("TrustStateReason")
    name, state = row.get("RemoteDomainName"), row.get("TrustState")
    return row["TrustId"], _part(name, state, reason, times=times, details=details)


def _ldaps(row: Json) -> tuple[str, Json]:
    times = row.get("LastUpdatedDateTime"), None, None
    state, reason = row.get("LDAPSStatus"), row.get("LDAPSStatusReason")
    return "client", _part(None, state, reason, times=times)


def _snapshot(row: Json) -> tuple[str, Json]:
    times = None, row.get("StartTime"), None
    details = {"type": row.get("Type", "").lower()}
    return row["SnapshotId"], _part(
        row.get("Name"), row.get("Status"), times=times, details=details
    )


def _certificate(row: Json) -> tuple[str, Json]:
    times = None, row.get("RegisteredDateTime"), row.get("ExpiryDateTime")
    name, state, reason = row.get("CommonName"), row.get("State"), row.get("StateReason")
    details = {"type": row.get("Type")}
    return row["CertificateId"], _part(name, state, reason, times=times, details=details)


def _subscription(row: Json) -> tuple[str, Json]:
    return row["LogGroupName"], _part(times=(None, row.get("SubscriptionCreatedDateTime"), None))


_PARTS = {
    "domain_controller": _controller,
    "trust": _trust,
    "ldaps": _ldaps,
    "snapshot": _snapshot,
    "certificate": _certificate,
    "log_subscription": _subscription,
}


def _listed(history: History, kind: str, key: str) -> Iterator[tuple[Site, Json, Json]]:
    """Rows of a listing as last read: site, the row, and when it was first and last read."""
    for site in history.sites:
        found: dict[str, tuple[Json, Json]] = {}
        for _, reading, window in rarely_read(history, site):
            for one in reading.more[kind]:
                first = found[one[key]][1]["first_seen_at"] if one[key] in found else Within(window)
                seen = {"first_seen_at": first, "last_read_at": Within(window), "gone_at": None}
                found[one[key]] = one, seen
        for one, seen in found.values():
            yield site, one, seen


def groups(history: History) -> Expected:
    """IP groups."""
    return {
        (site.account, site.region, one["groupId"]): {
            "name": text(one.get("groupName")),
            "description": text(one.get("groupDesc")),
            **seen,
        }
        for site, one, seen in _listed(history, "ip_groups", "groupId")
    }


def aliases(history: History) -> Expected:
    """Connection aliases."""
    return {
        (site.account, site.region, one["AliasId"]): {
            "connection_string": text(one.get("ConnectionString")),
            "state": word(one.get("State")),
            "owner_account_id": text(one.get("OwnerAccountId")),
            **seen,
        }
        for site, one, seen in _listed(history, "aliases", "AliasId")
    }


def settings(history: History) -> Expected:
    """What holds for each region as a whole."""
    rows: Expected = {}
    for site in history.sites:
        for _, reading, _ in rarely_read(history, site):
            account, limits = reading.more["tenancy"], reading.more["limits"]
            rows[site.account, site.region] = {
                "tenancy_support": word(account.get("DedicatedTenancySupport")),
                "tenancy_management_range": text(
                    account.get("DedicatedTenancyManagementCidrRange")
                ),
                "tenancy_account_type": word(account.get("DedicatedTenancyAccountType")),
                "tenancy_modifications": [
                    {
                        "state": word(one.get("ModificationState")),
                        "support": word(one.get("DedicatedTenancySupport")),
                        "started_at": _instant(one.get("StartTime")),
                        "error": one.get("ErrorMessage") or one.get("ErrorCode"),
                    }
                    for one in reading.more["tenancy_modifications"]
                ],
                "simple_directories_limit": limits.get("CloudOnlyDirectoriesLimit"),
                "simple_directories": limits.get("CloudOnlyDirectoriesCurrentCount"),
                "microsoft_directories_limit": limits.get("CloudOnlyMicrosoftADLimit"),
                "microsoft_directories": limits.get("CloudOnlyMicrosoftADCurrentCount"),
                "connected_directories_limit": limits.get("ConnectedDirectoriesLimit"),
                "connected_directories": limits.get("ConnectedDirectoriesCurrentCount"),
            }
    return rows


def _instant(seconds: float | None) -> str | None:
    return None if seconds is None else instant(seconds)


def readings(history: History) -> Expected:
    """What was asked for, when, and what came of it: here everything could be read."""
    rows: Expected = {}
    for site in history.sites:
        for _, reading, window in rarely_read(history, site):
            read = {
                "outcome": "read",
                "reason": None,
                "read_at": Within(window),
                "told_at": Within(window),
            }
            place = (site.account, site.region)
            for detail in _OF_REGION:
                rows[*place, None, detail] = read
            for identity, one in reading.directory_services.items():
                details = _OF_MANAGED if one["Type"] == "MicrosoftAD" else ()
                limits = () if one["Type"] == "ADConnector" else ("snapshot_limits",)
                for detail in (*details, *limits):
                    rows[*place, identity, detail] = read
        for _, reading, window in history.readings(site, "Leavers"):
            for identity, outcome in reading.more["data_access"].items():
                rows[site.account, site.region, identity, "users"] = {
                    "outcome": outcome,
                    "reason": None,
                    "read_at": Within(window),
                    "told_at": Within(window) if outcome == "read" else None,
                }
    return rows


_RULE = (*_PLACE, "group_id", "ip_range")
_USE = (*_PLACE, "directory_id", "group_id")
_DIRECTORY = (*_PLACE, "directory_id")
_TARGET = (*_PLACE, "alias_id", "directory_id")
_PART = (*_PLACE, "directory_id", "kind", "part_id")

TABLES = (
    Table("ip_group", (*_PLACE, "group_id"), groups, spoil="name = 'spoilt'"),
    Table(
        "ip_group_rule",
        (*_RULE, "number"),
        lambda history: spans(history, _groups, rarely_read),
        spoil="description = 'spoilt'",
        select=numbered("ip_group_rule", _RULE),
    ),
    Table(
        "directory_ip_group",
        (*_USE, "number"),
        lambda history: spans(history, _used_groups, of("Directories")),
        spoil="valid_to = '2031-01-01'",
        select=numbered("directory_ip_group", _USE),
    ),
    Table(
        "directory_version",
        (*_DIRECTORY, "number"),
        lambda history: spans(history, _versions, of("Directories")),
        spoil="internet_access = true",
        select=numbered("directory_version", _DIRECTORY),
    ),
    Table("connection_alias", (*_PLACE, "alias_id"), aliases, spoil="connection_string = 'spoilt'"),
    Table(
        "connection_alias_target",
        (*_TARGET, "number"),
        lambda history: spans(history, _targets, rarely_read),
        spoil="connection_identifier = 'spoilt'",
        select=numbered("connection_alias_target", _TARGET),
    ),
    Table(
        "directory_part",
        (*_PART, "number"),
        lambda history: spans(history, _parts, rarely_read),
        spoil="state = 'spoilt'",
        select=numbered("directory_part", _PART),
    ),
    Table("region_setting", _PLACE, settings, spoil="connected_directories_limit = 77"),
    Table(
        "directory_reading",
        (*_DIRECTORY, "detail"),
        readings,
        spoil="outcome = 'not_supported'",
    ),
)
