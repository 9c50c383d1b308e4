"""Pages of Cost Explorer: a token is bound to its request, and every page is a request of its own.

In: rows and a call. Out: a page and the next token. With other parameters a token is
`RequestChangedException`, one that is made up `InvalidNextTokenException`. Tokens that repeat or
never end are made on purpose, when a rule asks for them.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from aws_standin.errors import AwsError
from aws_standin.services.call import Call

T = TypeVar("T")
_TOKEN = "NextPageToken"  # noqa: S105 (a parameter's name)


def page_of(call: Call, rows: Sequence[T], limit: int) -> tuple[Sequence[T], dict[str, str]]:
    """The rows of the request's page, and the next token if there is one."""
    digest = _digest(call)
    offset = _offset(call.params.get(_TOKEN), digest)
    page = rows[offset : offset + limit]
    malformed = call.world.bill.rules.malformed
    if "repeated-token" in malformed:
        return page, {_TOKEN: _token(offset, digest)}
    if offset + limit < len(rows) or "endless-tokens" in malformed:
        return page, {_TOKEN: _token(offset + limit, digest)}
    return page, {}


def _digest(call: Call) -> str:
    others = {name: value for name, value in call.params.items() if name != _TOKEN}
    document = json.dumps([call.request.name, call.identity.account, others], sort_keys=True)
    return hashlib.sha256(document.encode()).hexdigest()[:16]


def _offset(token: str | None, digest: str) -> int:
    if not token:
        return 0
    try:
        offset, bound_to = json.loads(base64.b64decode(token.encode(), validate=True))
    except (ValueError, TypeError):
        offset, bound_to = None, None
    if not isinstance(offset, int):
        raise AwsError("InvalidNextTokenException", "The pagination token is invalid.")
    if bound_to != digest:
        raise AwsError(
            "RequestChangedException", "Request parameters changed between pagination requests."
        )
    return offset


def _token(offset: int, digest: str) -> str:
    content: list[Any] = [offset, digest]
    return base64.b64encode(json.dumps(content).encode()).decode()
