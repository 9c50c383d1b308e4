//! Collectors: one for each source, each with the operations it calls.
//!
//! A collector takes a claimed step, calls AWS page by page, and hands what it read to
//! `store`, which writes it together with the step's cursor. The permissions that
//! `deskfleet-sync policies` prints are these lists, so they cannot drift from the calls.

use identifiers::Source;

use crate::aws::operation::Operation;

pub(crate) mod bundles;
pub(crate) mod connection_status;
pub(crate) mod directories;
pub(crate) mod images;
pub(crate) mod inventory;
pub(crate) mod metrics;
mod paging;
mod parse;
pub(crate) mod pools;
pub(crate) mod quotas;
pub(crate) mod tags;
pub(crate) mod work;

/// The operations a source calls; empty for sources this release does not read yet.
pub(crate) const fn operations(source: Source) -> &'static [Operation] {
    match source {
        Source::Inventory => &[Operation::DescribeWorkspaces],
        Source::ConnectionStatus => &[Operation::DescribeWorkspacesConnectionStatus],
        Source::Directories => directories::OPERATIONS,
        Source::Bundles => &[Operation::DescribeWorkspaceBundles],
        Source::Images => &[Operation::DescribeWorkspaceImages],
        Source::Pools => &[Operation::DescribeWorkspacesPools, Operation::DescribeWorkspacesPoolSessions],
        Source::Quotas => &[Operation::ListServiceQuotas, Operation::ListAwsDefaultServiceQuotas],
        Source::Tags => &[Operation::GetResources],
        Source::Metrics => &[Operation::GetMetricData],
        _ => &[],
    }
}

/// Whether a source reads desktop by desktop, and so needs a listing first.
pub(crate) const fn is_by_desktop(source: Source) -> bool {
    matches!(source, Source::ConnectionStatus | Source::Metrics)
}
