"""When an event can be seen: minutes after the call, and for a few much later.

In: an event and the rules. Out: an instant on the fleet's clock, UTC seconds. The same event is
always equally late, so a reader that looks again finds what it could not see before.
"""

from __future__ import annotations

from aws_standin.fleet.draws import Draws
from aws_standin.trail.event import TrailEvent
from aws_standin.trail.rules import TrailRules


def delivered_at(event: TrailEvent, rules: TrailRules) -> int:
    """The instant from which LookupEvents shows the event."""
    draws = Draws("delivery", event.id)
    delay = rules.delay_seconds + draws.below(rules.delay_seconds // 3 + 1)
    if draws.chance(rules.late_share):
        delay += draws.below(60 * rules.late_minutes + 1)
    return event.at + delay


def longest_delay(rules: TrailRules) -> int:
    """No event comes later than this, in seconds."""
    return rules.delay_seconds * 4 // 3 + 1 + 60 * rules.late_minutes
