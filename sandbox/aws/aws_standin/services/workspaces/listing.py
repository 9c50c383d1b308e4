"""DescribeWorkspaces and DescribeWorkspacesConnectionStatus: the two listings of a sync.

Pages are in the order of ids. As in AWS, only one way of choosing is allowed (ids, or directory
with perhaps a user, or bundle), ids that do not exist are passed over in silence, and desktops
without a connection row are left out of the status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.desktops import Desktop
from aws_standin.paging import position, token
from aws_standin.services.call import Call

PAGE = 25
"""Most rows of a page, and the default."""

_CHOICES = ("WorkspaceIds", "DirectoryId", "BundleId", "WorkspaceName")


def describe_workspaces(call: Call) -> dict[str, Any]:
    """List desktops, a page at a time."""
    _check_choice(call.params)
    now = call.now

    def row(desktop: Desktop) -> dict[str, Any] | None:
        answer = call.fleet.describe(desktop, call.world.presence, now)
        return answer if _name_fits(answer, call.params) else None

    rows, following = _page(call, call.params.get("Limit", PAGE), row)
    return {"Workspaces": rows, **following}


def describe_workspaces_connection_status(call: Call) -> dict[str, Any]:
    """List what is known of the users' connections, a page at a time."""
    now = call.now

    def row(desktop: Desktop) -> dict[str, Any] | None:
        return call.fleet.describe_connection(desktop, call.world.presence, now)

    rows, following = _page(call, PAGE, row)
    return {"WorkspacesConnectionStatus": rows, **following}


def _page(
    call: Call, limit: int, row: Callable[[Desktop], dict[str, Any] | None]
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """A page of desktops that fit the request, and the next token if more fit."""
    digest = call.digest()
    after = position(call.params, digest)
    rows: list[dict[str, Any]] = []
    last, more = "", False
    for desktop in _fitting(call, after):
        shown = row(desktop)
        if shown is None:
            continue
        if len(rows) == limit:
            more = True
            break
        rows.append(shown)
        last = desktop.id
    listings = call.world.listings
    return rows, listings.following(
        call.site, after, last if more else None, lambda at: token(at, digest)
    )


def _fitting(call: Call, after: str) -> Iterator[Desktop]:
    """Desktops behind a position that fit the request, in order."""
    fleet, params = call.fleet, call.params
    if "WorkspaceIds" in params:
        existing = set(fleet.listing(call.now))
        ids: Iterator[str] = iter(
            sorted({one for one in params["WorkspaceIds"] if one > after and one in existing})
        )
    else:
        ids = fleet.listing_after(after, call.now)
    for one in ids:
        desktop = fleet.find(one)
        if desktop is not None and _fits(desktop, params):
            yield desktop


def _fits(desktop: Desktop, params: dict[str, Any]) -> bool:
    return bool(
        params.get("DirectoryId", desktop.directory.id) == desktop.directory.id
        and params.get("UserName", desktop.user_name).lower() == desktop.user_name.lower()
        and params.get("BundleId", desktop.bundle.id) == desktop.bundle.id
    )


def _name_fits(answer: dict[str, Any], params: dict[str, Any]) -> bool:
    return "WorkspaceName" not in params or params["WorkspaceName"] == answer.get("WorkspaceName")


def _check_choice(params: dict[str, Any]) -> None:
    chosen = [name for name in _CHOICES if name in params]
    if len(chosen) > 1:
        raise AwsError(
            "InvalidParameterValuesException",
            f"Only one of these can be given at a time: {', '.join(chosen)}.",
        )
    if "UserName" in params and "DirectoryId" not in params:
        raise AwsError(
            "InvalidParameterValuesException", "UserName can be given only with a DirectoryId."
        )
