//! A probe: proves credentials, account id and each group of permissions with one small
//! call each, and writes nothing.

use std::sync::Arc;

use aws_smithy_types::DateTime;
use contract::{AccountPlan, Details, ExitCode, Outcome, PermissionGroup, PermissionState, ProbeDetails, Report};
use fleet::evidence::UsageMetric;
use identifiers::{Region, Source};
use jiff::{SignedDuration, Timestamp};
use store::{PgPool, database};
use tokio_util::sync::CancellationToken;

use crate::{
    aws::{
        bucket::Bucket,
        caller::{Caller, Charge},
        clients::{RegionClients, Transport},
        credentials,
        error::{CallError, ErrorClass},
        identity,
        ledger::Ledger,
        operation::Operation,
        pacer::Pacer,
        purse::Purses,
        purse::price_of_metrics,
    },
    collector::{self, cost::asking, cost_export, metrics::query, prices, quotas},
    config::{ProbeConfig, fips},
    ending::Ending,
    run::RunError,
};

mod access_events;
mod directories;

/// Probes to the end and tells what was found.
pub(crate) async fn probe(config: ProbeConfig, stop: CancellationToken) -> Ending {
    match attempt(&config, &stop).await {
        Ok(ending) => ending,
        Err(error) => error.ending(),
    }
}

async fn attempt(config: &ProbeConfig, stop: &CancellationToken) -> Result<Ending, RunError> {
    let account = &config.plan.account;
    let region = account.regions.first().expect("the configuration has a region").clone();
    let transport = Transport::new(account);
    let pool = shared_pace(config).await?;
    let buckets = pool.as_ref().map(|pool| config.pod.buckets(pool)).transpose()?;
    let purses = Purses::new(pool, account.account_id.clone(), &account.budget);
    let pacer = Arc::new(Pacer::new(buckets, purses, account));
    let ledger = Arc::new(Ledger::default());
    let caller = Caller::new(Arc::clone(&pacer), region.clone(), Arc::clone(&ledger), stop.clone());

    let session = format!("deskfleet-probe-{}", account.object.name);
    let credentials = credentials::resolve(account, &config.pod.sources, &transport, &caller, &session).await?;
    let identity = identity::ask(&transport.sts(&region, Some(credentials.clone())), &caller).await?;
    identity.require(&account.account_id)?;

    let clients = transport.region(&region, &credentials);
    let export = account.cost_export.as_ref();
    let bucket = export.map(|export| Bucket::new(export, account, &credentials)).transpose()?;
    let targets =
        Targets { clients: &clients, bucket: bucket.as_ref(), prefix: export.map_or("", |export| &export.prefix) };
    let mut permissions = Vec::new();
    for source in Source::ALL.into_iter().filter(|source| is_tried(*source, account)) {
        let elsewhere = match source {
            Source::AccessEvents => access_events::region(account),
            _ => collector::home(source, account),
        };
        permissions.push(match elsewhere {
            Some(elsewhere) => {
                let clients = transport.region(&elsewhere, &credentials);
                let caller = Caller::new(Arc::clone(&pacer), elsewhere, Arc::clone(&ledger), stop.clone());
                group(source, account, Targets { clients: &clients, ..targets }, &caller).await?
            }
            None => group(source, account, targets, &caller).await?,
        });
    }
    let calls = u64::try_from(ledger.take(0).calls).unwrap_or(0);
    Ok(found(
        ProbeDetails { caller_account: Some(identity.account), caller_arn: Some(identity.arn), permissions },
        calls,
        &region,
    ))
}

/// The pace all jobs share, where the pod has a database; a probe works without one.
async fn shared_pace(config: &ProbeConfig) -> Result<Option<PgPool>, RunError> {
    if !config.pod.database_url_file.exists() {
        return Ok(None);
    }
    let options =
        database::Options { program: "deskfleet-sync probe", max_connections: 1, deadline: config.pod.database_wait };
    Ok(Some(database::connect(&config.pod.database_url_file, options).await?))
}

