"""Checks a request against its model, as strictly as the model allows.

In: decoded parameters and the input shape. Out: nothing, or the error AWS would send:
`ValidationException` in AWS's own wording for required, ranges, lengths, enumerations, patterns
and unknown members, `SerializationException` for a wrong type.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import regex

from aws_standin.errors import AwsError

if TYPE_CHECKING:
    from botocore.model import Shape

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "timestamp": (int, float, datetime),
    "blob": (str, bytes),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


class _WrongTypeError(Exception):
    """A value whose JSON type the model does not take: AWS fails before it validates."""


def check_input(params: dict[str, Any], shape: Shape | None, *, code: str) -> None:
    """Raise the error AWS would send for these parameters."""
    if shape is None:
        return
    try:
        violations = list(_violations(params, shape, ""))
    except _WrongTypeError as wrong:
        raise AwsError("SerializationException", str(wrong)) from None
    if violations:
        count = len(violations)
        noun = "error" if count == 1 else "errors"
        raise AwsError(code, f"{count} validation {noun} detected: " + "; ".join(violations))


def _violations(value: Any, shape: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    allowed = _TYPES.get(kind, (object,))
    fits: bool = isinstance(value, allowed) and isinstance(value, bool) == (kind == "boolean")
    if not fits:
        raise _WrongTypeError(f"{path or 'request'}: {type(value).__name__} is not a {kind}")
    if kind == "structure":
        yield from _structure(value, shape, path)
    elif kind == "list":
        yield from _size(value, len(value), shape, path, "length")
        for index, item in enumerate(value, start=1):
            yield from _violations(item, shape.member, f"{path}.{index}.member")
    elif kind == "map":
        for key, item in value.items():
            yield from _violations(item, shape.value, f"{path}.{key}")
    elif kind == "string":
        yield from _string(value, shape, path)
    elif kind in {"integer", "long", "float", "double"}:
        yield from _size(value, value, shape, path, "value")


def _structure(value: dict[str, Any], shape: Any, path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _failed("null", _join(path, name), "Member must not be null")
    for name, item in value.items():
        if name not in shape.members:
            yield f"Member '{_join(path, name)}' is not known to this operation"
        elif item is not None:
            yield from _violations(item, shape.members[name], _join(path, name))


def _string(value: str, shape: Any, path: str) -> Iterator[str]:
    yield from _size(value, len(value), shape, path, "length")
    if shape.enum and value not in shape.enum:
        allowed = ", ".join(shape.enum)
        yield _failed(value, path, f"Member must satisfy enum value set: [{allowed}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not _compiled(pattern).fullmatch(value):
        yield _failed(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _size(value: Any, size: float, shape: Any, path: str, what: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield _failed(value, path, f"Member must have {what} greater than or equal to {low}")
    if high is not None and size > high:
        yield _failed(value, path, f"Member must have {what} less than or equal to {high}")


def _failed(value: Any, path: str, rule: str) -> str:
    shown = value if value == "null" else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {rule}"


def _join(path: str, name: str) -> str:
    lower = name[:1].lower() + name[1:]
    return f"{path}.{lower}" if path else lower


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    r"""Compile a pattern of a Java model; `\u10000` there means a code point beyond 16 bits."""
    return regex.compile(pattern.replace(r"\u10000-\u10FFFF", r"\U00010000-\U0010FFFF"))
