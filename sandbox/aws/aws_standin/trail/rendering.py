"""Writes events down as CloudTrail does: rows of LookupEvents, and the record inside each.

In: a `TrailEvent`. Out: the API's `Event` structure. The record is a JSON text whose members are
in lowerCamelCase, whatever the API's own are.
"""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime
from typing import Any

from aws_standin.fleet.draws import Draws
from aws_standin.fleet.ledger import iso
from aws_standin.trail.event import TrailEvent
from aws_standin.trail.hostile import spoiled

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
_SECRET_WORDS = ("password", "secret", "sessiontoken", "webidentitytoken")


def row(event: TrailEvent) -> dict[str, Any]:
    """The `Event` structure of LookupEvents."""
    record = json.dumps(_record(event), separators=(",", ":"))
    answer: dict[str, Any] = {
        "EventId": event.id,
        "EventName": event.name,
        "ReadOnly": "true" if event.read_only else "false",
        "EventTime": event.at,
        "EventSource": event.source,
        "Resources": [{"ResourceType": kind, "ResourceName": name}
                      for kind, name in event.resources],
        "CloudTrailEvent": record[: len(record) * 2 // 3] if event.malformed else record,
    }  # fmt: skip
    if event.actor.access_key is not None:
        answer["AccessKeyId"] = event.actor.access_key
    if event.actor.username is not None:
        answer["Username"] = event.actor.username
    return answer


def camel(value: Any) -> Any:
    """Members in lowerCamelCase, instants as text, and nothing that is secret."""
    if isinstance(value, dict):
        return {_lower(name): _shown(name, item) for name, item in value.items()}
    if isinstance(value, list):
        return [camel(item) for item in value]
    return str(value) if isinstance(value, datetime | date) else value


def event_id(*path: object) -> str:
    """An id that follows from what the event is about."""
    draws = Draws("event", *path)
    words = [draws.word() for _ in range(4)]
    number = sum(word << (32 * place) for place, word in enumerate(words))
    return str(uuid.UUID(int=number, version=4))


def _record(event: TrailEvent) -> dict[str, Any]:
    record: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": event.actor.identity,
        "eventTime": iso(event.at),
        "eventSource": event.source,
        "eventName": event.name,
        "awsRegion": event.region,
        "sourceIPAddress": event.actor.address,
        "userAgent": event.actor.agent,
        "requestParameters": event.parameters,
        "responseElements": event.response,
        "requestID": event_id("request", event.id),
        "eventID": event.id,
        "readOnly": event.read_only,
        "eventType": _event_type(event),
        "managementEvent": True,
        "recipientAccountId": event.account,
        "eventCategory": "Management",
    }
    if event.error is not None:
        record["errorCode"], record["errorMessage"] = event.error
    if event.resources:
        record["resources"] = [
            {"accountId": event.account, "type": kind, "ARN": name}
            for kind, name in event.resources
        ]
    if "amazonaws.com" not in event.actor.address:
        host = f"{event.source.split('.')[0]}.{event.region}.amazonaws.com"
        record["tlsDetails"] = {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": host,
        }
    return spoiled(record, event.hostility)


def _event_type(event: TrailEvent) -> str:
    by_service = event.actor.identity.get("type") == "AWSService"
    return "AwsServiceEvent" if by_service else "AwsApiCall"


def _shown(name: str, item: Any) -> Any:
    lower = name.lower()
    if item and any(word in lower for word in _SECRET_WORDS):
        return HIDDEN
    return camel(item)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