/// Whether a source is asked for: it is read by this release, the account's partition has
/// it, the account has set it up, and has not forbidden to pay for it, and AWS has an endpoint.
fn is_tried(source: Source, account: &AccountPlan) -> bool {
    let has_global = account.regions.first().is_some_and(|one| collector::global_region(one.partition()).is_some());
    // A queue is read only where there is one.
    let has_queue = source != Source::AccessEvents || access_events::region(account).is_some();
    let may_pay = source != Source::Cost || account.budget.cost_explorer_requests_per_day != Some(0);
    let is_set_up = source != Source::CostExport || account.cost_export.is_some();
    let is_asked_for = is_set_up && has_queue && may_pay;
    is_asked_for && (has_global || !collector::is_global(source)) && has_fips(source, account)
}

/// Whether AWS has the kind of endpoint that the account asks for, where the source is tried.
fn has_fips(source: Source, account: &AccountPlan) -> bool {
    let tried_in = if source == Source::AccessEvents { usize::MAX } else { 1 };
    fips::has_endpoints(source, account, &account.regions.iter().take(tried_in).cloned().collect())
}

/// What operations are tried on.
#[derive(Clone, Copy)]
struct Targets<'a> {
    clients: &'a RegionClients,
    /// The bucket of the cost export, and the part of its keys that may be listed.
    bucket: Option<&'a Bucket>,
    prefix: &'a str,
}

/// Tries every operation of a source.
async fn group(
    source: Source,
    account: &AccountPlan,
    targets: Targets<'_>,
    caller: &Caller,
) -> Result<PermissionGroup, RunError> {
    let mut group = PermissionGroup { source, state: PermissionState::Granted, missing: Vec::new() };
    for operation in collector::operations(source) {
        let tried = match source {
            Source::AccessEvents => access_events::try_out(*operation, account, targets.clients, caller).await,
            _ => try_out(*operation, targets, caller).await,
        };
        match tried {
            Ok(()) => {}
            Err(error) if error.class() == Some(ErrorClass::Permission) => {
                group.state = PermissionState::Denied;
                group.missing.extend(operation.iam_actions());
            }
            Err(error @ (CallError::Stopped { .. } | CallError::Pace { .. })) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(%error, "a permission could not be told");
                if group.state == PermissionState::Granted {
                    group.state = PermissionState::Unknown;
                }
            }
        }
    }
    Ok(group)
}

/// The smallest question about points: a desktop that does not exist has none.
async fn try_out_metrics(cloudwatch: &aws_sdk_cloudwatch::Client, caller: &Caller) -> Result<(), CallError> {
    // A desktop that does not exist has no points, and asking costs a hundredth of a cent.
    let end = Timestamp::now();
    let start = end - SignedDuration::from_hours(1);
    let metric = UsageMetric::UserConnected;
    let query = query::query("m0".to_owned(), "ws-000000000", (metric.name(), metric.statistic()), 300);
    let (start, end) = (DateTime::from_secs(start.as_second()), DateTime::from_secs(end.as_second()));
    let one = || cloudwatch.get_metric_data().metric_data_queries(query.clone()).start_time(start).end_time(end);
    let charge = Charge { tickets: 1, price: price_of_metrics(1) };
    caller.call_for(Operation::GetMetricData, charge, |size| one().customize().interceptor(size).send()).await.map(drop)
}

