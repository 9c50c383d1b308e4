"""Records that are valid and hard to take: huge, deeply nested, in odd letters, or without a body.

In: a record and a kind of hostility. Out: the record, changed as somebody could bring about who
may call AWS with any text, or as AWS itself has sent.
"""

from __future__ import annotations

from typing import Any

from aws_standin.trail.event import Hostility

BIG = 256 << 10
"""Bytes of a record that CloudTrail still takes."""
_DEPTH = 90
_ODD = (
    "\u202etxt.exe\u202c \ufeff\u200b zalgo\u0335\u0322\u0361 \U0001f9d1\u200d\U0001f4bb \x00"
    "\x1b[2J"
    ' =HYPERLINK("http://192.0.2.1") <script>alert(1)</script> \'; drop table audit_event; --'
    " \ud800"
)
"""Right-to-left marks, zero widths, NUL, a terminal escape, a formula, a script, half a pair."""


def spoiled(record: dict[str, Any], kind: Hostility | None) -> dict[str, Any]:
    """The record with its hostility."""
    if kind is None:
        return record
    if kind == "null":
        return {**record, "requestParameters": None, "responseElements": None}
    parameters = dict(record["requestParameters"] or {})
    if kind == "big":
        parameters["clientToken"] = "A" * (BIG - 4096)
    elif kind == "deep":
        nested: Any = "bottom"
        for _ in range(_DEPTH):
            nested = {"inner": [nested]}
        parameters["extension"] = nested
    else:
        parameters["description"] = _ODD
        record = {**record, "userAgent": _ODD}
    return {**record, "requestParameters": parameters}
