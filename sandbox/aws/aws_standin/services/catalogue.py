"""Every operation that is served. One that is missing here is answered as unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_standin.services import cloudtrail, directory_service, sts
from aws_standin.services.call import Operation
from aws_standin.services.workspaces import OPERATIONS as WORKSPACES


def find(service: str, operation: str) -> Operation | None:
    """The operation's implementation, if it is served."""
    if service == "ds":
        return directory_service.operation(operation)
    return _OPERATIONS.get(service, {}).get(operation)


_OPERATIONS: dict[str, dict[str, Operation]] = {"workspaces": WORKSPACES, "sts": sts.OPERATIONS}
