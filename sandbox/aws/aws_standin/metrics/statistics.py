"""From points in slots to one value a period: what a statistic makes of a series.

In: a series, cut to the slots that may be seen, the start and the period of a request, a statistic.
Out: times and values, oldest first. Periods begin at the request's start, not at the full hour; a
period without points has no value. A slot's point is one sample.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from math import fsum

from aws_standin.fleet.slots import SLOT, as_text
from aws_standin.metrics.series import Series

Points = tuple[list[int], list[float]]
"""Times in UTC seconds, and the value at each."""
Samples = tuple[list[int], list[list[float]]]
"""Times in UTC seconds, and the samples of the period that begins at each."""

_TRUTH = bytes.maketrans(b"01", bytes((0, 1)))

_PERCENTILE = re.compile(r"p(100|\d{1,2}(?:\.\d{1,10})?)")
_SIMPLE: dict[str, Callable[[Sequence[float]], float]] = {
    "Sum": fsum,
    "Average": lambda samples: fsum(samples) / len(samples),
    "Minimum": min,
    "Maximum": max,
    "SampleCount": lambda samples: float(len(samples)),
}


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of a request. Its slots begin at or after `start`."""

    start: int
    period: int
    first: int
    length: int
    """The range of slots, from the start to the end of the request."""

    @classmethod
    def of(cls, start: int, end: int, period: int) -> Periods:
        """The periods of [start, end)."""
        first = -(-start // SLOT)
        return cls(start, period, first, max(0, -(-end // SLOT) - first))


def is_statistic(name: str) -> bool:
    """Whether this is one of the statistics served: the simple ones, and percentiles."""
    return name in _SIMPLE or _PERCENTILE.fullmatch(name) is not None


def points(found: Series, periods: Periods, statistic: str) -> Points:
    """One value for each period with a point."""
    if is_by_slot(periods, statistic):
        here = _truth(found.present, periods.length)
        times = compress(_slot_times(periods), here)
        if found.ones is None:
            return list(times), list(compress(found.values, here))
        return list(times), list(map(float, compress(_truth(found.ones, periods.length), here)))
    if found.ones is None:
        return of_samples(samples(found, periods), statistic)
    if periods.period % SLOT:
        present, ones = (as_text(bits, periods.length) for bits in (found.present, found.ones))
        return summed_points(list(map(int, present)), list(map(int, ones)), periods, statistic)
    return _tallied(_tallies(found.present, found.ones, periods), statistic)


def is_by_slot(periods: Periods, statistic: str) -> bool:
    """Whether no period holds more than one slot, so that its point is the statistic."""
    return periods.period <= SLOT and statistic != "SampleCount"


def _truth(bits: int, length: int) -> bytes:
    """The map as a byte of 0 or 1 for each slot, earliest first."""
    return as_text(bits, length).encode().translate(_TRUTH)


def summed_points(
    present: Sequence[int], ones: Sequence[int], periods: Periods, statistic: str
) -> Points:
    """The same for a flag of many desktops: how many report in each slot, and how many a 1."""
    tallies: dict[int, list[int]] = {}
    for time, here, up in zip(_slot_times(periods), present, ones, strict=True):
        tally = tallies.setdefault(time, [0, 0])
        tally[0] += here
        tally[1] += up
    return _tallied(((time, here, up) for time, (here, up) in tallies.items()), statistic)


def samples(found: Series, periods: Periods) -> Samples:
    """The samples of each period with a point, for as many statistics as are wanted."""
    here = _truth(found.present, periods.length)
    if periods.period % SLOT or periods.start % SLOT:
        return _scattered(found, periods, here)
    width = periods.period // SLOT
    shown: Samples = ([], [])
    for begin in range(0, periods.length, width):
        end = begin + width
        if there := list(compress(found.values[begin:end], here[begin:end])):
            shown[0].append(periods.start + begin * SLOT)
            shown[1].append(there)
    return shown


def _scattered(found: Series, periods: Periods, here: bytes) -> Samples:
    """The same where periods and slots begin at different times."""
    grouped: dict[int, list[float]] = {}
    times = _slot_times(periods)
    for time, value in zip(compress(times, here), compress(found.values, here), strict=True):
        grouped.setdefault(time, []).append(value)
    return list(grouped), list(grouped.values())


def of_samples(found: Samples, statistic: str) -> Points:
    """One value for each period with a point."""
    times, shown = found
    reduce = _reducer(statistic)
    return times, [float(reduce(values)) for values in shown]


def _tallied(tallies: Iterator[tuple[int, int, int]], statistic: str) -> Points:
    times: list[int] = []
    values: list[float] = []
    for time, here, ones in tallies:
        if here:
            times.append(time)
            values.append(_of_tally(here, ones, statistic))
    return times, values


def _of_tally(here: int, ones: int, statistic: str) -> float:
    simple = {
        "Sum": float(ones),
        "Average": ones / here,
        "Minimum": float(ones == here),
        "Maximum": float(ones > 0),
        "SampleCount": float(here),
    }
    if statistic in simple:
        return simple[statistic]
    return _reducer(statistic)([0.0] * (here - ones) + [1.0] * ones)


def _tallies(present: int, ones: int, periods: Periods) -> Iterator[tuple[int, int, int]]:
    """Time, points and ones of each period of whole slots, counted a period at a time."""
    width = periods.period // SLOT
    for index in range(-(-periods.length // width)):
        size = min(width, periods.length - index * width)
        shift = periods.length - index * width - size
        mask = (1 << size) - 1
        here, up = present >> shift & mask, ones >> shift & mask
        yield periods.start + index * periods.period, here.bit_count(), up.bit_count()


def _slot_times(periods: Periods) -> list[int]:
    """For each slot, the beginning of the period it lies in."""
    start, step = periods.start, periods.period
    slots = range(periods.first * SLOT, (periods.first + periods.length) * SLOT, SLOT)
    if step == SLOT and start % SLOT == 0:
        return list(slots)
    return [time - (time - start) % step for time in slots]


def _reducer(statistic: str) -> Callable[[Sequence[float]], float]:
    if statistic in _SIMPLE:
        return _SIMPLE[statistic]
    share = float(statistic[1:]) / 100

    def percentile(samples: Sequence[float]) -> float:
        ranked = sorted(samples)
        at = share * (len(ranked) - 1)
        low = int(at)
        high = min(low + 1, len(ranked) - 1)
        return ranked[low] + (ranked[high] - ranked[low]) * (at - low)

    return percentile
