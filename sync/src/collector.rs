//! Collectors: one for each source, each with the operations it calls.
//!
//! A collector takes a claimed step, calls AWS page by page, and hands what it read to
//! `store`, which writes it together with the step's cursor. The permissions that
//! `deskfleet-sync policies` prints are these lists, so they cannot drift from the calls.

use contract::AccountPlan;
use identifiers::{Partition, Region, Source};

use crate::aws::operation::Operation;

pub(crate) mod access_events;
pub(crate) mod audit_trail;
pub(crate) mod bundles;
pub(crate) mod connection_status;
pub(crate) mod cost;
pub(crate) mod cost_export;
pub(crate) mod directories;
pub(crate) mod images;
pub(crate) mod inventory;
pub(crate) mod leavers;
pub(crate) mod metrics;
mod paging;
mod parse;
pub(crate) mod pools;
pub(crate) mod prices;
pub(crate) mod quotas;
pub(crate) mod snapshots;
pub(crate) mod tags;
pub(crate) mod work;

/// The operations a source calls.
pub(crate) const fn operations(source: Source) -> &'static [Operation] {
    match source {
        Source::Inventory => &[Operation::DescribeWorkspaces],
        Source::ConnectionStatus => &[Operation::DescribeWorkspacesConnectionStatus],
        Source::Directories => directories::OPERATIONS,
        Source::Leavers => leavers::OPERATIONS,
        Source::AccessEvents => access_events::OPERATIONS,
        Source::Bundles => &[Operation::DescribeWorkspaceBundles],
        Source::Images => &[Operation::DescribeWorkspaceImages],
        Source::Pools => &[Operation::DescribeWorkspacesPools, Operation::DescribeWorkspacesPoolSessions],
        Source::Quotas => &[Operation::ListServiceQuotas, Operation::ListAwsDefaultServiceQuotas],
        Source::Snapshots => &[Operation::DescribeWorkspaceSnapshots],
        Source::Tags => &[Operation::GetResources],
        Source::Metrics => &[Operation::GetMetricData],
        Source::Cost => &[
            Operation::GetDimensionValues,
            Operation::GetCostAndUsage,
            Operation::GetCostForecast,
            Operation::GetCostAndUsageWithResources,
        ],
        Source::Prices => &[Operation::GetProducts],
        Source::AuditTrail => &[Operation::LookupEvents],
        Source::CostExport => &[Operation::ListObjectsV2, Operation::GetObject],
    }
}

/// Where a source is read that belongs to the account and to none of its regions; `None` for
/// one that is read region by region.
pub(crate) fn home(source: Source, account: &AccountPlan) -> Option<Region> {
    match source {
        Source::CostExport => account.cost_export.as_ref().map(|export| export.region.clone()),
        _ if is_global(source) => account.regions.first().and_then(|region| global_region(region.partition())),
        _ => None,
    }
}

/// Whether a source is read once for the account: AWS has it in one region of a partition.
pub(crate) const fn is_global(source: Source) -> bool {
    matches!(source, Source::Cost | Source::Prices)
}

/// The region of a partition in which AWS has global sources. GovCloud has none: its costs
/// and prices are those of the commercial account that it is paired with.
pub(crate) fn global_region(partition: Partition) -> Option<Region> {
    let region = match partition {
        Partition::Aws => "us-east-1",
        Partition::AwsCn => "cn-northwest-1",
        Partition::AwsUsGov => return None,
    };
    Some(Region::try_from(region).expect("it is a region's code"))
}

/// Whether a source is about money: its permissions stand in a document of their own, because
/// the account that pays is often another one, and not everybody may see what it pays.
pub(crate) const fn is_money(source: Source) -> bool {
    matches!(source, Source::Cost | Source::CostExport | Source::Prices)
}
