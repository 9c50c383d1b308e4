"""What fleet is wanted: the body of `POST /_standin/fleet`, parsed and bounded.

In: JSON with camelCase names; unknown fields are refused. Out: `FleetSpec` and, from it, the
`Site`s (one account and region each) with their numbers of desktops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.alias_generators import to_camel

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
RegionName = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]


class Document(BaseModel):
    """A JSON object of the control interface: camelCase, closed, immutable."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True
    )


class AccountSpec(Document):
    """One AWS account of the fleet."""

    id: AccountId
    regions: tuple[RegionName, ...] = Field(min_length=1)
    directories_per_region: int = Field(default=3, ge=1, le=60)
    pools_per_region: int = Field(default=0, ge=0, le=60)


class FleetSpec(Document):
    """A whole fleet. The same spec always makes the same fleet."""

    seed: int = Field(default=1, ge=0)
    accounts: tuple[AccountSpec, ...] = Field(min_length=1)
    desktops: int | None = Field(default=None, ge=0, le=1_000_000)
    """Desktops in all, spread evenly; the first sites get the remainder."""
    desktops_per_region: int | None = Field(default=None, ge=0, le=1_000_000)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.desktops is None) == (self.desktops_per_region is None):
            raise ValueError("give either desktops (total) or desktopsPerRegion")
        ids = [account.id for account in self.accounts]
        if len(set(ids)) != len(ids):
            raise ValueError("an account is listed twice; list its regions in one entry")
        for account in self.accounts:
            if len(set(account.regions)) != len(account.regions):
                raise ValueError(f"account {account.id} lists a region twice")
        return self

    def sites(self) -> Iterator[Site]:
        """The fleet's sites, in the order of the spec."""
        pairs = [(account, region) for account in self.accounts for region in account.regions]
        total = self.desktops or 0
        for index, (account, region) in enumerate(pairs):
            share = total // len(pairs) + (index < total % len(pairs))
            count = share if self.desktops_per_region is None else self.desktops_per_region
            yield Site(
                self.seed,
                account.id,
                region,
                count,
                account.directories_per_region,
                account.pools_per_region,
            )


@dataclass(frozen=True, slots=True)
class Site:
    """The part of a fleet in one account and region, as it was asked for."""

    seed: int
    account: str
    region: str
    desktops: int
    directories: int
    pools: int = 0
