"""Token buckets: the rates that AWS allows per account, region and operation.

A rule applies to each (account, region, operation) it covers on its own, as AWS's limits do. Law,
held by a property test: in any window, accepted calls <= rate x window + burst.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import Field

from aws_standin.traffic.scope import CallSite, Scope


class ThrottleRule(Scope):
    """The rate of the calls in scope."""

    rate: float = Field(gt=0, le=1_000_000)
    """Calls a second."""
    burst: float = Field(ge=1, le=1_000_000)
    """Calls at once after a quiet time."""


AWS_LIMITS = (ThrottleRule(operation="LookupEvents", rate=2, burst=2),)
"""Limits that AWS publishes; they hold where no other rule covers the call."""


@dataclass(slots=True)
class Bucket:
    """Tokens left, and when they were counted last (monotonic seconds)."""

    tokens: float
    counted: float

    def take(self, rule: ThrottleRule, now: float) -> bool:
        """Take a token if there is one."""
        self.tokens = min(rule.burst, self.tokens + (now - self.counted) * rule.rate)
        self.counted = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Throttles:
    """All rules and their buckets."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._rules: list[ThrottleRule] = list(AWS_LIMITS)
        self._buckets: dict[CallSite, Bucket] = {}

    def replace(self, rules: list[ThrottleRule], *, aws_limits: bool = True) -> None:
        """Forget all rules and buckets, and begin with these."""
        ordered = sorted(rules, key=lambda rule: rule.precision(), reverse=True)
        with self._lock:
            self._rules = [*ordered, *(AWS_LIMITS if aws_limits else ())]
            self._buckets = {}

    def allows(self, site: CallSite) -> bool:
        """Count a call, and say whether it is within its rate."""
        with self._lock:
            rule = next((rule for rule in self._rules if rule.covers(site)), None)
            if rule is None:
                return True
            now = self._monotonic()
            bucket = self._buckets.setdefault(site, Bucket(rule.burst, now))
            return bucket.take(rule, now)
