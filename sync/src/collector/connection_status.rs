//! Connection status: a block of desktops by
//! `workspaces:DescribeWorkspacesConnectionStatus`, 25 a call.

use std::collections::HashSet;

use fleet::ConnectionStatus;
use store::{connection_status, run_step::Next};
use tokio::time::Instant;

use super::{
    paging::Paging,
    parse,
    work::{StepFailure, WRITE_AFTER, Work, unidentified},
};
use crate::aws::operation::Operation;

/// AWS takes at most this many ids.
const IDS: usize = 25;

/// Reads the connections of the step's desktops from where the pod before stopped.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let ids = &work.step.workspace_ids;
    let mut block = Block {
        work,
        written: work.desktops_done(),
        asked: work.desktops_done(),
        answers: Vec::new(),
        rejected: 0,
        rejected_in_all: rejected_before(work),
    };
    let mut since = Instant::now();
    while block.asked < ids.len() {
        let end = ids.len().min(block.asked + IDS);
        if let Err(failure) = block.ask(&ids[block.asked..end]).await {
            block.write(false).await?;
            return Err(failure);
        }
        block.asked = end;
        let unwritten = block.asked - block.written;
        if end < ids.len() && (unwritten >= work.batch || since.elapsed() >= WRITE_AFTER) {
            block.write(false).await?;
            since = Instant::now();
        }
    }
    block.write(true).await
}

fn rejected_before(work: &Work<'_>) -> u64 {
    u64::try_from(work.step.rejected).unwrap_or(0)
}

struct Block<'a> {
    work: &'a Work<'a>,
    written: usize,
    asked: usize,
    answers: Vec<ConnectionStatus>,
    /// Answers without an id, or about a desktop nobody asked for: since the last write,
    /// and in the whole block.
    rejected: u64,
    rejected_in_all: u64,
}

impl Block<'_> {
    /// Asks for up to 25 desktops; the answer may come in pages.
    async fn ask(&mut self, ids: &[String]) -> Result<(), StepFailure> {
        let Work { clients, caller, .. } = self.work;
        let operation = Operation::DescribeWorkspacesConnectionStatus;
        let asked: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let mut answers = Vec::with_capacity(ids.len());
        let (mut token, mut paging) = (None::<String>, Paging::new(operation));
        loop {
            let answer = caller
                .call(operation, |size| {
                    clients
                        .workspaces
                        .describe_workspaces_connection_status()
                        .set_workspace_ids(Some(ids.to_vec()))
                        .set_next_token(token.clone())
                        .customize()
                        .interceptor(size)
                        .send()
                })
                .await?;
            let page = answer.workspaces_connection_status.unwrap_or_default();
            let items = page.len();
            for status in page {
                if let Some(status) = parse::connection(status).filter(|status| asked.contains(status.id.as_str())) {
                    answers.push(status);
                } else {
                    self.rejected += 1;
                    self.rejected_in_all += 1;
                }
            }
            token = paging.next(answer.next_token, items)?;
            if token.is_none() {
                break;
            }
        }
        // Only now: a call that fails between its pages is asked again from its first.
        self.answers.append(&mut answers);
        Ok(())
    }

    async fn write(&mut self, is_last: bool) -> Result<(), StepFailure> {
        if !is_last && self.asked == self.written {
            return Ok(());
        }
        let Work { pool, ledger, step, .. } = self.work;
        let spent = ledger.take(self.rejected);
        let next = if is_last {
            Next::End(unidentified("connection", self.rejected_in_all))
        } else {
            Next::From(self.asked.to_string())
        };
        let asked = &step.workspace_ids[self.written..self.asked];
        connection_status::write(pool, step, asked, &self.answers, (&spent, &next)).await?;
        (self.written, self.rejected) = (self.asked, 0);
        self.answers.clear();
        Ok(())
    }
}
