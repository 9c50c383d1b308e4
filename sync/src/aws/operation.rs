//! The AWS operations deskfleet calls: their names, the permission each needs, how often
//! each may be called, and which purse pays for it.

use contract::Pace;

use super::purse::Purse;

/// An operation of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// Desktops, 25 a page.
    DescribeWorkspaces,
    /// Connections, 25 desktops a call.
    DescribeWorkspacesConnectionStatus,
    /// Directories as `WorkSpaces` knows them, 25 a page.
    DescribeWorkspaceDirectories,
    /// Bundles of one owner.
    DescribeWorkspaceBundles,
    /// Images, own or shared, 25 a page.
    DescribeWorkspaceImages,
    /// Pools, 25 a page.
    DescribeWorkspacesPools,
    /// Sessions of a pool, 50 a page.
    DescribeWorkspacesPoolSessions,
    /// IP access control groups with their rules.
    DescribeIpGroups,
    /// Names under which directories are reached.
    DescribeConnectionAliases,
    /// Dedicated tenancy of the account.
    DescribeAccount,
    /// How dedicated tenancy came to be.
    DescribeAccountModifications,
    /// What clients may do, 25 directories a call.
    DescribeClientProperties,
    /// Snapshots of one desktop.
    DescribeWorkspaceSnapshots,
    /// Directories as Directory Service knows them.
    DescribeDirectories,
    /// Domain controllers of one directory.
    DescribeDomainControllers,
    /// Trusts of all directories.
    DescribeTrusts,
    /// Whether one directory speaks LDAPS.
    DescribeLdapsSettings,
    /// Snapshots of all directories.
    DescribeSnapshots,
    /// Whether users of one directory can be read.
    DescribeDirectoryDataAccess,
    /// Users of one directory, 250 a page.
    ListUsers,
    /// How many snapshots one directory may have.
    GetSnapshotLimits,
    /// How many directories there may be.
    GetDirectoryLimits,
    /// Certificates of one directory, in short.
    ListCertificates,
    /// One certificate.
    DescribeCertificate,
    /// Where directories send their logs.
    ListLogSubscriptions,
    /// Messages of a queue, 10 a call.
    ReceiveMessage,
    /// Deletes 10 messages of a queue.
    DeleteMessageBatch,
    /// Tags, 100 resources a page.
    GetResources,
    /// Quotas that were granted, 100 a page.
    ListServiceQuotas,
    /// Quotas that every account begins with, 100 a page.
    ListAwsDefaultServiceQuotas,
    /// Points of `CloudWatch` metrics, 500 metrics a call.
    GetMetricData,
    /// Values of a dimension of the bill, such as the names of services.
    GetDimensionValues,
    /// Costs by day and two groups.
    GetCostAndUsage,
    /// Costs of single resources, of the last 14 days.
    GetCostAndUsageWithResources,
    /// What the days to come will cost.
    GetCostForecast,
    /// Entries of the price list, 100 a page.
    GetProducts,
    /// Events of `CloudTrail`, 50 a page.
    LookupEvents,
    /// Keys of a bucket, 1,000 a page.
    ListObjectsV2,
    /// A piece of an object of a bucket.
    GetObject,
    /// Whose credentials these are.
    GetCallerIdentity,
    /// Credentials of a role.
    AssumeRole,
    /// Credentials of a role, for the token of a service account.
    AssumeRoleWithWebIdentity,
}

/// What is to be known of an operation.
struct Facts {
    /// The prefix of its IAM action.
    service: &'static str,
    /// The IAM action, where it is not called as the operation.
    action: Option<&'static str>,
    name: &'static str,
    pace: Pace,
    purse: Option<Purse>,
}

