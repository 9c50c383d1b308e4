"""The bodies and queries that the control interface takes, beyond those that other parts own."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, Field, NonNegativeInt

from aws_standin.fleet.spec import AccountId, Document, RegionName
from aws_standin.traffic.faults import FaultRule
from aws_standin.traffic.listings import ListingRule
from aws_standin.traffic.throttle import ThrottleRule


class ClockSpec(Document):
    """Body of `POST clock`: jump to an instant, then perhaps ahead."""

    set: AwareDatetime | None = None
    running: bool = False
    """Whether time goes on after `set`; else it stands still."""
    advance_seconds: float = 0


class ThrottleSpec(Document):
    """Body of `POST throttle`: all rules there are from now on."""

    rules: list[ThrottleRule]
    aws_limits: bool = True
    """Whether the limits that AWS publishes hold for what no rule covers."""


class FaultSpec(Document):
    """Body of `POST fault`: rules put behind those there are."""

    rules: list[FaultRule]


class ListingSpec(Document):
    """Body of `POST listing`: all rules there are from now on."""

    rules: list[ListingRule]


class QueueMessage(Document):
    """Body of `POST message`: a message put into the queue of access events."""

    account: AccountId
    region: RegionName
    body: str
    """Any text, an event or not."""


class Mutation(Document):
    """Body of `POST mutate`: changes of one account and region."""

    account: AccountId
    region: RegionName
    remove: NonNegativeInt | list[str] = 0
    """Ids, or how many from the top of the listing."""
    add: int = Field(default=0, ge=0, le=1_000_000)
    desktops: NonNegativeInt | list[str] = 0
    """Which ones `set` and `drop` are about: ids, or how many from the top of the listing."""
    set: dict[str, Any] = Field(default_factory=dict)
    """Values of members of `Workspace` by dotted path; any value, known to AWS or not."""
    drop: list[str] = Field(default_factory=list)
    """Members to leave out, by dotted path."""


class Selection(Document):
    """Query of the ledger: what to tell, of which account and region."""

    type: str = Field(
        default="desktops",
        pattern="^(desktops|sessions|running|events|connected|maintenance|gaps|pools|poolSessions"
        "|quotas|images|snapshots|users|access|bill|costs|prices|directories|ipGroups|measurements)$",
    )
    account: AccountId | None = None
    region: RegionName | None = None
    start: AwareDatetime | None = Field(default=None, alias="from")
    end: AwareDatetime | None = Field(default=None, alias="to")
    as_of: AwareDatetime | None = None
    """For `bill` and `costs`: as a provider has told them by then; by the fleet's now without."""
    offset: int = Field(default=0, ge=0)
    limit: int | None = Field(default=None, ge=1)
