"""What errors are called in the query format, for services that once spoke nothing else.

CloudWatch and SQS announce `awsQueryCompatible`: their JSON and CBOR errors carry the older code in
the header `x-amzn-query-error`, and SDKs report that one. In: a service and an error. Out: the
header's value, `code;Sender` or `code;Receiver`.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from aws_standin.contract.models import Service
from aws_standin.errors import AwsError

HEADER = "x-amzn-query-error"

_OF_EVERY_SERVICE = {
    "ThrottlingException": "Throttling",
    "ValidationException": "ValidationError",
    "UnrecognizedClientException": "InvalidClientTokenId",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "ExpiredTokenException": "ExpiredToken",
    "AccessDeniedException": "AccessDenied",
    "UnknownOperationException": "InvalidAction",
    "SerializationException": "MalformedInput",
    "InvalidParameterValueException": "InvalidParameterValue",
}
"""Errors that no model declares, because the framework in front of the service sends them."""


def query_code(service: Service | None, error: AwsError) -> str:
    """What the error is called in the query format."""
    if service is None or not _has_past(service):
        return error.code
    return _declared(service).get(error.code) or _OF_EVERY_SERVICE.get(error.code, error.code)


def query_error_header(service: Service | None, error: AwsError) -> tuple[tuple[str, str], ...]:
    """The header for this error; none for a service without that past."""
    if service is None or not _has_past(service):
        return ()
    code = query_code(service, error)
    fault = "Sender" if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else "Receiver"
    return ((HEADER, f"{code};{fault}"),)


def _has_past(service: Service) -> bool:
    return "awsQueryCompatible" in service.model.metadata


@cache
def _declared(service: Service) -> dict[str, str]:
    """The query code of every error that the service's model declares."""
    model = service.model
    shapes = (model.shape_for(name) for name in model.shape_names)
    return {
        shape.name: shape.metadata["error"]["code"]
        for shape in shapes
        if shape.metadata.get("exception") and "code" in shape.metadata.get("error", {})
    }
