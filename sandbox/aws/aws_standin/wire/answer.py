"""An answer ready for the wire, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status, headers and body of an HTTP answer."""

    status: int
    content_type: str
    body: bytes
    error_code: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    """Headers that belong to the wire format, beyond those of every answer."""
