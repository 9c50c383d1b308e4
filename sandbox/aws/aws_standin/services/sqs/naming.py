"""Which queue a URL names, and what stands in a receipt handle."""

from __future__ import annotations

import base64
import json

from aws_standin.errors import AwsError
from aws_standin.fleet.access_queue import AccessQueue
from aws_standin.services.call import Call

NAME = "workspaces-access"
"""The only queue there is in an account and region."""


def queue_url(call: Call) -> str:
    """URL of the caller's queue, at the address that the caller came by."""
    host = call.request.environ.get("HTTP_HOST", "localhost")
    return f"http://{host}/{call.identity.account}/{NAME}"


def called_queue(call: Call) -> AccessQueue:
    """The queue whose URL the call gives; only its path counts."""
    url: str = call.params["QueueUrl"]
    if url.rstrip("/").split("/")[-2:] != [call.identity.account, NAME]:
        raise missing_queue()
    return call.world.queue(call.identity.account, call.request.region)


def missing_queue() -> AwsError:
    """The error for a queue that is not there."""
    return AwsError("QueueDoesNotExist", "The specified queue does not exist.")


def receipt_handle(message_id: str, receives: int) -> str:
    """Handle of one receipt of a message."""
    return base64.b64encode(json.dumps([message_id, receives]).encode()).decode()


def message_of(handle: str) -> str:
    """The message that a receipt handle is of; raises `ReceiptHandleIsInvalid`."""
    try:
        message_id, receives = json.loads(base64.b64decode(handle.encode(), validate=True))
    except (ValueError, TypeError):
        message_id, receives = None, None
    if not isinstance(message_id, str) or not isinstance(receives, int):
        raise AwsError("ReceiptHandleIsInvalid", "The input receipt handle is invalid.")
    return message_id
