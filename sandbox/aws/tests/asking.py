"""Asking the stand-in in the way tests do: whole listings, and the code of a refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError


def all_desktops(client: Any, **params: Any) -> list[dict[str, Any]]:
    """Every desktop of a listing, page after page."""
    pages = client.get_paginator("describe_workspaces").paginate(**params)
    return [desktop for page in pages for desktop in page["Workspaces"]]


def ids(rows: list[dict[str, Any]]) -> list[str]:
    """The desktops' ids."""
    return [row["WorkspaceId"] for row in rows]


def refusal(ask: Callable[..., Any], **params: Any) -> str:
    """Code of the error that this call is answered with."""
    with pytest.raises(ClientError) as caught:
        ask(**params)
    return str(caught.value.response["Error"]["Code"])
