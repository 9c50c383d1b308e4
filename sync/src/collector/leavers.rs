//! Leavers: the users of directories by `ds-data:ListUsers`, 250 a page, so that desktops
//! of people who left can be told (`fleet::standing`).
//!
//! Only directories registered with `WorkSpaces` are asked, and of those only managed ADs
//! whose data access is on: elsewhere the answer is "off" or "not supported", which is kept
//! and is no failure. A directory whose listing was cut off is listed again from its start;
//! nobody is gone by an incomplete one.

use aws_sdk_directory::types::DataAccessStatus;
use aws_sdk_directoryservicedata::{
    operation::list_users::{ListUsersError, ListUsersOutput},
    types::AccessDeniedReason,
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use fleet::vocabulary::DirectoryServiceType;
use store::{
    directories::Known,
    directory_readings::{self, Detail, Outcome, Reading},
    directory_users::{self, Ended, ListedUser},
    run_step,
};

use super::{
    directories::{
        details::Details,
        gaps::{Gaps, Verdict},
        listing,
    },
    paging::Paging,
    work::{StepFailure, Work},
};
use crate::aws::{error::ErrorClass, operation::Operation};

/// AWS's largest page.
const PAGE: i32 = 250;

/// What this source calls.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation::DescribeWorkspaceDirectories,
    Operation::DescribeDirectories,
    Operation::DescribeDirectoryDataAccess,
    Operation::ListUsers,
];

/// Reads and writes the users of the directories of the step's region.
pub(crate) async fn collect(work: &Work<'_>) -> Result<(), StepFailure> {
    let mut gaps = Gaps::default();
    let known = registered(work, &mut gaps).await?;
    // Only what this very run has read before its pod was killed counts as read.
    let fresh = directory_readings::fresh(work.pool, work.step, None).await;
    let mut details = Details::new(work, &known, fresh.map_err(|error| work.query_failed(error))?, gaps);
    for directory in &known {
        if details.is_due(Detail::Users, Some(directory.id.as_str())) {
            read(&mut details, directory).await?;
        }
    }
    run_step::end(work.pool, work.step, &work.ledger.take(0), details.into_error()).await?;
    Ok(())
}

/// Directories registered with `WorkSpaces`, with the kind that Directory Service tells.
/// This source asks itself, so that it needs no other to have been read before.
async fn registered(work: &Work<'_>, gaps: &mut Gaps) -> Result<Vec<Known>, StepFailure> {
    let (directories, rejected) = listing::workspace_directories(work).await?;
    gaps.add_unidentified("directory", rejected);
    let services = match listing::directory_services(work).await {
        Ok(services) => services,
        Err(failure) => match gaps.add(Operation::DescribeDirectories, &failure) {
            Verdict::Fatal => return Err(failure),
            _ => Vec::new(),
        },
    };
    let known = directories.into_iter().map(|directory| {
        let service = services.iter().find(|service| service.id == directory.id);
        Known { id: directory.id, service_type: service.and_then(|service| service.service_type.clone()) }
    });
    Ok(known.collect())
}

async fn read(details: &mut Details<'_>, directory: &Known) -> Result<(), StepFailure> {
    let (work, id) = (details.work, directory.id.as_str());
    if !directory.id.is_in_directory_service() || !may_be_managed(directory) {
        return note(work, id, Outcome::NotSupported).await;
    }
    match has_data_access(work, id).await {
        Ok(true) => {}
        Ok(false) => return note(work, id, Outcome::Off).await,
        Err(failure) if is_denied(&failure) => {
            // The listing itself tells it too.
            details.withheld(Operation::DescribeDirectoryDataAccess, Some(failure))?;
        }
        Err(failure) => {
            let asked = (Detail::Users, Some(id));
            return details.told(asked, Operation::DescribeDirectoryDataAccess, Err::<(), _>(failure)).await.map(drop);
        }
    }
    let listed = list(details, id).await;
    match details.told((Detail::Users, Some(id)), Operation::ListUsers, listed).await? {
        Some(Listed::SwitchedOff) => note(work, id, Outcome::Off).await,
        Some(Listed::Whole(ended)) => {
            let spent = details.spent("user", 0);
            Ok(directory_users::end_listing(work.pool, work.step, id, ended, &spent).await?)
        }
        None => Ok(()),
    }
}

