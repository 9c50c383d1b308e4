//! The process's own figures, under the names that Prometheus dashboards expect.
//!
//! Flows in: `/proc/self` and `/proc/stat` (see `man 5 proc`), read at each
//! scrape. Flows out: `process_*` metrics. What cannot be read is left out of the
//! scrape: unknown is never zero. Deliberately absent: figures of other processes
//! and of the machine; the kubelet exports those.

use std::{fmt, fs};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::Unit,
};

/// Clock ticks a second in `/proc`: Linux fixes `USER_HZ` at 100 for what it
/// shows to user space, whatever the kernel's own tick is.
const TICKS_PER_SECOND: f64 = 100.0;

/// Reads the figures anew at each scrape.
#[derive(Debug)]
pub(crate) struct ProcessMetrics;

impl Collector for ProcessMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let machine = fs::read_to_string("/proc/stat").unwrap_or_default();
        let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();

        if let Some(seconds) = cpu_seconds(&stat) {
            let help = "User and system CPU time";
            counter(&mut encoder, "process_cpu", help, &Unit::Seconds, seconds)?;
        }
        if let Some(bytes) = resident_bytes(&status) {
            let help = "Resident memory";
            gauge(&mut encoder, "process_resident_memory", help, Some(&Unit::Bytes), bytes)?;
        }
        if let Some(seconds) = start_time(&stat, &machine) {
            let help = "Start time since the Unix epoch";
            gauge(&mut encoder, "process_start_time", help, Some(&Unit::Seconds), seconds)?;
        }
        if let Some(count) = open_fds() {
            gauge(&mut encoder, "process_open_fds", "Open file descriptors", None, count)?;
        }
        if let Some(count) = max_fds(&limits) {
            let help = "Soft limit of open file descriptors";
            gauge(&mut encoder, "process_max_fds", help, None, count)?;
        }
        Ok(())
    }
}

fn gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: Option<&Unit>,
    value: f64,
) -> Result<(), fmt::Error> {
    let metric = ConstGauge::new(value);
    metric.encode(encoder.encode_descriptor(name, help, unit, metric.metric_type())?)
}

fn counter(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: &Unit,
    value: f64,
) -> Result<(), fmt::Error> {
    let metric = ConstCounter::new(value);
    metric.encode(encoder.encode_descriptor(name, help, Some(unit), metric.metric_type())?)
}

/// `VmRSS` of `/proc/self/status`, given there in KiB.
fn resident_bytes(status: &str) -> Option<f64> {
    let kib: f64 = labelled(status, "VmRSS:")?.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024.0)
}

/// `utime` + `stime` (fields 14 and 15) of `/proc/self/stat`.
fn cpu_seconds(stat: &str) -> Option<f64> {
    let user: f64 = stat_field(stat, 14)?.parse().ok()?;
    let system: f64 = stat_field(stat, 15)?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

/// Boot time of the machine plus `starttime` (field 22) of the process.
fn start_time(stat: &str, machine: &str) -> Option<f64> {
    let ticks: f64 = stat_field(stat, 22)?.parse().ok()?;
    let boot: f64 = labelled(machine, "btime ")?.trim().parse().ok()?;
    Some(boot + ticks / TICKS_PER_SECOND)
}

fn open_fds() -> Option<f64> {
    let count = fs::read_dir("/proc/self/fd").ok()?.count();
    // The listing itself holds one descriptor.
    u32::try_from(count.saturating_sub(1)).ok().map(f64::from)
}

/// The soft limit in `/proc/self/limits`; `unlimited` is no number.
fn max_fds(limits: &str) -> Option<f64> {
    labelled(limits, "Max open files")?.split_whitespace().next()?.parse().ok()
}

fn labelled<'text>(text: &'text str, label: &str) -> Option<&'text str> {
    text.lines().find_map(|line| line.strip_prefix(label))
}

/// A field by its number in `man 5 proc`. The command (field 2) is in brackets
/// and may hold spaces and brackets itself, so counting starts behind the last.
fn stat_field(stat: &str, number: usize) -> Option<&str> {
    let (_, after_command) = stat.rsplit_once(')')?;
    after_command.split_whitespace().nth(number - 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "42 (a) (b c) S 1 42 42 0 -1 4194560 1 0 0 0 150 25 0 0 20 0 4 0 5000 9 9";

    #[test]
    fn cpu_time_is_user_plus_system() {
        assert_eq!(cpu_seconds(STAT), Some(1.75));
    }

    #[test]
    fn start_time_counts_from_boot() {
        assert_eq!(start_time(STAT, "cpu 1 2\nbtime 1700000000\n"), Some(1_700_000_050.0));
    }

    #[test]
    fn resident_memory_is_in_bytes() {
        assert_eq!(resident_bytes("Name:\tx\nVmRSS:\t    2048 kB\n"), Some(2_097_152.0));
    }

    #[test]
    fn unlimited_descriptors_are_unknown_and_not_zero() {
        assert_eq!(max_fds("Max open files            unlimited  unlimited  files"), None);
        assert_eq!(max_fds("Max open files            1024       4096       files"), Some(1024.0));
    }

    #[test]
    fn text_that_is_not_there_gives_no_figure() {
        assert_eq!((cpu_seconds(""), resident_bytes(""), start_time("", "")), (None, None, None));
    }
}
