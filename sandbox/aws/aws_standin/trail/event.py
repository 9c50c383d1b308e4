"""One event of the trail, before it is written down: who, what, when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Hostility = Literal["big", "unicode", "null", "deep"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that calls AWS."""

    identity: dict[str, Any]
    """The record's `userIdentity`."""
    username: str | None
    """What LookupEvents shows as `Username`; None where it shows nothing."""
    access_key: str | None
    address: str
    """Source address, or the name of the AWS service that acts."""
    agent: str


@dataclass(frozen=True, slots=True)
class TrailEvent:
    """A call that CloudTrail saw. `at` in UTC seconds."""

    id: str
    at: int
    account: str
    region: str
    source: str
    """As in `workspaces.amazonaws.com`."""
    name: str
    actor: Actor
    parameters: Any = None
    """The record's `requestParameters`, members in lowerCamelCase."""
    response: Any = None
    """The record's `responseElements`; None for reads, failures and empty answers."""
    read_only: bool = False
    error: tuple[str, str] | None = None
    """Code and message of a call that failed as a whole."""
    resources: tuple[tuple[str, str], ...] = ()
    """Type and name; mostly empty, as in AWS."""
    hostility: Hostility | None = None
    malformed: bool = False
    """Whether the record is cut short, so that it is no JSON."""

    @property
    def key(self) -> str:
        """Position in the order of time; later events have greater keys."""
        return f"{self.at:012d}|{self.id}"
