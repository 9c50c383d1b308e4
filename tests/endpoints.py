"""Hosts of the AWS services that `deskfleet-sync` calls, as botocore tells them.

Two sources of botocore, which shares no code with the Rust SDK, are held against each other.
`endpoints.json` lists in which regions a service is and where it has a FIPS endpoint; the rules
of each service say what a host is called, whether or not it exists. A line of the output is

    service region host fips-host

with `-` where the service has no FIPS endpoint. Services are called as in IAM actions.

    python tests/endpoints.py > sync/src/aws/endpoints.txt
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import Loader

PARTITIONS = ("aws", "aws-cn", "aws-us-gov")
SERVICES = {
    "ce": ("ce", "ce"),
    "cloudtrail": ("cloudtrail", "cloudtrail"),
    "cloudwatch": ("cloudwatch", "monitoring"),
    "ds": ("ds", "ds"),
    # Not in endpoints.json. AWS documents FIPS endpoints for it; it extends Directory Service,
    # and is taken to be where that is.
    "ds-data": ("ds-data", "ds"),
    "pricing": ("pricing", "api.pricing"),
    "s3": ("s3", "s3"),
    "servicequotas": ("service-quotas", "servicequotas"),
    "sqs": ("sqs", "sqs"),
    "sts": ("sts", "sts"),
    "tag": ("resourcegroupstaggingapi", "tagging"),
    "workspaces": ("workspaces", "workspaces"),
}
"""IAM prefix: botocore's name, and the one in endpoints.json."""
NO_HOST = "-"
_LOADER = Loader()


def main() -> None:
    """Print all lines."""
    partitions = _LOADER.load_data("partitions")
    listed = {part["partition"]: part for part in _LOADER.load_data("endpoints")["partitions"]}
    for service, (name, old_name) in SERVICES.items():
        rules = EndpointProvider(
            _LOADER.load_service_model(name, "endpoint-rule-set-1"), partitions
        )
        for partition in PARTITIONS:
            for region, fips in _regions(listed[partition], old_name):
                host = _host(rules, region, use_fips=False)
                fips_host = NO_HOST
                if fips is not None:
                    fips_host = _host(rules, region, use_fips=True)
                    if fips != fips_host and service != "ds-data":
                        raise SystemExit(f"{service} in {region}: {fips} is not {fips_host}")
                print(service, region, host, fips_host)


def _regions(partition: dict[str, Any], service: str) -> Iterator[tuple[str, str | None]]:
    """Regions in which a partition has a service, with the FIPS host there."""
    endpoints = partition["services"].get(service, {"endpoints": {}})["endpoints"]
    for name, endpoint in endpoints.items():
        # A service of the whole partition says where its requests are signed for.
        region = endpoint.get("credentialScope", {}).get("region", name)
        is_whole = name.endswith("-global") and len(endpoints) == 1
        if is_whole or name in partition["regions"]:
            variants = endpoint.get("variants", [])
            fips = [one["hostname"] for one in variants if one["tags"] == ["fips"]]
            yield region, fips[0] if fips else None


def _host(rules: EndpointProvider, region: str, *, use_fips: bool) -> str:
    parameters = {"Region": region, "UseFIPS": use_fips, "UseDualStack": False}
    host = urlsplit(rules.resolve_endpoint(**parameters).url).hostname
    if host is None:
        raise SystemExit(f"no host in {region}")
    return host


if __name__ == "__main__":
    main()
