"""DeleteMessage and DeleteMessageBatch. Deleting twice is no error, as in SQS."""

from __future__ import annotations

import re
from typing import Any

from aws_standin.errors import AwsError
from aws_standin.services.call import Call
from aws_standin.services.sqs.naming import called_queue, message_of

MOST_ENTRIES = 10
_ENTRY_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


def delete_message(call: Call) -> dict[str, Any]:
    """Delete one message, by any of its receipts."""
    queue = called_queue(call)
    queue.delete(message_of(call.params["ReceiptHandle"]))
    return {}


def delete_message_batch(call: Call) -> dict[str, Any]:
    """Delete up to ten messages, and tell of each whether it went well."""
    queue = called_queue(call)
    entries: list[dict[str, str]] = call.params["Entries"]
    _check(entries)
    successful: list[dict[str, str]] = []
    failed: list[dict[str, Any]] = []
    for entry in entries:
        try:
            queue.delete(message_of(entry["ReceiptHandle"]))
        except AwsError as error:
            failed.append(
                {
                    "Id": entry["Id"],
                    "SenderFault": True,
                    "Code": error.code,
                    "Message": error.message,
                }
            )
        else:
            successful.append({"Id": entry["Id"]})
    return {"Successful": successful, "Failed": failed}


def _check(entries: list[dict[str, str]]) -> None:
    if not entries:
        raise AwsError("EmptyBatchRequest", "There should be at least one entry in the request.")
    if len(entries) > MOST_ENTRIES:
        raise AwsError(
            "TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are {MOST_ENTRIES}.",
        )
    ids = [entry["Id"] for entry in entries]
    if len(set(ids)) != len(ids):
        raise AwsError("BatchEntryIdsNotDistinct", "Two entries of the batch have the same id.")
    for one in ids:
        if _ENTRY_ID.fullmatch(one) is None:
            raise AwsError("InvalidBatchEntryId", f"The entry id {one} is not valid.")
