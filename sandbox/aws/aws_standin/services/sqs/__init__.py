"""Amazon SQS, as far as it takes to drain one queue: `workspaces-access`."""

from aws_standin.services.call import Operation
from aws_standin.services.sqs import delete, receive

OPERATIONS: dict[str, Operation] = {
    "GetQueueUrl": receive.get_queue_url,
    "GetQueueAttributes": receive.get_queue_attributes,
    "ReceiveMessage": receive.receive_message,
    "DeleteMessage": delete.delete_message,
    "DeleteMessageBatch": delete.delete_message_batch,
}
"""What is served, by the operation's name."""
