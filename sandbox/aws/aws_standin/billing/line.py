"""A line of the bill: so much of something, on one day, by one desktop or by nobody in particular.

Quantities and money are exact decimals; sums over any split of the lines are therefore equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Record = Literal["Usage", "Credit", "Refund", "Tax"]
WORKSPACES = "Amazon WorkSpaces"
DIRECTORIES = "AWS Directory Service"
TAX = "Tax"
Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line. Money in USD."""

    day: date
    account: str
    region: str
    service: str
    usage_type: str
    record: Record
    quantity: Decimal
    unit: str
    cost: Decimal
    """Before the agreement's discount."""
    net: Decimal
    """After it."""
    resource: str | None = None
    """ARN of the desktop or pool; None for what belongs to none, and in summed lines."""
    tags: Tags = ()

    @property
    def key(self) -> tuple[date, str, str, str, str, str]:
        """What lines are summed by."""
        return (
            self.day, self.account, self.region, self.service, self.usage_type, self.record,
        )  # fmt: skip
