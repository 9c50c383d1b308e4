//! What a sync can read.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One kind of evidence that a `SyncSchedule` asks for.
///
/// `PascalCase` in custom resources and plans, `snake_case` in SQL and the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Source {
    /// Desktops: `workspaces:DescribeWorkspaces`.
    Inventory,
    /// Who is connected: `workspaces:DescribeWorkspacesConnectionStatus`.
    ConnectionStatus,
    /// Directories with their settings, IP groups and connection aliases.
    Directories,
    /// Bundles, own and Amazon's.
    Bundles,
    /// Custom images.
    Images,
    /// Pools and their sessions.
    Pools,
    /// Snapshots of each desktop; slow.
    Snapshots,
    /// Tags by the Resource Groups Tagging API.
    Tags,
    /// Service quotas and how much of each is used.
    Quotas,
    /// `CloudWatch` metrics; paid by the metric.
    Metrics,
    /// `CloudTrail` events.
    AuditTrail,
    /// `WorkSpaces` access events from a queue.
    AccessEvents,
    /// People who left, from directory data.
    Leavers,
    /// Cost Explorer; paid by the page.
    Cost,
    /// Cost and usage exports from object storage.
    CostExport,
    /// Price List.
    Prices,
}

/// The text names no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a source: write one of {known}", known = known_sources())]
pub struct UnknownSource {
    text: String,
}

impl Source {
    /// Every source, in the order a run plans them.
    pub const ALL: [Self; 16] = [
        Self::Inventory,
        Self::ConnectionStatus,
        Self::Directories,
        Self::Bundles,
        Self::Images,
        Self::Pools,
        Self::Snapshots,
        Self::Tags,
        Self::Quotas,
        Self::Metrics,
        Self::AuditTrail,
        Self::AccessEvents,
        Self::Leavers,
        Self::Cost,
        Self::CostExport,
        Self::Prices,
    ];

    /// The name in SQL and JSON, `snake_case`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::ConnectionStatus => "connection_status",
            Self::Directories => "directories",
            Self::Bundles => "bundles",
            Self::Images => "images",
            Self::Pools => "pools",
            Self::Snapshots => "snapshots",
            Self::Tags => "tags",
            Self::Quotas => "quotas",
            Self::Metrics => "metrics",
            Self::AuditTrail => "audit_trail",
            Self::AccessEvents => "access_events",
            Self::Leavers => "leavers",
            Self::Cost => "cost",
            Self::CostExport => "cost_export",
            Self::Prices => "prices",
        }
    }

    /// Whether it is read desktop by desktop, so that a run may be about some of them only; such
    /// a source needs a listing first.
    pub const fn is_by_desktop(self) -> bool {
        matches!(self, Self::ConnectionStatus | Self::Metrics | Self::Snapshots)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Source {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|source| source.as_str() == text)
            .ok_or_else(|| UnknownSource { text: text.to_owned() })
    }
}

fn known_sources() -> String {
    Source::ALL.map(Source::as_str).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_reads_back_from_its_name() {
        for source in Source::ALL {
            assert_eq!(source.as_str().parse::<Source>(), Ok(source));
        }
    }

    #[test]
    fn an_unknown_source_lists_the_known_ones() {
        let message = "inventry".parse::<Source>().unwrap_err().to_string();
        assert!(message.contains("connection_status"), "{message}");
    }

    #[test]
    fn custom_resources_write_pascal_case() {
        assert_eq!(serde_json::to_string(&Source::AuditTrail).unwrap(), "\"AuditTrail\"");
    }
}
