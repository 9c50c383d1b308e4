"""AWS's wire formats: from an HTTP request to an operation, and from an answer to bytes.

In: a WSGI environment. Out: `AwsRequest`, decoded parameters, encoded answers and errors. Two
formats are read, awsJson 1.1 and query; a third one is a branch in each of the four functions at
the end.
"""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from botocore.model import OperationModel
from moto.core.parse import QueryParser
from moto.core.serialize import QuerySerializer, SerializationContext

from aws_standin.contract.models import Service, by_name, by_target
from aws_standin.errors import AwsError, unknown_operation

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/\d{8}/([^/,\s]+)/([^/,\s]+)/aws4_request")
_JSON = "application/x-amz-json-1.1"
_XML = "text/xml"
_UNSIGNED_REGION = "us-east-1"


@dataclass(frozen=True, slots=True)
class AwsRequest:
    """A request, as far as its headers and form tell."""

    service: Service
    operation: OperationModel
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

    @property
    def protocol(self) -> str:
        """Wire format of the request, and so of its answer."""
        return self.service.protocol


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer ready for the wire."""

    status: int
    content_type: str
    body: bytes
    error_code: str | None = None


def read_request(environ: WSGIEnvironment) -> AwsRequest:
    """Find out which operation is called; raises `UnknownOperationException` if none is."""
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    body = _unpacked(raw, environ)
    signed = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    service, name = _operation(environ, body, signed.group(3) if signed else "sts")
    operation = service.operation(name)
    if operation is None:
        raise unknown_operation(f"{service.name} has no operation {name or '(unnamed)'}")
    return AwsRequest(
        service=service,
        operation=operation,
        region=signed.group(2) if signed else _UNSIGNED_REGION,
        access_key_id=signed.group(1) if signed else None,
        session_token=environ.get("HTTP_X_AMZ_SECURITY_TOKEN"),
        body=body,
        raw_body=raw,
        environ=environ,
    )


def wire_format(environ: WSGIEnvironment) -> str:
    """The format a client expects even where the request could not be read."""
    return "query" if "form-urlencoded" in environ.get("CONTENT_TYPE", "") else "json"


def decode(request: AwsRequest) -> dict[str, Any]:
    """Parameters of a request."""
    if request.protocol == "query":
        return _decode_form(request)
    try:
        params = json.loads(request.body or b"{}")
    except ValueError:
        raise AwsError("SerializationException", "The body is not JSON") from None
    if not isinstance(params, dict):
        raise AwsError("SerializationException", "The body is not a JSON object")
    return params


def encode(request: AwsRequest, answer: dict[str, Any], request_id: str) -> HttpAnswer:
    """A good answer."""
    if request.protocol == "query":
        context = SerializationContext(request_id=request_id)
        written = QuerySerializer(request.operation, context).serialize(answer)
        return HttpAnswer(200, _XML, _bytes(written["body"]))
    body = (
        json.dumps(answer, separators=(",", ":")).encode()
        if request.operation.output_shape
        else b""
    )
    return HttpAnswer(200, _JSON, body)


def encode_error(protocol: str, error: AwsError, request_id: str) -> HttpAnswer:
    """An error answer."""
    if protocol == "query":
        kind = "Sender" if error.status < HTTPStatus.INTERNAL_SERVER_ERROR else "Receiver"
        body = (
            '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
            f"<Type>{kind}</Type><Code>{escape(error.code)}</Code>"
            f"<Message>{escape(error.message)}</Message></Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
        return HttpAnswer(error.status, _XML, body.encode(), error.code)
    document = json.dumps({"__type": error.code, "message": error.message})
    return HttpAnswer(error.status, _JSON, document.encode(), error.code)


def _unpacked(body: bytes, environ: WSGIEnvironment) -> bytes:
    if environ.get("HTTP_CONTENT_ENCODING") != "gzip":
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError):
        raise AwsError("SerializationException", "The body is not gzip") from None


def _operation(environ: WSGIEnvironment, body: bytes, signed_for: str) -> tuple[Service, str]:
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target is not None:
        found = by_target(target)
        if found is None:
            raise unknown_operation(f"the stand-in does not serve {target}")
        return found
    service = by_name(signed_for)
    if service is None or service.protocol != "query":
        raise unknown_operation(f"the stand-in does not serve {signed_for} in this wire format")
    action = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
    return service, action


def _decode_form(request: AwsRequest) -> dict[str, Any]:
    form = {
        key: values[0]
        for key, values in parse_qs(request.body.decode("utf-8", "replace"), True).items()
        if key not in {"Action", "Version"}
    }
    known = request.operation.input_shape.members if request.operation.input_shape else {}
    unknown = sorted({key.split(".")[0] for key in form} - set(known))
    if unknown:
        raise AwsError("ValidationError", f"Members not known to this operation: {unknown}")
    if request.operation.input_shape is None:
        return {}
    try:
        parsed: dict[str, Any] = QueryParser(request.operation).parse({"values": form})
    except ValueError as error:
        raise AwsError("MalformedInput", str(error)) from None
    return parsed


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body
