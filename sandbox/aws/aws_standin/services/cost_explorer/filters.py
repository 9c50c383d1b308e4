"""The filter grammar: And, Or, Not, Dimensions, Tags, each expression with one root.

In: an expression. Out: whether a line fits, and whether lines are needed by resource. What AWS
refuses is refused: several roots, And and Or of less than two, dimensions that no line has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_standin.billing.line import Line
from aws_standin.errors import AwsError

Predicate = Callable[[Line], bool]

DIMENSIONS: dict[str, Callable[[Line], str]] = {
    "SERVICE": lambda line: line.service,
    "USAGE_TYPE": lambda line: line.usage_type,
    "LINKED_ACCOUNT": lambda line: line.account,
    "RECORD_TYPE": lambda line: line.record,
    "REGION": lambda line: line.region or "NoRegion",
    "RESOURCE_ID": lambda line: line.resource or "NoResourceId",
    "OPERATION": lambda line: "NoOperation" if line.record == "Tax" else "Hourly",
}
"""What lines can be filtered and grouped by, and a line's value of it."""

_ROOTS = ("And", "Or", "Not", "Dimensions", "Tags")
_EXACT = {"EQUALS", "CASE_SENSITIVE"}


def predicate(expression: dict[str, Any] | None) -> Predicate:
    """Whether a line fits an expression; every line fits none at all."""
    if not expression:
        return lambda _: True
    roots = [name for name in expression if expression[name] is not None]
    if len(roots) != 1 or roots[0] not in _ROOTS:
        raise _refused(f"Expression must have exactly one root out of {', '.join(_ROOTS)}")
    (root,) = roots
    inner = expression[root]
    if root == "Not":
        negated = predicate(inner)
        return lambda line: not negated(line)
    if root in {"And", "Or"}:
        return _combined(root, inner)
    return _dimension(inner) if root == "Dimensions" else _tag(inner)


def needs_resources(expression: Any) -> bool:
    """Whether an expression speaks of tags or resources, which summed lines do not have."""
    if isinstance(expression, list):
        return any(needs_resources(one) for one in expression)
    if not isinstance(expression, dict):
        return False
    if "Tags" in expression or expression.get("Key") == "RESOURCE_ID":
        return True
    return any(needs_resources(one) for one in expression.values())


def dimension(key: str) -> Callable[[Line], str]:
    """A line's value of a dimension."""
    if key not in DIMENSIONS:
        raise _refused(f"Dimension {key} is not supported; use one of {', '.join(DIMENSIONS)}")
    return DIMENSIONS[key]


def tag_value(line: Line, key: str) -> str:
    """A line's value of a tag; empty where it has none."""
    return dict(line.tags).get(key, "")


def _combined(root: str, expressions: list[dict[str, Any]]) -> Predicate:
    if len(expressions) < 2:  # noqa: PLR2004 (one expression is none to combine)
        raise _refused(f"{root} expression must have at least 2 operands")
    parts = [predicate(one) for one in expressions]
    every = all if root == "And" else any
    return lambda line: every(part(line) for part in parts)


def _dimension(wanted: dict[str, Any]) -> Predicate:
    value = dimension(wanted.get("Key", ""))
    values = _values(wanted)
    return lambda line: value(line) in values


def _tag(wanted: dict[str, Any]) -> Predicate:
    key = wanted.get("Key", "")
    if "ABSENT" in (wanted.get("MatchOptions") or ()):
        return lambda line: not tag_value(line, key)
    values = _values(wanted)
    return lambda line: tag_value(line, key) in values


def _values(wanted: dict[str, Any]) -> set[str]:
    if set(wanted.get("MatchOptions") or ()) - _EXACT:
        raise _refused("Match options other than EQUALS and CASE_SENSITIVE are not supported")
    if not wanted.get("Values"):
        raise _refused(f"{wanted.get('Key')} needs values")
    return set(wanted["Values"])


def _refused(message: str) -> AwsError:
    return AwsError("ValidationException", message)