/// The smallest call of an operation.
async fn try_out(operation: Operation, targets: Targets<'_>, caller: &Caller) -> Result<(), CallError> {
    let RegionClients { workspaces, directory, cloudwatch, tagging, quotas: limits, cost_explorer, pricing, .. } =
        targets.clients;
    match operation {
        Operation::DescribeWorkspaces => {
            let one = || workspaces.describe_workspaces().limit(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeWorkspacesConnectionStatus => {
            let page = || workspaces.describe_workspaces_connection_status();
            caller.call(operation, |size| page().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeWorkspaceDirectories => {
            let one = || workspaces.describe_workspace_directories().limit(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeWorkspaceBundles => {
            let own = || workspaces.describe_workspace_bundles();
            caller.call(operation, |size| own().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeWorkspaceImages => {
            let one = || workspaces.describe_workspace_images().max_results(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeWorkspacesPools => {
            let one = || workspaces.describe_workspaces_pools().limit(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeWorkspacesPoolSessions => {
            let one = || workspaces.describe_workspaces_pool_sessions().pool_id("wspool-000000000").limit(1);
            found_or_not(caller.call(operation, |size| one().customize().interceptor(size).send()).await)
        }
        Operation::DescribeWorkspaceSnapshots => {
            let one = || workspaces.describe_workspace_snapshots().workspace_id("ws-000000000");
            found_or_not(caller.call(operation, |size| one().customize().interceptor(size).send()).await)
        }
        Operation::ListServiceQuotas => {
            let one = || limits.list_service_quotas().service_code(quotas::SERVICE).max_results(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::ListAwsDefaultServiceQuotas => {
            let one = || limits.list_aws_default_service_quotas().service_code(quotas::SERVICE).max_results(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::DescribeDirectories => {
            let one = || directory.describe_directories().limit(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::GetResources => {
            let one = || tagging.get_resources().resource_type_filters("workspaces:workspace").resources_per_page(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::GetMetricData => try_out_metrics(cloudwatch, caller).await,
        Operation::DescribeIpGroups
        | Operation::DescribeConnectionAliases
        | Operation::DescribeAccount
        | Operation::DescribeAccountModifications
        | Operation::DescribeClientProperties
        | Operation::DescribeDomainControllers
        | Operation::DescribeTrusts
        | Operation::DescribeLdapsSettings
        | Operation::DescribeSnapshots
        | Operation::DescribeDirectoryDataAccess
        | Operation::ListUsers
        | Operation::GetSnapshotLimits
        | Operation::GetDirectoryLimits
        | Operation::ListCertificates
        | Operation::DescribeCertificate
        | Operation::ListLogSubscriptions => directories::try_out(operation, targets.clients, caller).await,
        Operation::LookupEvents => {
            let one = || targets.clients.cloudtrail.lookup_events().max_results(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::GetDimensionValues
        | Operation::GetCostAndUsage
        | Operation::GetCostAndUsageWithResources
        | Operation::GetCostForecast => match asking::prove_permission(cost_explorer, caller, operation).await {
            Err(error) if error.class() == Some(ErrorClass::BadRequest) => Ok(()),
            answer => answer,
        },
        Operation::GetProducts => {
            let one = || pricing.get_products().service_code(prices::SERVICE).max_results(1);
            caller.call(operation, |size| one().customize().interceptor(size).send()).await.map(drop)
        }
        Operation::ListObjectsV2 | Operation::GetObject => match targets.bucket {
            Some(bucket) => cost_export::try_out(operation, bucket, targets.prefix, caller).await,
            None => Ok(()),
        },
        // Tried on the account's queue, or proved before any group is tried.
        Operation::ReceiveMessage
        | Operation::DeleteMessageBatch
        | Operation::GetCallerIdentity
        | Operation::AssumeRole
        | Operation::AssumeRoleWithWebIdentity => Ok(()),
    }
}

/// Who asks about what does not exist and is told so may ask.
fn found_or_not<T>(answer: Result<T, CallError>) -> Result<(), CallError> {
    match answer {
        Err(CallError::Aws { code: Some(code), .. }) if code == "ResourceNotFoundException" => Ok(()),
        answer => answer.map(drop),
    }
}

/// The report of a probe that came to its end.
fn found(details: ProbeDetails, calls: u64, region: &Region) -> Ending {
    let missing: Vec<&str> =
        details.permissions.iter().flat_map(|group| group.missing.iter().map(String::as_str)).collect();
    let is_unsure = details.permissions.iter().any(|group| group.state == PermissionState::Unknown);
    let (outcome, reason, message) = if !missing.is_empty() {
        let message = format!(
            "not allowed in {region}: {}; attach the policy that `deskfleet-sync policies` prints, or `policies money` for `ce:`, `pricing:` and `s3:`",
            missing.join(", ")
        );
        (Outcome::Partial, "PermissionsMissing", message)
    } else if is_unsure {
        (
            Outcome::Partial,
            "PermissionsUnknown",
            format!("AWS did not answer every call in {region}; the log tells which"),
        )
    } else {
        (Outcome::Complete, "Complete", format!("credentials and permissions are complete in {region}"))
    };
    let mut report = Report::new(outcome, reason, message);
    report.calls = calls;
    report.details = Some(Details::Probe(details));
    Ending { code: ExitCode::Done, report }
}
