//! Whether the queue of access events may be read: one message is received and shown again
//! at once, and a receipt that nothing has is deleted.

use aws_sdk_sqs::types::DeleteMessageBatchRequestEntry;
use contract::AccountPlan;
use identifiers::Region;

use super::directories::refused_is_allowed;
use crate::{
    aws::{caller::Caller, clients::RegionClients, error::CallError, operation::Operation},
    collector::access_events::Queue,
};

/// The region of the account's queue, where it has one that can be read.
pub(super) fn region(account: &AccountPlan) -> Option<Region> {
    queue(account).map(|queue| queue.region)
}

fn queue(account: &AccountPlan) -> Option<Queue> {
    let url = account.access_events.as_ref().map(|events| &events.queue_url);
    Queue::of(url, &account.regions).ok()
}

/// Tries `operation` on the account's queue.
pub(super) async fn try_out(
    operation: Operation,
    account: &AccountPlan,
    clients: &RegionClients,
    caller: &Caller,
) -> Result<(), CallError> {
    let Some(queue) = queue(account) else { return Ok(()) };
    let url = queue.url.as_str();
    if operation == Operation::ReceiveMessage {
        let one = || clients.queues.receive_message().queue_url(url).max_number_of_messages(1).visibility_timeout(0);
        return caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop);
    }
    let entry = DeleteMessageBatchRequestEntry::builder().id("0").receipt_handle("none").build().ok();
    let none = || clients.queues.delete_message_batch().queue_url(url).set_entries(entry.clone().map(|one| vec![one]));
    refused_is_allowed(caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop))
}
