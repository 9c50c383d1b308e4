"""Listings told otherwise than they are: rows that went or changed, tokens that lead nowhere.

In: rules by operation, account and region. Out: the rows an operation pages through, with what the
rules change in them, and what the page's token is. The ledger keeps telling what was generated: a
test knows what it changed. Deliberately absent: desktops, which `mutate` changes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field

from aws_standin.traffic.scope import CallSite, Scope

Row = dict[str, Any]
Tokens = Literal["good", "repeated", "endless"]

_BEHIND_ALL = "~"
"""Begins a position that no id is behind."""


class ListingRule(Scope):
    """What is different in the answers of one operation."""

    remove: list[str] = Field(default_factory=list)
    """Ids of rows that are left out."""
    set: dict[str, Row] = Field(default_factory=dict)
    """By id: values of members; any value, known to AWS or not."""
    drop: dict[str, list[str]] = Field(default_factory=dict)
    """By id: members to leave out, the id itself among them."""
    tokens: Tokens = "good"
    """`repeated`: the next token is the one that was sent. `endless`: there is always a new one."""


class Listings:
    """The rules there are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[ListingRule] = []

    def replace(self, rules: list[ListingRule]) -> None:
        """Take these rules instead of those there are."""
        with self._lock:
            self._rules = list(rules)

    def changed(self, site: CallSite, key: str, rows: list[Row]) -> list[Row]:
        """The rows with what the rules set, without what they remove."""
        for rule in self._covering(site):
            left_out = set(rule.remove)
            rows = [{**row, **rule.set.get(row[key], {})} for row in rows]
            rows = [row for row in rows if row[key] not in left_out]
        return rows

    def shown(self, site: CallSite, key: str, page: list[Row]) -> list[Row]:
        """A page without the members that the rules drop."""
        for rule in self._covering(site):
            dropped = [set(rule.drop.get(row.get(key, ""), ())) for row in page]
            page = [
                {name: value for name, value in row.items() if name not in gone}
                for row, gone in zip(page, dropped, strict=True)
            ]
        return page

    def following(
        self, site: CallSite, after: str, last: str | None, make: Callable[[str], str]
    ) -> dict[str, str]:
        """The next token of a page behind `after`; `last` is its last id if more follow it."""
        tokens = next((r.tokens for r in self._covering(site) if r.tokens != "good"), "good")
        if tokens == "repeated":
            return {"NextToken": make(after)}
        if last is None and tokens == "endless":
            number = int(after.removeprefix(_BEHIND_ALL) or 0) if after[:1] == _BEHIND_ALL else 0
            last = f"{_BEHIND_ALL}{number + 1}"
        return {} if last is None else {"NextToken": make(last)}

    def _covering(self, site: CallSite) -> list[ListingRule]:
        with self._lock:
            return [rule for rule in self._rules if rule.covers(site)]
