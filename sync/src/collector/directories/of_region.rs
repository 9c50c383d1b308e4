//! Details that one listing tells of a whole region: IP groups, aliases, tenancy, limits,
//! settings of clients, trusts, snapshots, log subscriptions.

use aws_sdk_workspaces::types::AccountModification;
use fleet::{
    directory_part::{DirectoryPart, PartKind},
    reach::{ClientProperties, ConnectionAlias, DirectoryLimits, IpGroup},
};
use store::{
    connection_aliases, directory_parts,
    directory_readings::{Detail, Reading},
    ip_groups, region_settings,
};

use super::{
    super::{
        paging, parse,
        work::{StepFailure, Work},
    },
    details::Details,
};
use crate::aws::operation::Operation;

/// AWS's largest page of IP groups, aliases and client properties.
const PAGE: i32 = 25;
const DIRECTORIES_A_CALL: usize = 25;

/// Reads what is due of the step's region.
pub(super) async fn read(details: &mut Details<'_>) -> Result<(), StepFailure> {
    read_reach(details).await?;
    read_tenancy(details).await?;
    if !details.known.is_empty() {
        read_client_properties(details).await?;
    }
    if details.known.iter().any(|directory| directory.id.is_in_directory_service()) {
        read_limits(details).await?;
        read_parts(details).await?;
    }
    Ok(())
}

async fn read_reach(details: &mut Details<'_>) -> Result<(), StepFailure> {
    let work = details.work;
    if details.is_due(Detail::IpGroups, None) {
        let answer = list_ip_groups(work).await;
        let told = details.told((Detail::IpGroups, None), Operation::DescribeIpGroups, answer).await?;
        if let Some((groups, rejected)) = told {
            ip_groups::write(work.pool, work.step, &groups, &details.spent("IP group", rejected)).await?;
        }
    }
    if details.is_due(Detail::ConnectionAliases, None) {
        let answer = list_connection_aliases(work).await;
        let asked = (Detail::ConnectionAliases, None);
        if let Some((aliases, rejected)) = details.told(asked, Operation::DescribeConnectionAliases, answer).await? {
            let spent = details.spent("connection alias", rejected);
            connection_aliases::write(work.pool, work.step, &aliases, &spent).await?;
        }
    }
    Ok(())
}

async fn list_ip_groups(work: &Work<'_>) -> Result<(Vec<IpGroup>, u64), StepFailure> {
    let operation = Operation::DescribeIpGroups;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.workspaces.describe_ip_groups().max_results(PAGE);
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.result.unwrap_or_default(), answer.next_token))
    })
    .await?;
    Ok(identified(found, parse::ip_group))
}

async fn list_connection_aliases(work: &Work<'_>) -> Result<(Vec<ConnectionAlias>, u64), StepFailure> {
    let operation = Operation::DescribeConnectionAliases;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.workspaces.describe_connection_aliases().limit(PAGE);
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.connection_aliases.unwrap_or_default(), answer.next_token))
    })
    .await?;
    Ok(identified(found, parse::connection_alias))
}

async fn read_tenancy(details: &mut Details<'_>) -> Result<(), StepFailure> {
    if !details.is_due(Detail::AccountTenancy, None) {
        return Ok(());
    }
    let (work, operation) = (details.work, Operation::DescribeAccount);
    let answer = work
        .caller
        .call(operation, |size| work.clients.workspaces.describe_account().customize().interceptor(size).send());
    let answer = answer.await.map_err(StepFailure::from);
    let Some(account) = details.told((Detail::AccountTenancy, None), operation, answer).await? else {
        return Ok(());
    };
    let (modifications, withheld) = match account_modifications(work).await {
        Ok(modifications) => (Some(modifications), None),
        Err(failure) => (None, Some(failure)),
    };
    let reason = details.withheld(Operation::DescribeAccountModifications, withheld)?;
    let reading = Reading::of_part(Detail::AccountTenancy, None, reason.as_deref());
    let tenancy = parse::account_tenancy(account, modifications);
    region_settings::write_tenancy(work.pool, work.step, reading, &tenancy, &details.spent("account", 0)).await?;
    Ok(())
}

async fn account_modifications(work: &Work<'_>) -> Result<Vec<AccountModification>, StepFailure> {
    let operation = Operation::DescribeAccountModifications;
    paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.workspaces.describe_account_modifications();
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.account_modifications.unwrap_or_default(), answer.next_token))
    })
    .await
}

async fn read_client_properties(details: &mut Details<'_>) -> Result<(), StepFailure> {
    if !details.is_due(Detail::ClientProperties, None) {
        return Ok(());
    }
    let work = details.work;
    let ids: Vec<String> = details.known.iter().map(|directory| directory.id.to_string()).collect();
    let mut found = Vec::new();
    for ids in ids.chunks(DIRECTORIES_A_CALL) {
        match client_properties(work, ids).await {
            Ok(told) => found.extend(told),
            // One that is gone by now fails all of its call.
            Err(failure) if ids.len() > 1 && is_unknown_directory(&failure) => {
                for id in ids {
                    match client_properties(work, std::slice::from_ref(id)).await {
                        Err(failure) if is_unknown_directory(&failure) => {}
                        told => found.extend(told?),
                    }
                }
            }
            Err(failure) => {
                let asked = (Detail::ClientProperties, None);
                let answer = Err::<(), _>(failure);
                details.told(asked, Operation::DescribeClientProperties, answer).await?;
                return Ok(());
            }
        }
    }
    let told = details.told((Detail::ClientProperties, None), Operation::DescribeClientProperties, Ok(found)).await?;
    let spent = details.spent("client property", 0);
    region_settings::write_client_properties(work.pool, work.step, &told.unwrap_or_default(), &spent).await?;
    Ok(())
}

