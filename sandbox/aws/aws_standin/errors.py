"""Errors as AWS reports them: a code, a message and an HTTP status, whatever the wire format."""

from __future__ import annotations


class AwsError(Exception):
    """An answer that is an error."""

    def __init__(self, code: str, message: str, status: int = 400, **members: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        """The error code SDKs see."""
        self.message = message
        self.status = status
        self.members = members
        """Members that the error's structure has besides its message."""


def throttled(protocol: str, service: str = "") -> AwsError:
    """The answer to a call above the rate; the query protocol and Cost Explorer have own codes."""
    if service == "ce":
        return AwsError("LimitExceededException", "Rate exceeded")
    code = "Throttling" if protocol == "query" else "ThrottlingException"
    return AwsError(code, "Rate exceeded", 429 if protocol == "rest-json" else 400)


def unknown_operation(message: str) -> AwsError:
    """The operation is not served; never an HTML page, which SDKs would retry."""
    return AwsError("UnknownOperationException", message)


def contract_violation(operation: str, violations: list[str]) -> AwsError:
    """The stand-in itself is wrong: its answer breaks AWS's model."""
    shown = "; ".join(violations[:5])
    return AwsError("FakeContractViolation", f"answer of {operation}: {shown}", 500)
