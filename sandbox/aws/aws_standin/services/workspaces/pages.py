"""A page of rows that are listed in the order of a key, with a token that is bound to the call."""

from __future__ import annotations

from typing import Any

from aws_standin.paging import position, token
from aws_standin.services.call import Call

PAGE = 25
"""Most rows of a page where the model does not say otherwise, and the default."""


def page_of(
    call: Call, member: str, key: str, rows: list[dict[str, Any]], limit: int
) -> dict[str, Any]:
    """The answer with the page that the call's token asks for."""
    digest = call.digest()
    after = position(call.params, digest)
    left = sorted((row for row in rows if row[key] > after), key=lambda row: str(row[key]))
    answer: dict[str, Any] = {member: left[:limit]}
    if len(left) > limit:
        answer["NextToken"] = token(left[limit - 1][key], digest)
    return answer
