//! Access events: logins from an SQS queue that an EventBridge rule fills.
//!
//! ```text
//! receive ten ─► write them in one transaction ─► delete them ─► … ─► an empty answer ends it
//! ```
//!
//! SQS delivers at least once and in any order, so an event is known by its id: killed
//! before the write, its message comes again; killed between write and delete, it comes
//! again and changes nothing. A message that is no event is kept aside with the reason
//! before it is deleted, so it is neither lost nor received for ever. Off unless
//! `spec.accessEvents.queueUrl` of the account is set.

use std::collections::HashSet;

use aws_sdk_sqs::types::{DeleteMessageBatchRequestEntry, Message};
use store::{
    access_events::{self, RejectedMessage},
    run_step::{self, StepError},
};

use super::work::{StepFailure, Work};
use crate::aws::{error::ErrorClass, operation::Operation};

mod message;
mod queue;

pub(crate) use queue::{Queue, QueueError};

/// SQS's largest batch.
const BATCH: i32 = 10;
/// Seconds that SQS waits for a first message: with a wait it asks all its servers, so an
/// empty answer means an empty queue. Short, because the step ends with it.
const WAIT: i32 = 2;
/// Seconds for which other readers do not see what was received: writing takes far less.
const HIDDEN: i32 = 60;
/// Receipts of one step, 500,000 messages: more than four days of a large fleet. A queue
/// that has still more is read on by another pod.
const MOST_RECEIPTS: u32 = 50_000;
/// Characters of a message that are kept aside.
const MOST_CHARACTERS: usize = 65_536;

/// What this source calls.
pub(super) const OPERATIONS: &[Operation] = &[Operation::ReceiveMessage, Operation::DeleteMessageBatch];

/// Reads the account's queue, in the step of the region that the queue is in.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let queue = Queue::of(work.access_events, work.regions)?;
    let mut undeleted = HashSet::new();
    let mut has_ended = queue.region != work.step.region;
    let mut receipts = 0;
    while !has_ended && receipts < MOST_RECEIPTS {
        let messages = receive(work, &queue).await?;
        receipts += 1;
        // What could not be deleted comes again and again; it is written, and that is all.
        has_ended = messages.iter().all(|message| message.message_id().is_some_and(|id| undeleted.contains(id)));
        if !has_ended {
            write(work, &messages).await?;
            undeleted.extend(delete(work, &queue, &messages).await?);
        }
    }
    let rejected = access_events::rejected(work.pool, work.step).await.map_err(|error| work.query_failed(error))?;
    let error = left_over(has_ended, undeleted.len(), rejected);
    run_step::end(work.pool, work.step, &work.ledger.take(0), error).await?;
    Ok(())
}

/// Why the step is only partly complete.
fn left_over(has_ended: bool, undeleted: usize, rejected: i64) -> Option<StepError> {
    let (class, message, retryable) = if !has_ended {
        (ErrorClass::Throttle, "the queue holds more than one pod takes; the next one goes on".to_owned(), true)
    } else if undeleted > 0 {
        let message = format!("{undeleted} message(s) of the queue could not be deleted and will come again");
        (ErrorClass::Fault, message, false)
    } else if rejected > 0 {
        let message = format!(
            "{rejected} message(s) of the queue are no access events and are kept in access_event_rejected with \
             the reason; let the queue's rule match detail-type \"WorkSpaces Access\" of this account only"
        );
        (ErrorClass::Contract, message, false)
    } else {
        return None;
    };
    Some(StepError { class: class.as_str(), message, retryable })
}

async fn receive(work: &Work<'_>, queue: &Queue) -> Result<Vec<Message>, StepFailure> {
    let call = |size| {
        let request = work.clients.queues.receive_message().queue_url(queue.url.as_str());
        let request = request.max_number_of_messages(BATCH).wait_time_seconds(WAIT).visibility_timeout(HIDDEN);
        request.customize().interceptor(size).send()
    };
    match work.caller.call(Operation::ReceiveMessage, call).await {
        Ok(answer) => Ok(answer.messages.unwrap_or_default()),
        Err(error) if queue::is_missing(&error) => Err(QueueError::NotThere { url: queue.url.clone() }.into()),
        Err(error) => Err(error.into()),
    }
}

async fn write(work: &Work<'_>, messages: &[Message]) -> Result<(), StepFailure> {
    let (mut events, mut rejected) = (Vec::new(), Vec::new());
    for received in messages {
        let body = received.body().unwrap_or_default();
        match message::parse(body, &work.step.account) {
            Ok(event) => events.push(event),
            Err(reason) => rejected.push(RejectedMessage {
                message_id: received.message_id().unwrap_or_default().to_owned(),
                reason: reason.to_string(),
                body: body
                    .chars()
                    .take(MOST_CHARACTERS)
                    .map(|one| if one == '\0' { '\u{fffd}' } else { one })
                    .collect(),
            }),
        }
    }
    Ok(access_events::write(work.pool, work.step, (&events, &rejected), work.ledger.take(0)).await?)
}

/// Deletes what is written; tells the ids of those that SQS did not delete.
async fn delete(work: &Work<'_>, queue: &Queue, messages: &[Message]) -> Result<Vec<String>, StepFailure> {
    let entries: Vec<DeleteMessageBatchRequestEntry> = messages
        .iter()
        .enumerate()
        .filter_map(|(place, message)| {
            let entry = DeleteMessageBatchRequestEntry::builder().id(place.to_string());
            entry.receipt_handle(message.receipt_handle()?).build().ok()
        })
        .collect();
    let call = |size| {
        let request = work.clients.queues.delete_message_batch().queue_url(queue.url.as_str());
        request.set_entries(Some(entries.clone())).customize().interceptor(size).send()
    };
    let answer = work.caller.call(Operation::DeleteMessageBatch, call).await?;
    let deleted: HashSet<&str> = answer.successful.iter().map(|entry| entry.id.as_str()).collect();
    let kept = messages.iter().enumerate().filter(|(place, _)| !deleted.contains(place.to_string().as_str()));
    Ok(kept.filter_map(|(_, message)| message.message_id().map(str::to_owned)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_queue_without_strange_messages_is_complete() {
        assert_eq!(left_over(true, 0, 0), None);
    }

    #[test]
    fn what_is_left_over_is_said_and_only_a_full_queue_is_worth_another_pod() {
        assert!(left_over(false, 0, 0).unwrap().retryable);
        assert!(!left_over(true, 3, 0).unwrap().retryable);
        let rejected = left_over(true, 0, 2).unwrap();
        assert!(!rejected.retryable && rejected.message.contains("access_event_rejected"), "{rejected:?}");
    }
}
