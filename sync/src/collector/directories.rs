//! Directories: all of a region as `WorkSpaces` and Directory Service list them, and then
//! their details, each by a call of its own.
//!
//! ```text
//! listing ─► details of the region ─► details of each directory ─► end, with what is missing
//! ```
//!
//! Details are kept for some hours and written one by one, so a pod that is killed repeats
//! the listing and no detail. What one permission is missing for leaves the rest alone.

use jiff::SignedDuration;
use store::{directories, directory_readings, run_step};

use super::work::{StepFailure, Work};
use crate::aws::operation::Operation;

pub(super) mod details;
pub(super) mod gaps;
pub(super) mod listing;
mod of_directory;
mod of_region;

use details::Details;
use gaps::Gaps;

/// How long details are kept before they are asked for again: six hours, less the quarter
/// of an hour by which two runs of one schedule may be closer than that.
const FRESH: SignedDuration = SignedDuration::from_mins(6 * 60 - 15);

/// What this source calls.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation::DescribeWorkspaceDirectories,
    Operation::DescribeIpGroups,
    Operation::DescribeConnectionAliases,
    Operation::DescribeAccount,
    Operation::DescribeAccountModifications,
    Operation::DescribeClientProperties,
    Operation::DescribeDirectories,
    Operation::DescribeDomainControllers,
    Operation::DescribeTrusts,
    Operation::DescribeLdapsSettings,
    Operation::DescribeSnapshots,
    Operation::GetSnapshotLimits,
    Operation::GetDirectoryLimits,
    Operation::ListCertificates,
    Operation::DescribeCertificate,
    Operation::ListLogSubscriptions,
];

/// Reads and writes the directories of the step's region.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    if work.step.cursor.is_some() {
        run_step::restart_listing(work.pool, work.step).await?;
    }
    let mut gaps = Gaps::default();
    let not_listed = match listing::collect(work, &mut gaps).await {
        Ok(()) => None,
        // Without this permission the details can still be told.
        Err(failure) if gaps.add(Operation::DescribeWorkspaceDirectories, &failure).is_permission() => Some(failure),
        Err(failure) => return Err(failure),
    };
    let failed = |error| work.query_failed(error);
    let known = directories::known(work.pool, work.step).await.map_err(failed)?;
    let fresh = directory_readings::fresh(work.pool, work.step, work.kept_for(FRESH)).await.map_err(failed)?;
    let mut details = Details::new(work, &known, fresh, gaps);
    of_region::read(&mut details).await?;
    for directory in &known {
        of_directory::read(&mut details, directory).await?;
    }
    match not_listed {
        // Nothing at all could be read: that is a failed step, not one that lacks a part.
        Some(failure) if !details.has_told() => Err(failure),
        _ => Ok(run_step::end(work.pool, work.step, &work.ledger.take(0), details.into_error()).await?),
    }
}
