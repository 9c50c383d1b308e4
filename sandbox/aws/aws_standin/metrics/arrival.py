"""Which slots can be read at an instant: they must have arrived, and not be too old.

A point is there when its slot is over and its delay has passed; a control rule sets the delay of
all, and of a share that comes hours late, an hour of a desktop at a time. Points are kept for 63
days in steps of 300 s, and for 455 days where 3,600 s or a multiple is asked for.
"""

from __future__ import annotations

from pydantic import Field

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.slots import SLOT, all_slots, before
from aws_standin.fleet.spec import Document

DAY = 86_400
_KEPT = ((3600, 455 * DAY), (SLOT, 63 * DAY), (60, 15 * DAY))
"""Seconds of the period that a request's period must divide into, and how long points are kept."""
_HOUR_SLOTS = 3600 // SLOT


class Arrival(Document):
    """Body of `POST metrics`: when points can be read."""

    delay_seconds: int = Field(default=0, ge=0, le=7 * DAY)
    """From the end of a slot until its points are there."""
    late_share: float = Field(default=0.0, ge=0, le=1)
    """Share of a desktop's hours whose points come later still."""
    late_seconds: int = Field(default=6 * 3600, ge=0, le=7 * DAY)
    """How much later."""
    nan_share: float = Field(default=0.0, ge=0, le=1)
    """Share of a desktop's hours whose points are no number."""

    def is_nan(self, desktop_id: str, instant: int) -> bool:
        """Whether the points of an instant are no number."""
        if not self.nan_share:
            return False
        return Draws("nan", desktop_id, instant // 3600).chance(self.nan_share)

    def readable(self, desktop_id: str, now: int, first: int, length: int) -> int:
        """The map of slots that have arrived by now."""
        bits = before(now - self.delay_seconds, first, length)
        if not self.late_share or not bits:
            return bits
        on_time = before(now - self.delay_seconds - self.late_seconds, first, length)
        open_slots = (bits ^ on_time).bit_length()
        begin = first + length - open_slots
        for hour in range(begin // _HOUR_SLOTS, (first + length - 1) // _HOUR_SLOTS + 1):
            if Draws("late", desktop_id, hour).chance(self.late_share):
                low = max(hour * _HOUR_SLOTS, begin)
                high = min((hour + 1) * _HOUR_SLOTS, first + length)
                bits &= ~(all_slots(high - low) << (first + length - high))
        return bits


def oldest_kept(period: int, now: int) -> int:
    """Instant from which on points are kept for a request with this period in seconds."""
    return next(now - kept for step, kept in _KEPT if period % step == 0)


def rounded_start(start: int, now: int) -> int:
    """The start that AWS reckons with: down to a minute, five minutes or an hour, by its age."""
    age = now - start
    step = 60 if age < 15 * DAY else SLOT if age <= 63 * DAY else 3600
    return start - start % step
