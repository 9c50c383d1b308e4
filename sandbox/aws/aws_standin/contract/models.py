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
    """`json` or `query`: the wire format used when a client does not say."""
    target: str | None
    """What `X-Amz-Target` begins with, for `json`."""

    @property
    def model(self) -> Any:
        """Botocore's service model."""
        return _model(self.name)

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
)


def by_target(target: str) -> tuple[Service, str] | None:
    """Service and operation name of an `X-Amz-Target`; SDKs differ before its last two parts."""
    prefix, _, operation = target.rpartition(".")
    short = prefix.rpartition(".")[2]
    for service in SERVICES:
        if service.target == short:
            return service, operation
    return None


def by_name(name: str) -> Service | None:
    """The service with this botocore name."""
    return next((service for service in SERVICES if service.name == name), None)


@cache
def _model(name: str) -> Any:
    return get_service_model(name)
