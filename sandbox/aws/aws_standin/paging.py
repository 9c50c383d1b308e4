"""Pages whose token is bound to the request that got it.

In: what identifies a request, and items in a fixed order with a key each. Out: one page, and the
token of the next. A token of another operation, account, region or query is an error, as is one
made up. Because a page begins behind a key and not at an offset, items that come or go between
two pages neither repeat nor hide others.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from aws_standin.errors import AwsError

_TOKENS = ("NextToken", "PaginationToken")


def request_digest(*parts: object, params: dict[str, Any]) -> str:
    """Digest of everything a token is bound to: the call's site and all its other parameters."""
    others = {name: value for name, value in params.items() if name not in _TOKENS}
    document = json.dumps([*map(str, parts), others], sort_keys=True, default=str)
    return hashlib.sha256(document.encode()).hexdigest()[:16]


def position(
    params: dict[str, Any], digest: str, code: str = "InvalidParameterValuesException"
) -> str:
    """Key behind which the page begins; empty for the first page. `code` is the service's error."""
    token = next((params[name] for name in _TOKENS if params.get(name)), None)
    if token is None:
        return ""
    try:
        key, bound_to = json.loads(base64.b64decode(token.encode(), validate=True))
    except (ValueError, TypeError):
        key, bound_to = None, None
    if not isinstance(key, str) or bound_to != digest:
        raise AwsError(code, "The NextToken is not valid.")
    return key


def token(key: str, digest: str) -> str:
    """Token of the page that begins behind this key."""
    return base64.b64encode(json.dumps([key, digest]).encode()).decode()
