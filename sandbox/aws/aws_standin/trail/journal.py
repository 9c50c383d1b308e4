"""The calls that the stand-in itself answered, as CloudTrail sees them.

In: each call after its answer, with its caller. Out: events of one account and region. As in AWS,
failures are events too, and what only touches data (metric values, messages) is none. Bounded: of
each account and region the newest `CAPACITY` reads and `CAPACITY` other calls are kept.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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
    """Calls of one account and region."""

    reads: deque[AnsweredCall] = field(default_factory=lambda: deque(maxlen=CAPACITY))
    others: deque[AnsweredCall] = field(default_factory=lambda: deque(maxlen=CAPACITY))


class Journal:
    """All answered calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sites: dict[tuple[str, str], _SiteCalls] = {}

    def record(self, call: AnsweredCall) -> None:
        """Add a call, unless CloudTrail would not see it."""
        if call.service in _DATA_SERVICES or call.operation in _DATA:
            return
        read = is_read(call.operation)
        if read and call.service != "sts":
            call = replace(call, answer=None)
        with self._lock:
            site = self._sites.setdefault((call.account, call.region), _SiteCalls())
            (site.reads if read else site.others).append(call)

    def events(
        self, account: str, region: str, between: tuple[int, int], *, reads: bool
    ) -> Iterator[TrailEvent]:
        """Events at instants from the first to the second one, both included."""
        with self._lock:
            site = self._sites.get((account, region), _SiteCalls())
            calls = [*site.others, *(site.reads if reads else ())]
        first, last = between
        return (_event(call) for call in calls if first <= call.at <= last)


def is_read(operation: str) -> bool:
    """Whether CloudTrail calls this operation read-only."""
    return operation.startswith((*_READING, _READS_OF_STS))


def _event(call: AnsweredCall) -> TrailEvent:
    read = is_read(call.operation)
    return TrailEvent(
        id=event_id("call", call.request_id),
        at=call.at,
        account=call.account,
        region=call.region,
        source=_SOURCES.get(call.service, f"{call.service}.amazonaws.com"),
        name=call.operation,
        actor=_actor(call),
        parameters=camel(call.parameters) or None,
        response=camel(call.answer) or None,
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
