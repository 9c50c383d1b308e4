"""Checks an answer against its model: types, required and unknown members, nothing else.

In: an answer as JSON-ready or as botocore-parsed values, and the output shape. Out: the list of
violations. Ranges, lengths, patterns and enumerations are deliberately not checked: recorded
answers of real AWS break them, and a client must live with that.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import Shape

_SCALARS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float, datetime),
    "blob": (str, bytes),
}
_PLAIN = {
    kind: frozenset(types) for kind, types in _SCALARS.items() if kind not in {"boolean", "blob"}
}
"""Types that fit without a second look; `bool` is none of them, though it is an `int`."""


def output_violations(answer: Any, shape: Shape | None) -> list[str]:
    """Everything in which the answer breaks its model; empty for a good answer."""
    if shape is None:
        return [] if answer in ({}, None) else ["the operation has no output"]
    return list(_violations(answer, shape, ""))


def _violations(value: Any, shape: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if kind == "structure":
        yield from _structure(value, shape, path)
    elif kind == "list":
        if not isinstance(value, list):
            yield _wrong(value, kind, path)
            return
        member = shape.member
        if set(map(type, value)) <= _PLAIN.get(member.type_name, frozenset()):
            return  # a long list of numbers is checked at once
        for index, item in enumerate(value):
            yield from _violations(item, member, f"{path}[{index}]")
    elif kind == "map":
        if not isinstance(value, dict):
            yield _wrong(value, kind, path)
            return
        for key, item in value.items():
            yield from _violations(item, shape.value, f"{path}[{key}]")
    elif not isinstance(value, _SCALARS[kind]) or (isinstance(value, bool) != (kind == "boolean")):
        yield _wrong(value, kind, path)


def _structure(value: Any, shape: Any, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _wrong(value, "structure", path)
        return
    members = shape.members
    for name in shape.required_members:
        if name not in value:
            yield f"{path}.{name}: a required member is missing"
    for name, item in value.items():
        member = members.get(name)
        if member is None:
            yield f"{path}.{name}: the model has no such member"
        else:
            yield from _violations(item, member, f"{path}.{name}")


def _wrong(value: Any, kind: str, path: str) -> str:
    return f"{path or 'answer'}: {type(value).__name__} where the model has a {kind}"