/// AWS publishes no limits for `WorkSpaces`; 1.5 a second is what others arrived at by being
/// throttled, and it leaves room for people and their console.
const WORKSPACES: Pace = Pace { rate: 1.5, burst: 3 };
/// Directory Service publishes none either.
const DIRECTORY_SERVICE: Pace = Pace { rate: 2.0, burst: 3 };
/// The Tagging API allows 15 a second, for everybody who asks for tags of the account.
const TAGGING: Pace = Pace { rate: 3.0, burst: 3 };
/// Service Quotas allows ten a second of each listing, for everybody who asks.
const QUOTAS: Pace = Pace { rate: 2.0, burst: 2 };
/// SQS allows thousands; this is 6,000 messages a minute. A million calls a month are free,
/// then each costs 0.0000004 US dollars, which no budget counts.
const QUEUE: Pace = Pace { rate: 10.0, burst: 10 };
/// `CloudTrail` takes 2 a second of an account and region, for everybody: half is left for
/// people and their console.
const TRAIL: Pace = Pace { rate: 1.0, burst: 1 };
/// STS allows hundreds.
const STS: Pace = Pace { rate: 5.0, burst: 5 };
/// A ticket of `GetMetricData` is 10,000 points: 120,000 of the 180,000 a second that
/// `CloudWatch` gives out for recent data (`CloudWatch` service quotas).
const METRIC_POINTS: Pace = Pace { rate: 12.0, burst: 24 };
/// Cost Explorer publishes no limit and throttles early; a day takes a handful of requests.
const COST_EXPLORER: Pace = Pace { rate: 1.0, burst: 2 };
/// The Price List publishes none either.
const PRICE_LIST: Pace = Pace { rate: 5.0, burst: 5 };

/// S3 takes 5,500 a second of each part of a bucket; pieces are worked off one by one anyhow.
const S3: Pace = Pace { rate: 20.0, burst: 20 };

const fn free(service: &'static str, name: &'static str, pace: Pace) -> Facts {
    Facts { service, action: None, name, pace, purse: None }
}

const fn paid(service: &'static str, name: &'static str, pace: Pace, purse: Purse) -> Facts {
    Facts { service, action: None, name, pace, purse: Some(purse) }
}

