"""What was changed about a desktop since the fleet was made: by API calls, or put in on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aws_standin.fleet.interventions import Intervention
from aws_standin.fleet.mode_history import Switch


@dataclass(frozen=True, slots=True)
class Held:
    """A state that an API call put a desktop in: [since, until), or until a session starts."""

    state: str
    since: int
    until: int | None = None
    by_session: bool = False
    """Whether the user's next session ends it."""


@dataclass(slots=True)
class Change:
    """Everything changed about one desktop."""

    members: dict[str, Any] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    held: Held | None = None
    tags: dict[str, str] | None = None
    switches: tuple[Switch, ...] = ()
    """Running modes that API calls set, in order."""
    power: tuple[Intervention, ...] = ()
    """What API calls started and stopped, in order."""
