"""awsJson 1.0 and 1.1: an `X-Amz-Target` header and a JSON object each way."""

from __future__ import annotations

import json
from typing import Any

from aws_standin.contract.models import Service
from aws_standin.errors import AwsError
from aws_standin.wire.answer import HttpAnswer
from aws_standin.wire.query_codes import query_error_header


def decode(body: bytes) -> dict[str, Any]:
    """Parameters of a request."""
    try:
        params = json.loads(body or b"{}")
    except ValueError:
        raise AwsError("SerializationException", "The body is not JSON") from None
    if not isinstance(params, dict):
        raise AwsError("SerializationException", "The body is not a JSON object")
    return params


def encode(service: Service, answer: dict[str, Any], *, has_output: bool) -> HttpAnswer:
    """A good answer; an operation without an output structure has an empty body."""
    body = json.dumps(answer, separators=(",", ":")).encode() if has_output else b""
    return HttpAnswer(200, _content_type(service), body)


def encode_error(service: Service | None, error: AwsError) -> HttpAnswer:
    """An error; `service` is None where the request did not say whom it is for."""
    document = json.dumps({"__type": error.code, "message": error.message, **error.members})
    return HttpAnswer(
        error.status,
        _content_type(service),
        document.encode(),
        error.code,
        query_error_header(service, error),
    )


def _content_type(service: Service | None) -> str:
    return f"application/x-amz-json-{service.json_version if service else '1.1'}"
