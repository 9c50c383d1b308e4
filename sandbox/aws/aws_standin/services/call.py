"""One authenticated, decoded and validated call: what every operation is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_standin.credentials import Identity
from aws_standin.fleet.store import SiteFleet
from aws_standin.paging import request_digest
from aws_standin.protocol import AwsRequest
from aws_standin.traffic.scope import CallSite
from aws_standin.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """A call of one operation."""

    world: World
    request: AwsRequest
    identity: Identity
    params: dict[str, Any]

    @property
    def fleet(self) -> SiteFleet:
        """The caller's fleet in the region called."""
        return self.world.fleet(self.identity.account, self.request.region)

    @property
    def site(self) -> CallSite:
        """Where the call goes."""
        return CallSite(self.identity.account, self.request.region, self.request.name)

    @property
    def now(self) -> int:
        """The virtual instant, UTC seconds."""
        return self.world.clock.now()

    def digest(self) -> str:
        """What this call's page token is bound to."""
        return request_digest(
            self.request.name, self.identity.account, self.request.region, params=self.params
        )


Operation = Callable[[Call], dict[str, Any]]
"""An operation: answers with its output structure, or raises `AwsError`."""
