"""The services that are served, with botocore's model of each.

In: what names an operation on the wire. Out: the `Service` and botocore's operation model (moto's
subclass of it, so that moto's parsers and serializers take it). Adding a service starts here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from moto.core.utils import get_service_model

if TYPE_CHECKING:
    from botocore.model import OperationModel


@dataclass(frozen=True, slots=True)
class Service:
    """One AWS service."""

    name: str
    """Name in botocore and in the fleet's control interface."""
    protocol: str
    """`json`, `query` or `rest-json`: the wire format used when a client does not say."""
    target: str | None
    """What `X-Amz-Target` begins with, for `json`; also the service's name in CBOR's paths."""

    @property
    def model(self) -> Any:
        """Botocore's service model."""
        return _model(self.name)

    @property
    def signing_name(self) -> str:
        """Name in the scope of a signature, which is not always botocore's name."""
        metadata = self.model.metadata
        return str(metadata.get("signingName") or metadata["endpointPrefix"])

    @property
    def json_version(self) -> str:
        """Version of awsJson that its clients speak: `1.0` or `1.1`."""
        return str(self.model.metadata.get("jsonVersion", "1.1"))

    def speaks(self, protocol: str) -> bool:
        """Whether clients of the service may use this format, by botocore's name of it."""
        return protocol in self.model.metadata.get("protocols", ())

    def operation(self, name: str) -> OperationModel | None:
        """Botocore's model of an operation, None if the service has no such operation."""
        if name not in self.model.operation_names:
            return None
        operation: OperationModel = self.model.operation_model(name)
        return operation


SERVICES: tuple[Service, ...] = (
    Service("workspaces", "json", "WorkspacesService"),
    Service("ds", "json", "DirectoryService_20150416"),
    Service("sts", "query", None),
    Service("cloudwatch", "json", "GraniteServiceVersion20100801"),
    Service("resourcegroupstaggingapi", "json", "ResourceGroupsTaggingAPI_20170126"),
    Service("service-quotas", "json", "ServiceQuotasV20190624"),
    Service("ds-data", "rest-json", None),
    Service("sqs", "json", "AmazonSQS"),
    Service("cloudtrail", "json", "CloudTrail_20131101"),
    Service("ce", "json", "AWSInsightsIndexService"),
    Service("pricing", "json", "AWSPriceListService"),
)


def by_target(target: str) -> tuple[Service, str] | None:
    """Service and operation name of an `X-Amz-Target`; SDKs differ before its last two parts."""
    prefix, _, operation = target.rpartition(".")
    short = prefix.rpartition(".")[2]
    for service in SERVICES:
        if service.target == short:
            return service, operation
    return None


def by_signing_name(name: str) -> Service | None:
    """The service that a signature's scope names."""
    return next((service for service in SERVICES if service.signing_name == name), None)


def by_name(name: str) -> Service | None:
    """The service with this botocore name."""
    return next((service for service in SERVICES if service.name == name), None)


@cache
def _model(name: str) -> Any:
    return get_service_model(name)
