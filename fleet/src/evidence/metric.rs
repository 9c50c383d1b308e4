//! The metrics that tell of use, and which of their points prove what.

use jiff::Timestamp;

/// A metric of namespace `AWS/WorkSpaces` with dimension `WorkspaceId`
/// (`WorkSpaces` administration guide, "Monitor with `CloudWatch` metrics").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UsageMetric {
    /// 1 while a user is connected.
    UserConnected,
    /// 1 while the desktop is stopped.
    Stopped,
    /// 1 while it answers health checks.
    Available,
    /// 1 while it does not.
    Unhealthy,
    /// 1 while it is under maintenance.
    Maintenance,
    /// Connections that succeeded.
    ConnectionSuccess,
}

/// A datapoint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The begin of its period.
    pub at: Timestamp,
    /// Its value; the largest of the period, or for [`UsageMetric::ConnectionSuccess`] the sum.
    pub value: f64,
}

impl UsageMetric {
    /// All, in the order they are asked for.
    pub const ALL: [Self; 6] = [
        Self::UserConnected,
        Self::Stopped,
        Self::Available,
        Self::Unhealthy,
        Self::Maintenance,
        Self::ConnectionSuccess,
    ];

    /// Those worth asking by the hour, where five-minute points are gone.
    pub const HOURLY: [Self; 4] = [Self::UserConnected, Self::Stopped, Self::Available, Self::Unhealthy];

    /// `CloudWatch`'s name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UserConnected => "UserConnected",
            Self::Stopped => "Stopped",
            Self::Available => "Available",
            Self::Unhealthy => "Unhealthy",
            Self::Maintenance => "Maintenance",
            Self::ConnectionSuccess => "ConnectionSuccess",
        }
    }

    /// The statistic that keeps what happened within a period.
    pub const fn statistic(self) -> &'static str {
        match self {
            Self::ConnectionSuccess => "Sum",
            _ => "Maximum",
        }
    }

    /// Whether its points prove that the desktop reports at all. A count of connections is
    /// sent only when there was one, and maintenance may be told by AWS for it.
    pub(super) const fn proves_reporting(self) -> bool {
        matches!(self, Self::UserConnected | Self::Stopped | Self::Available | Self::Unhealthy)
    }
}
