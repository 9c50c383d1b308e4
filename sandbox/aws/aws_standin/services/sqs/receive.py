"""ReceiveMessage, and what there is to know of the queue. It never waits, whatever is asked.

Messages are EventBridge's events as a rule with this queue as its target puts them in.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from aws_standin.errors import AwsError
from aws_standin.fleet.access_queue import RETENTION, VISIBILITY, Message
from aws_standin.fleet.partition import partition_of
from aws_standin.services.call import Call
from aws_standin.services.sqs.naming import (
    NAME,
    called_queue,
    missing_queue,
    queue_url,
    receipt_handle,
)

_CREATED = 1_735_689_600
"""UTC seconds at which every queue was made."""
_RANGES = {
    "MaxNumberOfMessages": (1, 10),
    "VisibilityTimeout": (0, 43_200),
    "WaitTimeSeconds": (0, 20),
}


def get_queue_url(call: Call) -> dict[str, Any]:
    """Tell the URL of the caller's queue."""
    owner = call.params.get("QueueOwnerAWSAccountId", call.identity.account)
    if call.params["QueueName"] != NAME or owner != call.identity.account:
        raise missing_queue()
    return {"QueueUrl": queue_url(call)}


def get_queue_attributes(call: Call) -> dict[str, Any]:
    """Tell how many messages there are, and how they are kept."""
    ready, hidden = called_queue(call).counts(call.now)
    region = call.request.region
    arn = f"arn:{partition_of(region)}:sqs:{region}:{call.identity.account}:{NAME}"
    everything = {
        "ApproximateNumberOfMessages": str(ready),
        "ApproximateNumberOfMessagesNotVisible": str(hidden),
        "ApproximateNumberOfMessagesDelayed": "0",
        "CreatedTimestamp": str(_CREATED),
        "LastModifiedTimestamp": str(_CREATED),
        "DelaySeconds": "0",
        "MaximumMessageSize": "262144",
        "MessageRetentionPeriod": str(RETENTION),
        "ReceiveMessageWaitTimeSeconds": "0",
        "VisibilityTimeout": str(VISIBILITY),
        "SqsManagedSseEnabled": "true",
        "QueueArn": arn,
        "Policy": _policy(arn),
    }
    wanted = call.params.get("AttributeNames", ())
    if "All" in wanted:
        return {"Attributes": everything}
    return {"Attributes": {name: everything[name] for name in wanted if name in everything}}


def receive_message(call: Call) -> dict[str, Any]:
    """Receive up to ten messages, and hide them."""
    queue, params = called_queue(call), call.params
    for name, (low, high) in _RANGES.items():
        if not low <= params.get(name, low) <= high:
            raise AwsError(
                "InvalidParameterValueException",
                f"Value {params[name]} for parameter {name} is invalid. "
                f"Reason: Must be between {low} and {high}, if provided.",
            )
    most, hide_for = params.get("MaxNumberOfMessages", 1), params.get("VisibilityTimeout")
    taken = queue.receive(call.now, most, VISIBILITY if hide_for is None else hide_for)
    if not taken:
        return {}
    wanted = {*params.get("AttributeNames", ()), *params.get("MessageSystemAttributeNames", ())}
    return {"Messages": [_as_message(message, wanted) for message in taken]}


def _as_message(message: Message, wanted: set[str]) -> dict[str, Any]:
    body = message.body
    attributes = {
        "SenderId": "AIDAEVENTBRIDGE000000",
        "SentTimestamp": str(message.sent * 1000),
        "ApproximateReceiveCount": str(message.receives),
        "ApproximateFirstReceiveTimestamp": str(message.first_received * 1000),
    }
    answer: dict[str, Any] = {
        "MessageId": message.id,
        "ReceiptHandle": receipt_handle(message.id, message.receives),
        "MD5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "Body": body,
    }
    shown = attributes if "All" in wanted else {n: attributes[n] for n in wanted & set(attributes)}
    return {**answer, "Attributes": shown} if shown else answer


def _policy(arn: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
