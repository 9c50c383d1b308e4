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

    /// What a point of this value proves about its period; `None` for a value that is no
    /// measurement: no number, or negative.
    pub(super) fn proof(self, value: f64) -> Option<Proof> {
        if !value.is_finite() || value < 0.0 {
            return None;
        }
        let is_set = value > 0.0;
        Some(Proof {
            // A count of connections is sent only when there was one, and maintenance may be
            // told by AWS in the desktop's place: neither says that the desktop reports.
            reports: matches!(self, Self::UserConnected | Self::Stopped | Self::Available | Self::Unhealthy),
            connected: self == Self::UserConnected && is_set,
            // The largest value of a period is 0 only if it was not stopped at any moment.
            running: match self {
                Self::UserConnected | Self::Available | Self::Unhealthy => is_set,
                Self::Stopped => !is_set,
                Self::Maintenance | Self::ConnectionSuccess => false,
            },
            maintained: self == Self::Maintenance && is_set,
            succeeded: self == Self::ConnectionSuccess && is_set,
        })
    }
}

/// What one point proves about its period.
#[expect(clippy::struct_excessive_bools, reason = "five independent facts, one a map")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    pub(super) reports: bool,
    pub(super) connected: bool,
    pub(super) running: bool,
    pub(super) maintained: bool,
    pub(super) succeeded: bool,
}

impl Proof {
    pub(super) fn proves_nothing(self) -> bool {
        !(self.reports || self.connected || self.running || self.maintained || self.succeeded)
    }
}
