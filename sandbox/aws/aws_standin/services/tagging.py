"""Resource Groups Tagging API: tagged desktops, up to 100 a page.

Only desktops carry tags in a fleet. As in AWS, one that never had a tag is not listed, and one
whose tags were all removed is listed without any, so that "not listed" means untagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.desktops import Desktop
from aws_standin.fleet.partition import partition_of
from aws_standin.paging import position, token
from aws_standin.services.call import Call, Operation

PAGE, MOST = 50, 100
_TYPES = frozenset({"workspaces", "workspaces:workspace"})
_TAGS_A_PAGE = (100, 500)
_ALONE = ("TagFilters", "ResourceTypeFilters", "ResourcesPerPage", "TagsPerPage", "PaginationToken")


def get_resources(call: Call) -> dict[str, Any]:
    """List tagged desktops, a page at a time; the last page's token is empty."""
    params = call.params
    limit = _limit(params)
    digest = call.digest()
    rows: list[dict[str, Any]] = []
    last = ""
    for desktop in _fitting(call, position(params, digest, code="InvalidParameterException")):
        if len(rows) == limit:
            return {"ResourceTagMappingList": rows, "PaginationToken": token(last, digest)}
        tags = sorted(call.fleet.tags(desktop).items())
        rows.append(
            {
                "ResourceARN": _arn(desktop),
                "Tags": [{"Key": key, "Value": value} for key, value in tags],
            }
        )
        last = desktop.id
    return {"ResourceTagMappingList": rows, "PaginationToken": ""}


def _limit(params: dict[str, Any]) -> int:
    if "ResourceARNList" in params and any(params.get(name) for name in _ALONE):
        raise _invalid("ResourceARNList cannot be combined with filters or paging.")
    limit: int = params.get("ResourcesPerPage", PAGE)
    if not 1 <= limit <= MOST:
        raise _invalid(f"ResourcesPerPage must be from 1 to {MOST}.")
    low, high = _TAGS_A_PAGE
    if not low <= params.get("TagsPerPage", low) <= high:
        raise _invalid(f"TagsPerPage must be from {low} to {high}.")
    return MOST if "ResourceARNList" in params else limit


def _fitting(call: Call, after: str) -> Iterator[Desktop]:
    """Desktops behind an id that the request asks for."""
    params, fleet = call.params, call.fleet
    types = params.get("ResourceTypeFilters")
    if types and not _TYPES & set(types):
        return
    wanted = set(params["ResourceARNList"]) if "ResourceARNList" in params else None
    for identity in fleet.listing_after(after, call.now):
        desktop = fleet.find(identity)
        if desktop is None or not fleet.was_ever_tagged(desktop):
            continue
        if wanted is not None and _arn(desktop) not in wanted:
            continue
        if _has(fleet.tags(desktop), params.get("TagFilters", ())):
            yield desktop


def _has(tags: dict[str, str], filters: list[dict[str, Any]]) -> bool:
    """Whether the tags fit all filters; one without values asks for the key alone."""
    for wanted in filters:
        value = tags.get(wanted.get("Key", ""))
        if value is None or (wanted.get("Values") and value not in wanted["Values"]):
            return False
    return True


def _arn(desktop: Desktop) -> str:
    partition = partition_of(desktop.region)
    return f"arn:{partition}:workspaces:{desktop.region}:{desktop.account}:workspace/{desktop.id}"


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


OPERATIONS: dict[str, Operation] = {"GetResources": get_resources}
"""What is served, by the operation's name."""
