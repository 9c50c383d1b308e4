//! Snapshots: a block of desktops by `workspaces:DescribeWorkspaceSnapshots`, which tells of
//! one desktop a call. The block holds the desktops that were read longest ago, and not more
//! than a run can read in its time.

use aws_sdk_workspaces::types as sdk;
use store::{
    run_step::Next,
    snapshots::{self, DesktopSnapshots, Snapshot},
};
use tokio::time::Instant;

use super::{
    parse,
    work::{StepFailure, WRITE_AFTER, Work, timeless},
};
use crate::aws::{error::CallError, operation::Operation};

/// Reads the snapshots of the step's desktops from where the pod before stopped.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let ids = &work.step.workspace_ids;
    let done = work.desktops_done();
    let rejected_in_all = u64::try_from(work.step.rejected).unwrap_or(0);
    let mut block = Block { work, written: done, asked: done, found: Vec::new(), rejected: 0, rejected_in_all };
    let mut since = Instant::now();
    while block.asked < ids.len() {
        if let Err(failure) = block.ask(&ids[block.asked]).await {
            block.write(false).await?;
            return Err(failure);
        }
        block.asked += 1;
        let unwritten = block.asked - block.written;
        if block.asked < ids.len() && (unwritten >= work.batch || since.elapsed() >= WRITE_AFTER) {
            block.write(false).await?;
            since = Instant::now();
        }
    }
    block.write(true).await
}

struct Block<'a> {
    work: &'a Work<'a>,
    written: usize,
    asked: usize,
    found: Vec<DesktopSnapshots>,
    /// Snapshots without a time: since the last write, and in the whole block.
    rejected: u64,
    rejected_in_all: u64,
}

impl Block<'_> {
    /// Asks for one desktop. One that AWS does not know went since it was listed.
    async fn ask(&mut self, id: &str) -> Result<(), StepFailure> {
        let Work { clients, caller, .. } = self.work;
        let answer = caller
            .call(Operation::DescribeWorkspaceSnapshots, |size| {
                let request = clients.workspaces.describe_workspace_snapshots().workspace_id(id);
                request.customize().interceptor(size).send()
            })
            .await;
        let answer = match answer {
            Err(CallError::Aws { code: Some(code), .. }) if code == "ResourceNotFoundException" => return Ok(()),
            answer => answer?,
        };
        let (rebuild, restore) = (answer.rebuild_snapshots, answer.restore_snapshots);
        let (snapshots, rejected) = read(rebuild.unwrap_or_default(), restore.unwrap_or_default());
        self.rejected += rejected;
        self.rejected_in_all += rejected;
        self.found.push(DesktopSnapshots { workspace_id: id.to_owned(), snapshots });
        Ok(())
    }

    async fn write(&mut self, is_last: bool) -> Result<(), StepFailure> {
        if !is_last && self.asked == self.written {
            return Ok(());
        }
        let Work { pool, ledger, step, .. } = self.work;
        let spent = ledger.take(self.rejected);
        let next = if is_last {
            Next::End(timeless("snapshot", self.rejected_in_all))
        } else {
            Next::From(self.asked.to_string())
        };
        let asked = &step.workspace_ids[self.written..self.asked];
        snapshots::write(pool, step, asked, &self.found, (&spent, &next)).await?;
        (self.written, self.rejected) = (self.asked, 0);
        self.found.clear();
        Ok(())
    }
}

/// The snapshots of an answer, and how many had no time.
fn read(rebuild: Vec<sdk::Snapshot>, restore: Vec<sdk::Snapshot>) -> (Vec<Snapshot>, u64) {
    let told = rebuild.len() + restore.len();
    let rows = rebuild.into_iter().map(|one| (one, true)).chain(restore.into_iter().map(|one| (one, false)));
    let snapshots: Vec<Snapshot> = rows
        .filter_map(|(one, rebuild)| Some(Snapshot { taken_at: parse::moment(one.snapshot_time)?, rebuild }))
        .collect();
    let rejected = (told - snapshots.len()) as u64;
    (snapshots, rejected)
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;

    #[test]
    fn a_snapshot_without_a_time_is_counted() {
        let at = |second| sdk::Snapshot::builder().snapshot_time(DateTime::from_secs(second)).build();
        let (snapshots, rejected) = read(vec![at(300)], vec![at(300), sdk::Snapshot::builder().build()]);
        assert_eq!(snapshots.iter().map(|one| one.rebuild).collect::<Vec<_>>(), [true, false]);
        assert_eq!(rejected, 1);
    }
}
