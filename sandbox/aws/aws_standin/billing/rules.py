"""What a test may change about the bill: the body of `POST /_standin/billing`."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from aws_standin.fleet.spec import AccountId, Document

Rounding = Literal["elapsed", "clock"]
FirstMonth = Literal["prorated", "full"]
ResourceData = Literal["on", "unavailable", "denied"]
Malformation = Literal[
    "negative-costs", "other-currencies", "not-numbers", "repeated-token", "endless-tokens"
]


class BillingRules(Document):
    """How usage becomes money, and how a provider tells it; each default is stated in the README.

    AWS documents neither how hours are rounded nor how the first month is prorated: an engine has
    to find out which of these rules holds.
    """

    rounding: Rounding = "elapsed"
    """`elapsed`: every hour begun since a stretch of running began. `clock`: every hour of the
    clock that the desktop ran in."""
    first_month: FirstMonth = "prorated"
    payer: AccountId | None = None
    """The account that pays for all; the fleet's first one by default."""
    discount: Decimal = Field(default=Decimal("0.05"), ge=0, lt=1)
    """The agreement's share off the list price, which only net costs show."""
    credit: Decimal = Field(default=Decimal(25), ge=0)
    """Credit for each account and month, in USD."""
    refund_share: float = Field(default=0.15, ge=0, le=1)
    """Share of the accounts' months with a refund."""
    tax: Decimal = Field(default=Decimal("0.19"), ge=0, le=1)
    restated_share: float = Field(default=0.02, ge=0, le=1)
    """Share of the hourly lines that read differently until they are corrected."""
    vanishing_share: float = Field(default=0.1, ge=0, le=1)
    """Share of the days of an account and region with a line that vanishes when corrected."""
    resources: ResourceData = "on"
    """Whether costs can be had by resource; an account has to ask AWS for it."""
    page_groups: int = Field(default=1000, ge=1)
    """Groups on a page of Cost Explorer; each page is a request that AWS charges."""
    malformed: tuple[Malformation, ...] = ()
    """What is wrong with the answers of Cost Explorer, on purpose."""
