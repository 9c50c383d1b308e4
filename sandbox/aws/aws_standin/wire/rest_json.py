"""restJson1: method and path name the operation; JSON carries what is not in the query string."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aws_standin.contract.models import Service
from aws_standin.errors import AwsError
from aws_standin.wire import aws_json
from aws_standin.wire.answer import HttpAnswer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from botocore.model import OperationModel

_JSON = "application/json"


def operation_name(service: Service, environ: WSGIEnvironment) -> str:
    """The operation whose method and path these are; empty if there is none."""
    method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
    for name in service.model.operation_names:
        http = service.model.operation_model(name).http
        if http["method"] == method and http["requestUri"].partition("?")[0] == path:
            return str(name)
    return ""


def decode(operation: OperationModel, body: bytes, environ: WSGIEnvironment) -> dict[str, Any]:
    """Parameters of a request, from its query string and its body."""
    params = aws_json.decode(body)
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    members = operation.input_shape.members if operation.input_shape else {}
    for name, shape in members.items():
        if shape.serialization.get("location") != "querystring":
            continue
        params.pop(name, None)
        values = query.get(shape.serialization["name"])
        if values:
            params[name] = values[0]
    return params


def encode(answer: dict[str, Any]) -> HttpAnswer:
    """A good answer."""
    return HttpAnswer(200, _JSON, json.dumps(answer, separators=(",", ":")).encode())


def encode_error(error: AwsError) -> HttpAnswer:
    """An error; its code is in a header that every error answer has."""
    document = json.dumps({"message": error.message, **error.members})
    return HttpAnswer(error.status, _JSON, document.encode(), error.code)
