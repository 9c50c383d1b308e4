"""Which calls a rule is about: an operation, and perhaps one account or one region."""

from __future__ import annotations

from dataclasses import dataclass

from aws_standin.fleet.spec import AccountId, Document, RegionName


@dataclass(frozen=True, slots=True)
class CallSite:
    """Where a call goes: the unit of AWS's own rate limits."""

    account: str
    region: str
    operation: str
    """As in `DescribeWorkspaces`."""


class Scope(Document):
    """A rule's scope; what is left out matches everything."""

    operation: str = "*"
    account: AccountId | None = None
    region: RegionName | None = None

    def covers(self, site: CallSite) -> bool:
        """Whether the rule is about this call."""
        return (
            self.operation in {"*", site.operation}
            and self.account in {None, site.account}
            and self.region in {None, site.region}
        )

    def precision(self) -> int:
        """How specific the scope is; of two rules the more specific one counts."""
        return 4 * (self.operation != "*") + 2 * bool(self.account) + bool(self.region)
