"""A control request, parsed, and how it is refused: with a sentence that names the field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from aws_standin.world import World

D = TypeVar("D", bound=BaseModel)

Reply = dict[str, Any] | Iterator[str]
"""A JSON object, or JSON lines."""


class ControlError(Exception):
    """A request that is refused, with the reason for a person to read."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A control request, its query with one value a name."""

    world: World
    body: bytes
    query: dict[str, str]

    def read(self, kind: type[D]) -> D:
        """The body as a document."""
        return _validated(lambda: kind.model_validate_json(self.body or b"{}"))

    def read_query(self, kind: type[D]) -> D:
        """The query as a document."""
        return _validated(lambda: kind.model_validate(self.query))


def _validated(read: Callable[[], D]) -> D:
    try:
        return read()
    except ValidationError as error:
        reasons = [
            f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors()
        ]
        raise ControlError(400, "; ".join(reasons)) from None
