"""CloudTrail's LookupEvents: the last 90 days of one account and region, newest first.

As in AWS: pages of at most 50; of several lookup attributes only the first one counts; a token is
good only with the parameters that got it; an event appears minutes after the call, some later, so
a reader that does not look again loses them. Insights events there are none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from aws_standin.errors import AwsError
from aws_standin.paging import position, token
from aws_standin.services.call import Call, Operation
from aws_standin.trail.delivery import delivered_at
from aws_standin.trail.event import TrailEvent
from aws_standin.trail.rendering import row

PAGE = 50
KEPT = 90 * 86_400
"""Seconds that events can be looked up."""

_NEWEST, _OLDEST = "999999999999|", "000000000000|"
"""Positions before the first and behind the last event."""


def check_max_results(params: dict[str, Any]) -> None:
    """Refuse a page size in CloudTrail's own words, before the model's check would."""
    wanted = params.get("MaxResults")
    if isinstance(wanted, int) and not 1 <= wanted <= PAGE:
        raise AwsError(
            "InvalidMaxResultsException", "Specify a valid value for MaxResults, from 1 to 50."
        )


def lookup_events(call: Call) -> dict[str, Any]:
    """List events, a page at a time."""
    limit = call.params.get("MaxResults", PAGE)
    digest = call.digest()
    before = position(call.params, digest, "InvalidNextTokenException")
    page: list[TrailEvent] = []
    more = False
    for event in _visible(call, before):
        more = len(page) == limit
        if more:
            break
        page.append(event)
    answer: dict[str, Any] = {"Events": [row(one) for one in page]}
    tokens = call.world.trail.rules.tokens
    if tokens == "repeated":
        answer["NextToken"] = token(before or _NEWEST, digest)
    elif more or tokens == "endless":
        answer["NextToken"] = token(page[-1].key if page else _behind_all(before), digest)
    return answer


def _behind_all(before: str) -> str:
    """A position behind the last event, another one each time."""
    number = before.removeprefix(_OLDEST) if before.startswith(_OLDEST) else "0"
    return f"{_OLDEST}{int(number) + 1}"


def _visible(call: Call, before: str) -> Iterator[TrailEvent]:
    """Events that fit the request and can be seen by now, behind a position."""
    if call.params.get("EventCategory") == "insight":
        return
    now, rules = call.now, call.world.trail.rules
    first, last = _range(call, now)
    fits = _attribute(call)
    if before:
        last = min(last, int(before.partition("|")[0]))
    for event in call.world.trail.newest_first(call.fleet, first, last):
        behind = not before or event.key < before
        if behind and fits(event) and delivered_at(event, rules) <= now:
            yield event


def _range(call: Call, now: int) -> tuple[int, int]:
    start, end = call.params.get("StartTime"), call.params.get("EndTime")
    if start is not None and end is not None and start > end:
        raise AwsError("InvalidTimeRangeException", "The start time must be before the end time.")
    first = now - KEPT if start is None else max(int(-(-start // 1)), now - KEPT)
    return first, now if end is None else min(int(end), now)


def _attribute(call: Call) -> Callable[[TrailEvent], bool]:
    wanted = call.params.get("LookupAttributes") or []
    if not wanted:
        return lambda _: True
    key, value = wanted[0]["AttributeKey"], wanted[0]["AttributeValue"]
    if key == "ReadOnly" and value not in {"true", "false"}:
        raise AwsError(
            "InvalidLookupAttributesException", "ReadOnly can be looked up as true or false."
        )
    return lambda event: value in _ATTRIBUTES[key](event)


_ATTRIBUTES: dict[str, Callable[[TrailEvent], tuple[str | None, ...]]] = {
    "EventId": lambda event: (event.id,),
    "EventName": lambda event: (event.name,),
    "ReadOnly": lambda event: ("true" if event.read_only else "false",),
    "Username": lambda event: (event.actor.username,),
    "ResourceType": lambda event: tuple(kind for kind, _ in event.resources),
    "ResourceName": lambda event: tuple(name for _, name in event.resources),
    "EventSource": lambda event: (event.source,),
    "AccessKeyId": lambda event: (event.actor.access_key,),
}

OPERATIONS: dict[str, Operation] = {"LookupEvents": lookup_events}
EARLY_CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {"LookupEvents": check_max_results}
"""Refusals that come before the check against the model."""