impl Operation {
    const fn facts(self) -> Facts {
        match self {
            Self::DescribeWorkspaces => free("workspaces", "DescribeWorkspaces", WORKSPACES),
            Self::DescribeWorkspacesConnectionStatus => {
                free("workspaces", "DescribeWorkspacesConnectionStatus", WORKSPACES)
            }
            Self::DescribeWorkspaceDirectories => free("workspaces", "DescribeWorkspaceDirectories", WORKSPACES),
            Self::DescribeWorkspaceBundles => free("workspaces", "DescribeWorkspaceBundles", WORKSPACES),
            Self::DescribeWorkspaceImages => free("workspaces", "DescribeWorkspaceImages", WORKSPACES),
            Self::DescribeWorkspacesPools => free("workspaces", "DescribeWorkspacesPools", WORKSPACES),
            Self::DescribeWorkspacesPoolSessions => free("workspaces", "DescribeWorkspacesPoolSessions", WORKSPACES),
            Self::DescribeIpGroups => free("workspaces", "DescribeIpGroups", WORKSPACES),
            Self::DescribeConnectionAliases => free("workspaces", "DescribeConnectionAliases", WORKSPACES),
            Self::DescribeAccount => free("workspaces", "DescribeAccount", WORKSPACES),
            Self::DescribeAccountModifications => free("workspaces", "DescribeAccountModifications", WORKSPACES),
            Self::DescribeClientProperties => free("workspaces", "DescribeClientProperties", WORKSPACES),
            Self::DescribeWorkspaceSnapshots => free("workspaces", "DescribeWorkspaceSnapshots", WORKSPACES),
            Self::DescribeDirectories => free("ds", "DescribeDirectories", DIRECTORY_SERVICE),
            Self::DescribeDomainControllers => free("ds", "DescribeDomainControllers", DIRECTORY_SERVICE),
            Self::DescribeTrusts => free("ds", "DescribeTrusts", DIRECTORY_SERVICE),
            Self::DescribeLdapsSettings => free("ds", "DescribeLDAPSSettings", DIRECTORY_SERVICE),
            Self::DescribeSnapshots => free("ds", "DescribeSnapshots", DIRECTORY_SERVICE),
            Self::DescribeDirectoryDataAccess => free("ds", "DescribeDirectoryDataAccess", DIRECTORY_SERVICE),
            Self::ListUsers => free("ds-data", "ListUsers", DIRECTORY_SERVICE),
            Self::GetSnapshotLimits => free("ds", "GetSnapshotLimits", DIRECTORY_SERVICE),
            Self::GetDirectoryLimits => free("ds", "GetDirectoryLimits", DIRECTORY_SERVICE),
            Self::ListCertificates => free("ds", "ListCertificates", DIRECTORY_SERVICE),
            Self::DescribeCertificate => free("ds", "DescribeCertificate", DIRECTORY_SERVICE),
            Self::ListLogSubscriptions => free("ds", "ListLogSubscriptions", DIRECTORY_SERVICE),
            Self::ReceiveMessage => free("sqs", "ReceiveMessage", QUEUE),
            // The permission to delete one message is that to delete ten.
            Self::DeleteMessageBatch => {
                Facts { action: Some("sqs:DeleteMessage"), ..free("sqs", "DeleteMessageBatch", QUEUE) }
            }
            Self::GetResources => free("tag", "GetResources", TAGGING),
            Self::ListServiceQuotas => free("servicequotas", "ListServiceQuotas", QUOTAS),
            Self::ListAwsDefaultServiceQuotas => free("servicequotas", "ListAWSDefaultServiceQuotas", QUOTAS),
            Self::GetMetricData => paid("cloudwatch", "GetMetricData", METRIC_POINTS, Purse::Metrics),
            Self::GetDimensionValues => paid("ce", "GetDimensionValues", COST_EXPLORER, Purse::CostExplorer),
            Self::GetCostAndUsage => paid("ce", "GetCostAndUsage", COST_EXPLORER, Purse::CostExplorer),
            Self::GetCostAndUsageWithResources => {
                paid("ce", "GetCostAndUsageWithResources", COST_EXPLORER, Purse::CostExplorer)
            }
            Self::GetCostForecast => paid("ce", "GetCostForecast", COST_EXPLORER, Purse::CostExplorer),
            Self::GetProducts => free("pricing", "GetProducts", PRICE_LIST),
            Self::LookupEvents => free("cloudtrail", "LookupEvents", TRAIL),
            // The action of a listing has another name than the operation.
            Self::ListObjectsV2 => Facts { action: Some("s3:ListBucket"), ..free("s3", "ListObjectsV2", S3) },
            Self::GetObject => free("s3", "GetObject", S3),
            Self::GetCallerIdentity => free("sts", "GetCallerIdentity", STS),
            Self::AssumeRole => free("sts", "AssumeRole", STS),
            Self::AssumeRoleWithWebIdentity => free("sts", "AssumeRoleWithWebIdentity", STS),
        }
    }

    /// AWS's name, as in plans, pace overrides and the ledger.
    pub(crate) const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The service it belongs to, as IAM calls it.
    pub(crate) const fn service(self) -> &'static str {
        self.facts().service
    }

    /// The action of IAM that allows it, such as `workspaces:DescribeWorkspaces`.
    pub(crate) fn iam_action(self) -> String {
        let Facts { service, action, name, .. } = self.facts();
        action.map_or_else(|| format!("{service}:{name}"), str::to_owned)
    }

    /// All actions of IAM that it takes. Directory Service Data wants one of Directory
    /// Service as well (Service Authorization Reference, `ds:AccessDSData`).
    pub(crate) fn iam_actions(self) -> Vec<String> {
        let also = match self {
            Self::ListUsers => Some("ds:AccessDSData".to_owned()),
            _ => None,
        };
        std::iter::once(self.iam_action()).chain(also).collect()
    }

    /// The pace without an override.
    pub(crate) const fn default_pace(self) -> Pace {
        self.facts().pace
    }

    /// The purse that pays for its calls; `None` where AWS asks nothing for them.
    pub(crate) const fn purse(self) -> Option<Purse> {
        self.facts().purse
    }
}
