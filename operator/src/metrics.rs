//! The operator's metrics, all in one place. Labels are names of kinds and outcomes, never of
//! objects.

use std::{sync::atomic::AtomicI64, time::Duration};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Unit,
};
use telemetry::MetricsRegistry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reconciled {
    kind: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfKind {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfResource {
    resource: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Written {
    kind: &'static str,
    what: &'static str,
}

/// Handles on the metrics; clones count together.
#[derive(Clone, Debug)]
pub(crate) struct Metrics {
    reconciliations: Family<Reconciled, Counter>,
    duration: Family<OfKind, Histogram, fn() -> Histogram>,
    in_backoff: Family<OfKind, Gauge<i64, AtomicI64>>,
    writes: Family<Written, Counter>,
    watch_errors: Family<OfResource, Counter>,
    unreadable_objects: Family<OfResource, Counter>,
    leader: Gauge<i64, AtomicI64>,
}

impl Metrics {
    /// Registers everything under `deskfleet_operator_`.
    pub(crate) fn register(registry: &MetricsRegistry) -> Self {
        let metrics = Self {
            reconciliations: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.001, 4.0, 8))),
            in_backoff: Family::default(),
            writes: Family::default(),
            watch_errors: Family::default(),
            unreadable_objects: Family::default(),
            leader: Gauge::default(),
        };
        registry.register_room("operator", |room| {
            room.register("reconciliations", "Reconciliations by how they ended", metrics.reconciliations.clone());
            let help = "How long reconciliations took";
            room.register_with_unit("reconciliation_duration", help, Unit::Seconds, metrics.duration.clone());
            let help = "Objects whose last reconciliation failed and that wait to be tried again";
            room.register("objects_in_backoff", help, metrics.in_backoff.clone());
            room.register("writes", "Writes to the API server by what was written", metrics.writes.clone());
            room.register("watch_errors", "Errors of watch streams", metrics.watch_errors.clone());
            let help = "Watched objects that could not be read and were left out";
            room.register("unreadable_objects", help, metrics.unreadable_objects.clone());
            room.register("leader", "1 while this process is the one that acts", metrics.leader.clone());
        });
        metrics
    }

    /// A reconciliation ended.
    pub(crate) fn reconciled(&self, kind: &'static str, outcome: &'static str, took: Duration) {
        self.reconciliations.get_or_create(&Reconciled { kind, outcome }).inc();
        self.duration.get_or_create(&OfKind { kind }).observe(took.as_secs_f64());
    }

    /// So many objects of a kind wait after failures.
    pub(crate) fn in_backoff(&self, kind: &'static str, objects: usize) {
        let objects = i64::try_from(objects).unwrap_or(i64::MAX);
        self.in_backoff.get_or_create(&OfKind { kind }).set(objects);
    }

    /// Something was written.
    pub(crate) fn wrote(&self, kind: &'static str, what: &'static str) {
        self.writes.get_or_create(&Written { kind, what }).inc();
    }

    /// A watch stream broke.
    pub(crate) fn watch_error(&self, resource: &'static str) {
        self.watch_errors.get_or_create(&OfResource { resource }).inc();
    }

    /// An object was left out.
    pub(crate) fn unreadable_object(&self, resource: &'static str) {
        self.unreadable_objects.get_or_create(&OfResource { resource }).inc();
    }

    /// Whether this process acts.
    pub(crate) fn leading(&self, leading: bool) {
        self.leader.set(i64::from(leading));
    }
}
