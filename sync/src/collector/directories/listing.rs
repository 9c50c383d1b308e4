//! The listing: all directories of a region by `workspaces:DescribeWorkspaceDirectories`,
//! joined with `ds:DescribeDirectories`. A region has few, so they are read whole and
//! written once.

use store::directories::{self, Listing};

use super::{
    super::{
        paging, parse,
        work::{StepFailure, Work},
    },
    gaps::{Gaps, Verdict},
};
use crate::aws::operation::Operation;

const PAGE: i32 = 25;

/// Reads and writes the directories of the step's region; what Directory Service adds may
/// be missing.
pub(super) async fn collect(work: &Work<'_>, gaps: &mut Gaps) -> Result<(), StepFailure> {
    let (directories, rejected) = workspace_directories(work).await?;
    let services = if directories.iter().any(|directory| directory.id.is_in_directory_service()) {
        match directory_services(work).await {
            Ok(services) => services,
            Err(failure) => match gaps.add(Operation::DescribeDirectories, &failure) {
                Verdict::Fatal => return Err(failure),
                _ => Vec::new(),
            },
        }
    } else {
        Vec::new()
    };
    gaps.add_unidentified("directory", rejected);
    let spent = work.ledger.take(rejected);
    let listing = Listing { directories: &directories, services: &services, spent: &spent };
    directories::write(work.pool, work.step, &listing).await?;
    Ok(())
}

/// The directories as `WorkSpaces` knows them, and how many had no id.
pub(in crate::collector) async fn workspace_directories(
    work: &Work<'_>,
) -> Result<(Vec<fleet::Directory>, u64), StepFailure> {
    let operation = Operation::DescribeWorkspaceDirectories;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.workspaces.describe_workspace_directories();
            request.limit(PAGE).set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.directories.unwrap_or_default(), answer.next_token))
    })
    .await?;
    let received = found.len();
    let directories: Vec<_> = found.into_iter().filter_map(parse::directory).collect();
    let rejected = (received - directories.len()) as u64;
    Ok((directories, rejected))
}

/// The directories as Directory Service knows them. One without an id belongs to no
/// directory of ours; nothing is lost.
pub(in crate::collector) async fn directory_services(
    work: &Work<'_>,
) -> Result<Vec<fleet::DirectoryService>, StepFailure> {
    let operation = Operation::DescribeDirectories;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.directory.describe_directories();
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.directory_descriptions.unwrap_or_default(), answer.next_token))
    })
    .await?;
    Ok(found.into_iter().filter_map(parse::directory_service).collect())
}
