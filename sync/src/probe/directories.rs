//! The smallest calls of what sources Directories and Leavers read beyond the listings.
//!
//! What asks for one directory asks for one that does not exist: AWS looks at permissions
//! first, and "there is no such directory" proves that the call is allowed.

use crate::aws::{
    caller::Caller,
    clients::RegionClients,
    error::{CallError, ErrorClass},
    operation::Operation,
};

/// An id that AWS's patterns allow and that nothing has.
pub(super) const NO_DIRECTORY: &str = "d-0000000000";
const NO_CERTIFICATE: &str = "c-0000000000";

/// Tries `operation` of `WorkSpaces` or Directory Service.
pub(super) async fn try_out(operation: Operation, clients: &RegionClients, caller: &Caller) -> Result<(), CallError> {
    match of_workspaces(operation, clients, caller).await {
        Some(answer) => refused_is_allowed(answer),
        None => refused_is_allowed(of_directory_service(operation, clients, caller).await),
    }
}

/// An operation of `WorkSpaces`; `None` when it is not one of them.
async fn of_workspaces(
    operation: Operation,
    RegionClients { workspaces, .. }: &RegionClients,
    caller: &Caller,
) -> Option<Result<(), CallError>> {
    let answer = match operation {
        Operation::DescribeIpGroups => {
            let one = || workspaces.describe_ip_groups().max_results(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeConnectionAliases => {
            let one = || workspaces.describe_connection_aliases().limit(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeAccount => {
            let account = || workspaces.describe_account();
            caller.call(operation, |size| account().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeAccountModifications => {
            let page = || workspaces.describe_account_modifications();
            caller.call(operation, |size| page().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeClientProperties => {
            let none = || workspaces.describe_client_properties().resource_ids(NO_DIRECTORY);
            caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop)
        }
        _ => return None,
    };
    Some(answer)
}

async fn of_directory_service(
    operation: Operation,
    RegionClients { directory, directory_data, .. }: &RegionClients,
    caller: &Caller,
) -> Result<(), CallError> {
    match operation {
        Operation::DescribeDomainControllers => {
            let none = || directory.describe_domain_controllers().directory_id(NO_DIRECTORY);
            caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeTrusts => {
            let one = || directory.describe_trusts().limit(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeLdapsSettings => {
            let none = || directory.describe_ldaps_settings().directory_id(NO_DIRECTORY);
            caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeSnapshots => {
            let one = || directory.describe_snapshots().limit(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeDirectoryDataAccess => {
            let none = || directory.describe_directory_data_access().directory_id(NO_DIRECTORY);
            caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::ListUsers => {
            let none = || directory_data.list_users().directory_id(NO_DIRECTORY).max_results(1);
            caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::GetSnapshotLimits => {
            let none = || directory.get_snapshot_limits().directory_id(NO_DIRECTORY);
            caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::GetDirectoryLimits => {
            let limits = || directory.get_directory_limits();
            caller.call(operation, |size| limits().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::ListCertificates => {
            let none = || directory.list_certificates().directory_id(NO_DIRECTORY);
            caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeCertificate => {
            let none = || directory.describe_certificate().directory_id(NO_DIRECTORY).certificate_id(NO_CERTIFICATE);
            caller.call(operation, |size| none().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::ListLogSubscriptions => {
            let one = || directory.list_log_subscriptions().limit(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        other => unreachable!("{} is tried elsewhere", other.name()),
    }
}

/// A refusal of the request itself comes after the permission was looked at.
pub(super) fn refused_is_allowed(answer: Result<(), CallError>) -> Result<(), CallError> {
    match answer {
        Err(error) if error.class() == Some(ErrorClass::BadRequest) && error.code().is_some() => Ok(()),
        answer => answer,
    }
}
