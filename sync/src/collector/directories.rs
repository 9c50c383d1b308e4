//! Directories: all of a region by `workspaces:DescribeWorkspaceDirectories`, joined with
//! `ds:DescribeDirectories`. A region has few, so they are read whole and written once.

use store::{
    directories::{self, Listing},
    run_step::StepError,
};

use super::{
    paging::Paging,
    parse,
    work::{StepFailure, Work, unidentified},
};
use crate::aws::{error::CallError, operation::Operation};

const PAGE: i32 = 25;

/// Reads and writes the directories of the step's region.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let mut rejected = 0;
    let directories = workspace_directories(work, &mut rejected).await?;
    let (services, missing) = if directories.iter().any(|directory| directory.id.is_in_directory_service()) {
        match directory_services(work).await {
            Ok(services) => (services, None),
            Err(failure) => (Vec::new(), Some(without_services(failure)?)),
        }
    } else {
        (Vec::new(), None)
    };
    let spent = work.ledger.take(rejected);
    let error = unidentified("directory", rejected).or(missing);
    let listing = Listing { directories: &directories, services: &services, spent: &spent, error };
    directories::write(work.pool, work.step, &listing).await?;
    Ok(())
}

async fn workspace_directories(work: &Work<'_>, rejected: &mut u64) -> Result<Vec<fleet::Directory>, StepFailure> {
    let operation = Operation::DescribeWorkspaceDirectories;
    let (mut directories, mut token, mut paging) = (Vec::new(), None::<String>, Paging::new(operation));
    loop {
        let answer = work
            .caller
            .call(operation, |size| {
                let request = work.clients.workspaces.describe_workspace_directories();
                request.limit(PAGE).set_next_token(token.clone()).customize().interceptor(size).send()
            })
            .await?;
        let page = answer.directories.unwrap_or_default();
        let items = page.len();
        for directory in page {
            match parse::directory(directory) {
                Some(directory) => directories.push(directory),
                None => *rejected += 1,
            }
        }
        token = paging.next(answer.next_token, items)?;
        if token.is_none() {
            return Ok(directories);
        }
    }
}

async fn directory_services(work: &Work<'_>) -> Result<Vec<fleet::DirectoryService>, StepFailure> {
    let operation = Operation::DescribeDirectories;
    let (mut services, mut token, mut paging) = (Vec::new(), None::<String>, Paging::new(operation));
    loop {
        let answer = work
            .caller
            .call(operation, |size| {
                let request = work.clients.directory.describe_directories();
                request.set_next_token(token.clone()).customize().interceptor(size).send()
            })
            .await?;
        // One without an id belongs to no directory of ours; nothing is lost.
        let page = answer.directory_descriptions.unwrap_or_default();
        let items = page.len();
        services.extend(page.into_iter().filter_map(parse::directory_service));
        token = paging.next(answer.next_token, items)?;
        if token.is_none() {
            return Ok(services);
        }
    }
}

/// Directories are worth keeping without what Directory Service adds to them; only a stop
/// or a broken database ends the step.
fn without_services(failure: StepFailure) -> Result<StepError, StepFailure> {
    let class = match &failure {
        StepFailure::Call(error @ CallError::Aws { class, .. }) => Some((*class, error.to_string())),
        StepFailure::RepeatedToken { .. } | StepFailure::EndlessPages { .. } => {
            Some((crate::aws::error::ErrorClass::Contract, failure.to_string()))
        }
        StepFailure::Call(CallError::Pace { .. } | CallError::Budget { .. } | CallError::Stopped { .. })
        | StepFailure::Write(_) => None,
    };
    match class {
        Some((class, message)) => {
            Ok(StepError { class: class.as_str(), message, retryable: class.is_worth_another_pod() })
        }
        None => Err(failure),
    }
}
