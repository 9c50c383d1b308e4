"""What stands around desktops: `account`, `directory`, `bundle`."""

from __future__ import annotations

from compare import Expected, Table
from expectation import Within
from history import History, Json, Reading, Site, Sync, Window
from words import moment, service_word, text, word

_SWITCHES = {
    "restart_workspace": "RestartWorkspace",
    "increase_volume_size": "IncreaseVolumeSize",
    "change_compute_type": "ChangeComputeType",
    "switch_running_mode": "SwitchRunningMode",
    "rebuild_workspace": "RebuildWorkspace",
}
_DEVICES = {
    "windows": "DeviceTypeWindows",
    "osx": "DeviceTypeOsx",
    "web": "DeviceTypeWeb",
    "ios": "DeviceTypeIos",
    "android": "DeviceTypeAndroid",
    "chrome_os": "DeviceTypeChromeOs",
    "zero_client": "DeviceTypeZeroClient",
    "linux": "DeviceTypeLinux",
    "thin_client": "DeviceTypeWorkSpacesThinClient",
}


def accounts(history: History) -> Expected:
    """Every account that proved itself."""
    return {
        (account,): {
            "object_namespace": "deskfleet",
            "object_name": f"account-{account}",
            "partition": "aws",
            "first_seen_at": Within(windows[0]),
            "last_verified_at": Within(windows[-1]),
        }
        for account in history.accounts
        for windows in (
            [sync.runs[account].window for sync in history.syncs if account in sync.runs],
        )
    }


def directories(history: History) -> Expected:
    """Every directory, as both services know it."""
    rows: Expected = {}
    for site in history.sites:
        details: dict[str, Json] = {}
        for _, reading, _ in rarely_read(history, site):
            details |= {
                one["DirectoryId"]: _of_details(one, reading) for one in reading.directories
            }
        for _, reading, window in history.readings(site, "Directories"):
            for one in reading.directories:
                key = (site.account, site.region, one["DirectoryId"])
                first = rows[key]["first_seen_at"] if key in rows else Within(window)
                rows[key] = {
                    **directory_row(one, reading),
                    **details[one["DirectoryId"]],
                    "first_seen_at": first,
                    "last_read_at": Within(window),
                    "gone_at": None,
                }
    return rows


def directory_row(one: Json, reading: Reading) -> Json:
    """The columns that a listing tells."""
    return {**_directory(one), **_service(reading.directory_services.get(one["DirectoryId"]))}


def _of_details(one: Json, reading: Reading) -> Json:
    """The columns that calls of their own tell."""
    client = reading.more["client_properties"].get(one["DirectoryId"], {})
    limits = reading.more["snapshot_limits"].get(one["DirectoryId"], {})
    return {
        "client_reconnect": word(client.get("ReconnectEnabled")),
        "client_log_upload": word(client.get("LogUploadEnabled")),
        "manual_snapshots_limit": limits.get("ManualSnapshotsLimit"),
        "manual_snapshots": limits.get("ManualSnapshotsCurrentCount"),
    }


def _directory(one: Json) -> Json:
    created = one.get("WorkspaceCreationProperties", {})
    certificates = one.get("CertificateBasedAuthProperties", {})
    return {
        "name": text(one.get("DirectoryName")) or text(one.get("WorkspaceDirectoryName")),
        "alias": text(one.get("Alias")),
        "type": word(one.get("DirectoryType")),
        "state": word(one.get("State")),
        "error_message": text(one.get("ErrorMessage")),
        "workspace_type": word(one.get("WorkspaceType")),
        "user_identity_type": word(one.get("UserIdentityType")),
        "tenancy": word(one.get("Tenancy")),
        "customer_user_name": text(one.get("CustomerUserName")),
        "iam_role_id": text(one.get("IamRoleId")),
        "security_group_id": text(one.get("WorkspaceSecurityGroupId")),
        "subnet_ids": one.get("SubnetIds"),
        "dns_addresses": one.get("DnsIpAddresses"),
        "ip_group_ids": one.get("ipGroupIds"),
        "endpoint_encryption_mode": word(one.get("EndpointEncryptionMode")),
        "saml_status": word(one.get("SamlProperties", {}).get("Status")),
        "certificate_auth_status": word(certificates.get("Status")),
        "maintenance_mode": created.get("EnableMaintenanceMode"),
        "internet_access": created.get("EnableInternetAccess"),
        "local_administrator": created.get("UserEnabledAsLocalAdministrator"),
        "default_ou": text(created.get("DefaultOu")),
        "self_service": _told(one.get("SelfservicePermissions"), _SWITCHES),
        "device_access": _told(one.get("WorkspaceAccessProperties"), _DEVICES),
    }


def _told(answer: Json | None, names: dict[str, str]) -> Json | None:
    if answer is None:
        return None
    return {ours: word(answer[theirs]) for ours, theirs in names.items() if theirs in answer}


def _service(one: Json | None) -> Json:
    one = one or {}
    place = one.get("VpcSettings") or one.get("ConnectSettings") or {}
    return {
        "service_type": service_word(one.get("Type")),
        "service_stage": service_word(one.get("Stage")),
        "service_size": service_word(one.get("Size")),
        "service_edition": service_word(one.get("Edition")),
        "vpc_id": text(place.get("VpcId")),
        "launched_at": moment(one.get("LaunchTime")),
    }


def rarely_read(history: History, site: Site) -> list[tuple[Sync, Reading, Window]]:
    """The syncs that read what is kept for hours: by the clock not when it was just read."""
    read: list[tuple[Sync, Reading, Window]] = []
    for sync, reading, window in history.readings(site, "Bundles"):
        if not read or sync.runs[site.account].trigger == "request":
            read.append((sync, reading, window))
    return read


def bundles(history: History) -> Expected:
    """The account's own bundles and Amazon's."""
    rows: Expected = {}
    for site in history.sites:
        for _, reading, window in rarely_read(history, site):
            for identity, one in reading.bundles.items():
                key = (site.account, site.region, identity)
                first = rows[key]["first_seen_at"] if key in rows else Within(window)
                rows[key] = {
                    "name": text(one.get("Name")),
                    "owner": text(one.get("Owner")),
                    "description": text(one.get("Description")),
                    "image_id": text(one.get("ImageId")),
                    "compute_type": word(one.get("ComputeType", {}).get("Name")),
                    "root_volume_gib": _gib(one.get("RootStorage")),
                    "user_volume_gib": _gib(one.get("UserStorage")),
                    "bundle_type": word(one.get("BundleType")),
                    "state": word(one.get("State")),
                    "created_at": moment(one.get("CreationTime")),
                    "updated_at": moment(one.get("LastUpdatedTime")),
                    "first_seen_at": first,
                    "last_read_at": Within(window),
                    "gone_at": None,
                }
    return rows


def _gib(storage: Json | None) -> int | None:
    return int(storage["Capacity"]) if storage else None


TABLES = (
    Table("account", ("account_id",), accounts, spoil="partition = 'aws-cn'"),
    Table(
        "directory",
        ("account_id", "region", "directory_id"),
        directories,
        spoil='device_access = \'{"web": "allow"}\'',
    ),
    Table("bundle", ("account_id", "region", "bundle_id"), bundles, spoil="root_volume_gib = 81"),
)