/// Shared directories and kinds that are not known are asked, and may refuse.
fn may_be_managed(directory: &Known) -> bool {
    !matches!(directory.service_type, Some(DirectoryServiceType::AdConnector | DirectoryServiceType::SimpleAd))
}

fn is_denied(failure: &StepFailure) -> bool {
    matches!(failure, StepFailure::Call(error) if error.class() == Some(ErrorClass::Permission))
}

async fn note(work: &Work<'_>, id: &str, outcome: Outcome) -> Result<(), StepFailure> {
    if outcome == Outcome::Off {
        tracing::info!(directory.id = id, "data access is off, so its users cannot be read");
    }
    let reading = Reading { detail: Detail::Users, directory_id: Some(id), outcome, reason: None };
    Ok(directory_readings::note(work.pool, work.step, reading, &work.ledger.take(0)).await?)
}

async fn has_data_access(work: &Work<'_>, id: &str) -> Result<bool, StepFailure> {
    let operation = Operation::DescribeDirectoryDataAccess;
    let call = |size| {
        let request = work.clients.directory.describe_directory_data_access().directory_id(id);
        request.customize().interceptor(size).send()
    };
    let answer = work.caller.call(operation, call).await?;
    Ok(answer.data_access_status == Some(DataAccessStatus::Enabled))
}

/// How a listing ended.
enum Listed {
    /// With its last page.
    Whole(Ended),
    /// Somebody switched data access off.
    SwitchedOff,
}

/// Reads the users of one directory, and writes each page.
async fn list(details: &mut Details<'_>, id: &str) -> Result<Listed, StepFailure> {
    let work = details.work;
    let began = directory_users::begin_listing(work.pool).await.map_err(|error| work.query_failed(error))?;
    let (mut paging, mut token) = (Paging::new(Operation::ListUsers), None);
    let (mut users, mut unnamed) = (0, 0);
    loop {
        let Some(answer) = read_page(work, id, token).await? else { return Ok(Listed::SwitchedOff) };
        let listed = answer.users.unwrap_or_default();
        let received = listed.len();
        let page: Vec<ListedUser> = listed
            .into_iter()
            .filter(|user| !user.sam_account_name.is_empty())
            .map(|user| ListedUser { user_name: user.sam_account_name, enabled: user.enabled })
            .collect();
        let rejected = (received - page.len()) as u64;
        users += page.len();
        unnamed += rejected;
        token = paging.next(answer.next_token, received)?;
        let spent = details.spent("user", rejected);
        directory_users::write_page(work.pool, work.step, id, &page, &spent).await?;
        if token.is_none() {
            return Ok(Listed::Whole(Ended { began, users, whole: unnamed == 0 }));
        }
    }
}

/// One page; `None` where data access is off.
async fn read_page(work: &Work<'_>, id: &str, token: Option<String>) -> Result<Option<ListUsersOutput>, StepFailure> {
    let call = |size| {
        let request = work.clients.directory_data.list_users().directory_id(id).max_results(PAGE);
        let answer = request.set_next_token(token.clone()).customize().interceptor(size).send();
        async {
            match answer.await {
                Err(error) if is_switched_off(&error) => Ok(None),
                answer => answer.map(Some),
            }
        }
    };
    Ok(work.caller.call(Operation::ListUsers, call).await?)
}

/// AWS says "access denied" of a directory whose data access is off, with a reason.
fn is_switched_off(error: &SdkError<ListUsersError, HttpResponse>) -> bool {
    match error.as_service_error() {
        Some(ListUsersError::AccessDeniedException(denied)) => denied.reason == Some(AccessDeniedReason::DataDisabled),
        _ => false,
    }
}
