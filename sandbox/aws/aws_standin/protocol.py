"""From an HTTP request to an operation of a service, and from its answer to bytes.

In: a WSGI environment. Out: `AwsRequest`, decoded parameters, encoded answers and errors. A request
says by its shape which of the formats in `wire` it speaks; the answer speaks the same one. Another
format is a module there and a branch in each of the functions here.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.model import OperationModel

from aws_standin.contract.models import Service, by_name, by_signing_name, by_target
from aws_standin.errors import AwsError, unknown_operation
from aws_standin.wire import aws_json, cbor, query, rest_json
from aws_standin.wire.answer import HttpAnswer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["AwsRequest", "HttpAnswer", "decode", "encode", "encode_error", "read_request"]

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
_UNSIGNED_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class AwsRequest:
    """A request, as far as its headers and form tell."""

    service: Service
    operation: OperationModel
    protocol: str
    """Wire format of the request, and so of its answer."""
    region: str
    access_key_id: str | None
    session_token: str | None
    body: bytes
    """As the client meant it, unpacked."""
    raw_body: bytes
    """As it came, which is what was signed."""
    environ: WSGIEnvironment

    @property
    def name(self) -> str:
        """The operation's name."""
        return str(self.operation.name)


def read_request(environ: WSGIEnvironment) -> AwsRequest:
    """Find out which operation is called; raises `UnknownOperationException` if none is."""
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = _unpacked(raw, environ)
    signed = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    protocol = wire_format(environ)
    service, name = _operation(protocol, environ, body, signed.group(3) if signed else "sts")
    operation = service.operation(name)
    if operation is None:
        raise unknown_operation(f"{service.name} has no operation {name or '(unnamed)'}")
    return AwsRequest(
        service=service,
        operation=operation,
        protocol=protocol,
        region=signed.group(2) if signed else _UNSIGNED_REGION,
        access_key_id=signed.group(1) if signed else None,
        session_token=environ.get("HTTP_X_AMZ_SECURITY_TOKEN"),
        body=body,
        raw_body=raw,
        environ=environ,
    )


def wire_format(environ: WSGIEnvironment) -> str:
    """The format a client speaks: `json`, `cbor`, `query` or `rest-json`."""
    if environ.get("HTTP_SMITHY_PROTOCOL") == cbor.PROTOCOL:
        return "cbor"
    if "HTTP_X_AMZ_TARGET" in environ:
        return "json"
    if "form-urlencoded" in environ.get("CONTENT_TYPE", ""):
        return "query"
    signed = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    service = by_signing_name(signed.group(3)) if signed else None
    return service.protocol if service else "json"


def decode(request: AwsRequest) -> dict[str, Any]:
    """Parameters of a request."""
    if request.protocol == "query":
        return query.decode(request.operation, request.body)
    if request.protocol == "cbor":
        return cbor.decode(request.body)
    if request.protocol == "rest-json":
        return rest_json.decode(request.operation, request.body, request.environ)
    return aws_json.decode(request.body)


def encode(request: AwsRequest, answer: dict[str, Any], request_id: str) -> HttpAnswer:
    """A good answer."""
    shape = request.operation.output_shape
    if request.protocol == "query":
        return query.encode(request.operation, answer, request_id)
    if request.protocol == "cbor":
        return cbor.encode(answer, shape)
    if request.protocol == "rest-json":
        return rest_json.encode(answer)
    return aws_json.encode(request.service, answer, has_output=shape is not None)


def encode_error(
    protocol: str, error: AwsError, request_id: str, service_name: str = ""
) -> HttpAnswer:
    """An error answer, of a service if the request got as far as naming one."""
    service = by_name(service_name)
    if protocol == "query":
        return query.encode_error(service, error, request_id)
    if protocol == "cbor":
        return cbor.encode_error(service, error)
    if protocol == "rest-json":
        return rest_json.encode_error(error)
    return aws_json.encode_error(service, error)


def _unpacked(body: bytes, environ: WSGIEnvironment) -> bytes:
    if environ.get("HTTP_CONTENT_ENCODING") != "gzip":
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError):
        raise AwsError("SerializationException", "The body is not gzip") from None


def _operation(
    protocol: str, environ: WSGIEnvironment, body: bytes, signed_for: str
) -> tuple[Service, str]:
    if protocol == "cbor":
        path = cbor.PATH.match(environ.get("PATH_INFO", ""))
        found = by_target(f"{path.group(1)}.{path.group(2)}") if path else None
        if found is None or not found[0].speaks("smithy-rpc-v2-cbor"):
            raise unknown_operation("the stand-in does not serve this path in CBOR")
        return found
    target = environ.get("HTTP_X_AMZ_TARGET")
    if protocol == "json" and target is not None:
        found = by_target(target)
        if found is None:
            raise unknown_operation(f"the stand-in does not serve {target}")
        return found
    service = by_signing_name(signed_for)
    if service is not None and service.speaks(protocol):
        if protocol == "query":
            return service, query.action(body)
        if protocol == "rest-json":
            return service, rest_json.operation_name(service, environ)
    raise unknown_operation(f"the stand-in does not serve {signed_for} in this wire format")
