//! The metrics of health, and what of each is asked by the day.

/// A metric of namespace `AWS/WorkSpaces` with dimension `WorkspaceId`
/// (`WorkSpaces` administration guide, "Monitor with `CloudWatch` metrics").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthMetric {
    /// Percent of the CPU.
    CpuUsage,
    /// Percent of the memory.
    MemoryUsage,
    /// Percent of the root volume.
    RootVolumeDiskUsage,
    /// Percent of the user volume.
    UserVolumeDiskUsage,
    /// Percent of the GPU; of graphics desktops only.
    GpuUsage,
    /// Milliseconds between client and desktop, while somebody is connected.
    InSessionLatency,
    /// Seconds until a session had begun.
    SessionLaunchTime,
    /// Percent of the packets lost, while somebody is connected.
    UdpPacketLossRate,
    /// Seconds since the desktop started.
    UpTime,
    /// Connections that were tried.
    ConnectionAttempt,
    /// Connections that failed.
    ConnectionFailure,
}

/// What `CloudWatch` makes of the points of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// The mean.
    Average,
    /// How many there are.
    SampleCount,
    /// All together.
    Sum,
}

/// One value a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HealthQuery {
    /// Of which metric.
    pub metric: HealthMetric,
    /// Which value.
    pub statistic: Statistic,
}

const OF_A_GAUGE: &[Statistic] = &[Statistic::Minimum, Statistic::Maximum, Statistic::Average, Statistic::SampleCount];
const OF_A_COUNT: &[Statistic] = &[Statistic::Sum];

impl HealthMetric {
    /// All, in the order they are asked for.
    pub const ALL: [Self; 11] = [
        Self::CpuUsage,
        Self::MemoryUsage,
        Self::RootVolumeDiskUsage,
        Self::UserVolumeDiskUsage,
        Self::GpuUsage,
        Self::InSessionLatency,
        Self::SessionLaunchTime,
        Self::UdpPacketLossRate,
        Self::UpTime,
        Self::ConnectionAttempt,
        Self::ConnectionFailure,
    ];

    /// `CloudWatch`'s name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CpuUsage => "CPUUsage",
            Self::MemoryUsage => "MemoryUsage",
            Self::RootVolumeDiskUsage => "RootVolumeDiskUsage",
            Self::UserVolumeDiskUsage => "UserVolumeDiskUsage",
            Self::GpuUsage => "GPUUsage",
            Self::InSessionLatency => "InSessionLatency",
            Self::SessionLaunchTime => "SessionLaunchTime",
            Self::UdpPacketLossRate => "UDPPacketLossRate",
            Self::UpTime => "UpTime",
            Self::ConnectionAttempt => "ConnectionAttempt",
            Self::ConnectionFailure => "ConnectionFailure",
        }
    }

    /// What is asked of it by the day.
    pub const fn statistics(self) -> &'static [Statistic] {
        match self {
            Self::ConnectionAttempt | Self::ConnectionFailure => OF_A_COUNT,
            _ => OF_A_GAUGE,
        }
    }

    /// Everything that is asked about a desktop by the day: 34 values, 38 with graphics. Each
    /// is a metric that a request pays for.
    pub fn queries(is_graphics: bool) -> Vec<HealthQuery> {
        let metrics = Self::ALL.into_iter().filter(|metric| is_graphics || *metric != Self::GpuUsage);
        let of = |metric: Self| {
            metric.statistics().iter().map(move |statistic| HealthQuery { metric, statistic: *statistic })
        };
        metrics.flat_map(of).collect()
    }
}

impl Statistic {
    /// `CloudWatch`'s name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minimum => "Minimum",
            Self::Maximum => "Maximum",
            Self::Average => "Average",
            Self::SampleCount => "SampleCount",
            Self::Sum => "Sum",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn only_desktops_with_graphics_are_asked_about_their_gpu() {
        let (plain, graphics) = (HealthMetric::queries(false), HealthMetric::queries(true));
        assert_eq!((plain.len(), graphics.len()), (34, 38));
        assert!(plain.iter().all(|query| query.metric != HealthMetric::GpuUsage));
        assert_eq!(graphics.iter().collect::<BTreeSet<_>>().len(), 38, "nothing is paid for twice");
    }
}
