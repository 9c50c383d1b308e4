"""Asks moto to answer a call: the services whose semantics are moto's, not ours.

In: a call. Out: moto's answer, parsed by botocore's own parser, or moto's error as `AwsError`. The
caller's account is passed in moto's header; the region is in the signature, which moto reads.
"""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.parsers import create_parser
from moto.backends import get_backend
from moto.moto_server.werkzeug_app import create_backend_app

from aws_standin.errors import AwsError
from aws_standin.services.call import Call

MOTO_SERVICES = ("ds", "sts")
"""Services that moto keeps state of."""

_OK = 200


def moto_serves(responses: type, operation: str) -> bool:
    """Whether moto's class of responses has this operation."""
    return hasattr(responses, xform_name(operation))


def ask_moto(call: Call) -> dict[str, Any]:
    """Moto's answer to a call."""
    request = call.request
    environ = _environ(call)
    captured: list[str] = []

    def start_response(status: str, _headers: Any, _exc: Any = None) -> Any:
        captured.append(status)
        return lambda _data: None

    chunks = _app(request.service.name)(environ, start_response)
    body = b"".join(chunks)
    status = int(captured[-1].split()[0])
    if status != _OK and body.lstrip()[:1] not in {b"{", b"<"}:
        raise AwsError("InternalFailure", f"moto failed in {request.name}", 500)
    parser = create_parser("query" if request.protocol == "query" else "json")
    shape: Any = request.operation.output_shape
    response = {"status_code": status, "headers": {}, "body": body}
    parsed: dict[str, Any] = parser.parse(response, shape)
    parsed.pop("ResponseMetadata", None)
    if status != _OK:
        error = parsed.get("Error", {})
        raise AwsError(error.get("Code", "InternalFailure"), error.get("Message", ""), status)
    if request.protocol != "query":
        # The parser drops what the model lacks; the check of the answer must see it.
        document: dict[str, Any] = json.loads(body or b"{}")
        return document
    return parsed


def _environ(call: Call) -> dict[str, Any]:
    """The request as moto understands it: what came in CBOR becomes JSON."""
    request = call.request
    environ, body = dict(request.environ), request.body
    environ.pop("HTTP_CONTENT_ENCODING", None)
    if request.protocol == "cbor":
        body = json.dumps(call.params).encode()
        environ.pop("HTTP_SMITHY_PROTOCOL")
        environ |= {
            "PATH_INFO": "/",
            "REQUEST_URI": "/",
            "CONTENT_TYPE": f"application/x-amz-json-{request.service.json_version}",
            "HTTP_X_AMZ_TARGET": f"{request.service.target}.{request.name}",
        }
    return {
        **environ,
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_MOTO_ACCOUNT_ID": call.identity.account,
    }


def reset_moto(service: str) -> None:
    """Forget moto's state of a service."""
    get_backend(service).reset()


@cache
def _app(service: str) -> Any:
    return create_backend_app(service)
