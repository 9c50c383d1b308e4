"""The calls that the stand-in itself answered, as CloudTrail sees them.

In: each call after its answer, with its caller. Out: events of one account and region. As in AWS,
failures are events too, and what only touches data (metric values, messages) is none. Bounded: of
each account and region the newest `CAPACITY` reads and `CAPACITY` other calls are kept.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, insort
from dataclasses import dataclass, field
from typing import Any

from aws_standin.fleet.ledger import iso
from aws_standin.trail.event import Actor, TrailEvent
from aws_standin.trail.rendering import camel, event_id

CAPACITY = 20_000
_READING = ("Describe", "Get", "List", "Lookup", "Search")
_READS_OF_STS = "AssumeRole"
_DATA_SERVICES = frozenset({"sqs", "ds-data"})
_DATA = frozenset({"GetMetricData", "GetMetricStatistics", "PutMetricData"})
_SOURCES = {
    "resourcegroupstaggingapi": "tagging.amazonaws.com",
    "service-quotas": "servicequotas.amazonaws.com",
    "cloudwatch": "monitoring.amazonaws.com",
}


@dataclass(frozen=True, slots=True)
class AnsweredCall:
    """A call of the stand-in, after its answer. `at` in UTC seconds of the fleet's clock."""

    at: int
    account: str
    region: str
    service: str
    operation: str
    request_id: str
    arn: str
    user_id: str
    access_key: str | None
    address: str
    agent: str
    parameters: dict[str, Any]
    answer: dict[str, Any] | None
    error: tuple[str, str] | None


@dataclass(slots=True)
class _SiteCalls:
    """Events of one account and region, each list in order of time."""

    reads: list[TrailEvent] = field(default_factory=list)
    others: list[TrailEvent] = field(default_factory=list)


class Journal:
    """All answered calls, as events."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sites: dict[tuple[str, str], _SiteCalls] = {}

    def record(self, call: AnsweredCall) -> None:
        """Add a call, unless CloudTrail would not see it."""
        if call.service in _DATA_SERVICES or call.operation in _DATA:
            return
        event = _event(call)
        with self._lock:
            site = self._sites.setdefault((call.account, call.region), _SiteCalls())
            kept = site.reads if event.read_only else site.others
            # The fleet's clock may have been set back, so an event need not be the newest one.
            insort(kept, event, key=_key)
            if len(kept) > CAPACITY:
                del kept[0]

    def newest_first(
        self, account: str, region: str, between: tuple[int, int], *, reads: bool
    ) -> list[list[TrailEvent]]:
        """Events at instants from the first to the second one, both included: two sorted lists."""
        first, last = between
        with self._lock:
            site = self._sites.get((account, region), _SiteCalls())
            lists = [site.others, site.reads] if reads else [site.others]
            return [
                kept[bisect_left(kept, f"{first:012d}", key=_key) :
                     bisect_left(kept, f"{last + 1:012d}", key=_key)][::-1]
                for kept in lists
            ]  # fmt: skip


def _key(event: TrailEvent) -> str:
    return event.key


def is_read(operation: str) -> bool:
    """Whether CloudTrail calls this operation read-only."""
    return operation.startswith((*_READING, _READS_OF_STS))


def _event(call: AnsweredCall) -> TrailEvent:
    read = is_read(call.operation)
    answer = None if read and call.service != "sts" else call.answer
    return TrailEvent(
        id=event_id("call", call.request_id),
        at=call.at,
        account=call.account,
        region=call.region,
        source=_SOURCES.get(call.service, f"{call.service}.amazonaws.com"),
        name=call.operation,
        actor=_actor(call),
        parameters=camel(call.parameters) or None,
        response=camel(answer) or None,
        read_only=read,
        error=call.error,
    )


def _actor(call: AnsweredCall) -> Actor:
    resource = call.arn.rpartition(":")[2]
    kind, _, rest = resource.partition("/")
    identity: dict[str, Any] = {
        "type": "AssumedRole" if kind == "assumed-role" else "IAMUser",
        "principalId": call.user_id,
        "arn": call.arn,
        "accountId": call.account,
        "accessKeyId": call.access_key,
    }
    name = rest.rpartition("/")[2]
    if kind == "assumed-role":
        identity["sessionContext"] = _session_context(call, rest.partition("/")[0])
    else:
        identity["userName"] = name
    return Actor(identity, name, call.access_key, call.address, call.agent)


def _session_context(call: AnsweredCall, role: str) -> dict[str, Any]:
    partition = call.arn.split(":")[1]
    return {
        "sessionIssuer": {
            "type": "Role",
            "principalId": call.user_id.partition(":")[0],
            "arn": f"arn:{partition}:iam::{call.account}:role/{role}",
            "accountId": call.account,
            "userName": role,
        },
        "attributes": {"creationDate": iso(call.at - call.at % 3600), "mfaAuthenticated": "false"},
    }
