"""A page of rows that are listed in the order of a key, with a token that is bound to the call."""

from __future__ import annotations

from typing import Any

from aws_standin.paging import position, token
from aws_standin.services.call import Call

PAGE = 25
"""Most rows of a page where the model does not say otherwise, and the default."""


def page_of(
    call: Call,
    member: str,
    key: str,
    rows: list[dict[str, Any]],
    limit: int,
    code: str = "InvalidParameterValuesException",
) -> dict[str, Any]:
    """The answer with the page that the call's token asks for."""
    digest, listings = call.digest(), call.world.listings
    after = position(call.params, digest, code=code)
    rows = listings.changed(call.site, key, rows)
    left = sorted((row for row in rows if row[key] > after), key=lambda row: str(row[key]))
    last = left[limit - 1][key] if len(left) > limit else None
    following = listings.following(call.site, after, last, lambda at: token(at, digest))
    return {member: listings.shown(call.site, key, left[:limit]), **following}