async fn client_properties(work: &Work<'_>, ids: &[String]) -> Result<Vec<ClientProperties>, StepFailure> {
    let answer = work
        .caller
        .call(Operation::DescribeClientProperties, |size| {
            let request = work.clients.workspaces.describe_client_properties();
            request.set_resource_ids(Some(ids.to_vec())).customize().interceptor(size).send()
        })
        .await?;
    let list = answer.client_properties_list.unwrap_or_default();
    Ok(list.into_iter().filter_map(parse::client_properties).collect())
}

fn is_unknown_directory(failure: &StepFailure) -> bool {
    matches!(failure, StepFailure::Call(error) if error.code() == Some("ResourceNotFoundException"))
}

async fn read_limits(details: &mut Details<'_>) -> Result<(), StepFailure> {
    if !details.is_due(Detail::DirectoryLimits, None) {
        return Ok(());
    }
    let work = details.work;
    let operation = Operation::GetDirectoryLimits;
    let answer = work
        .caller
        .call(operation, |size| work.clients.directory.get_directory_limits().customize().interceptor(size).send());
    let answer = answer.await.map_err(StepFailure::from);
    if let Some(answer) = details.told((Detail::DirectoryLimits, None), operation, answer).await? {
        let limits = answer.directory_limits.map_or_else(DirectoryLimits::default, |limits| parse::limits(&limits));
        region_settings::write_limits(work.pool, work.step, &limits, &details.spent("limit", 0)).await?;
    }
    Ok(())
}

async fn read_parts(details: &mut Details<'_>) -> Result<(), StepFailure> {
    let work = details.work;
    if details.is_due(Detail::Trusts, None) {
        let answer = list_trusts(work).await;
        write_parts(details, Detail::Trusts, (Operation::DescribeTrusts, PartKind::Trust), answer).await?;
    }
    if details.is_due(Detail::Snapshots, None) {
        let answer = list_snapshots(work).await;
        write_parts(details, Detail::Snapshots, (Operation::DescribeSnapshots, PartKind::Snapshot), answer).await?;
    }
    if details.is_due(Detail::LogSubscriptions, None) {
        let answer = list_log_subscriptions(work).await;
        let asked = (Operation::ListLogSubscriptions, PartKind::LogSubscription);
        write_parts(details, Detail::LogSubscriptions, asked, answer).await?;
    }
    Ok(())
}

async fn write_parts(
    details: &mut Details<'_>,
    detail: Detail,
    (operation, kind): (Operation, PartKind),
    answer: Result<(Vec<DirectoryPart>, u64), StepFailure>,
) -> Result<(), StepFailure> {
    if let Some((parts, rejected)) = details.told((detail, None), operation, answer).await? {
        let (spent, reading) = (details.spent(kind.as_str(), rejected), Reading::of(detail, None));
        let Work { pool, step, .. } = details.work;
        directory_parts::write(pool, step, reading, (kind, &parts), &spent).await?;
    }
    Ok(())
}

async fn list_trusts(work: &Work<'_>) -> Result<(Vec<DirectoryPart>, u64), StepFailure> {
    let operation = Operation::DescribeTrusts;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.directory.describe_trusts();
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.trusts.unwrap_or_default(), answer.next_token))
    })
    .await?;
    Ok(identified(found, parse::trust))
}

async fn list_snapshots(work: &Work<'_>) -> Result<(Vec<DirectoryPart>, u64), StepFailure> {
    let operation = Operation::DescribeSnapshots;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.directory.describe_snapshots();
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.snapshots.unwrap_or_default(), answer.next_token))
    })
    .await?;
    Ok(identified(found, parse::snapshot))
}

async fn list_log_subscriptions(work: &Work<'_>) -> Result<(Vec<DirectoryPart>, u64), StepFailure> {
    let operation = Operation::ListLogSubscriptions;
    let found = paging::whole(operation, async |token| {
        let call = |size| {
            let request = work.clients.directory.list_log_subscriptions();
            request.set_next_token(token.clone()).customize().interceptor(size).send()
        };
        let answer = work.caller.call(operation, call).await?;
        Ok((answer.log_subscriptions.unwrap_or_default(), answer.next_token))
    })
    .await?;
    Ok(identified(found, parse::log_subscription))
}

/// What could be identified of `found`, and how many could not.
fn identified<T, R>(found: Vec<T>, parse: impl Fn(T) -> Option<R>) -> (Vec<R>, u64) {
    let received = found.len();
    let identified: Vec<R> = found.into_iter().filter_map(parse).collect();
    let rejected = (received - identified.len()) as u64;
    (identified, rejected)
}
