"""What can be billed: one kind of thing with one price in a region.

`Item` names it without a region and without a price. Which item a desktop uses is `usage`'s
business, what it is called and costs `price_book`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Rate = Literal["month", "fee", "hour"]
Licence = Literal["Windows", "BYOL", "Amazon Linux", "Ubuntu Linux"]
Kind = Literal[
    "month", "fee", "hour", "software", "root-gb", "user-gb", "core-month",
    "pool-hour", "pool-stopped-hour", "pool-user", "directory-hour",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """Something with a price.

    `month` is the whole month of an ALWAYS_ON desktop, `fee` the monthly fee and `hour` the running
    hour of an AUTO_STOP one; `core-month` the month of a WorkSpaces Core desktop (MANUAL).
    """

    kind: Kind
    family: str = ""
    """Compute type, as in `STANDARD`; empty for what has none."""
    licence: Licence = "Windows"
    pairing: int = -1
    """Number of the pairing of volumes, for months and fees; -1 for the family's own."""
    directory: str = ""
    """Kind of directory, for its hours."""


def licence_of(system: str) -> Licence:
    """The licence that an operating system of the WorkSpaces API needs."""
    if system in {"WINDOWS_10", "WINDOWS_11", "WINDOWS_7"}:
        return "BYOL"
    if system.startswith("AMAZON_LINUX"):
        return "Amazon Linux"
    return "Ubuntu Linux" if system.startswith("UBUNTU") else "Windows"
