"""Billed hours of a stretch of running, by either rounding rule.

In: stretches in UTC seconds. Out: the beginnings of the hours that are billed. An hour is billed on
the day and in the billing mode in which it begins, so hours never depend on how a period is cut.

Laws, each a property test: over one stretch, elapsed <= clock <= elapsed + 1; cut into days, the
hours are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aws_standin.billing.rules import Rounding
from aws_standin.fleet.lifecycle import Running

HOUR = 3600


def billed_hours(stretches: Iterable[Running], rounding: Rounding) -> Iterator[int]:
    """When each billed hour begins, in order; with `clock`, no hour of the clock twice."""
    last: int | None = None
    for run in stretches:
        if run.end <= run.start:
            continue
        first = run.start if rounding == "elapsed" else run.start - run.start % HOUR
        for begin in range(first, run.end, HOUR):
            if rounding == "elapsed" or last is None or begin > last:
                yield begin
                last = begin
