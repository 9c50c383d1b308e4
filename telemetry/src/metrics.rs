//! The one metrics registry of a program, encoded as OpenMetrics text.
//!
//! Flows in: metrics that a room registers under its own prefix, so that names
//! read `deskfleet_<room>_<what>_<unit>`. Flows out: the body of `/metrics`.
//! Deliberately absent: a push gateway; jobs record their runs in Postgres.

use std::{
    fmt,
    sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use prometheus_client::{encoding::text, metrics::info::Info, registry::Registry};

use crate::{BuildInfo, process::ProcessMetrics};

/// The content type of [`MetricsRegistry::encode`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A shared handle on a program's metrics; clones see the same registry.
#[derive(Clone, Debug)]
pub struct MetricsRegistry(Arc<RwLock<Registry>>);

impl MetricsRegistry {
    /// A registry that holds the process's metrics and `deskfleet_build_info`.
    pub fn new(build: &BuildInfo) -> Self {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(ProcessMetrics));
        registry.register("deskfleet_build", "Which build is running", Info::new(build.labels()));
        Self(Arc::new(RwLock::new(registry)))
    }

    /// Registers a room's metrics; names given to the registry inside get the
    /// prefix `deskfleet_<room>_`.
    pub fn register_room<T>(&self, room: &str, register: impl FnOnce(&mut Registry) -> T) -> T {
        let mut registry = self.write();
        register(registry.sub_registry_with_prefix(format!("deskfleet_{room}")))
    }

    /// All metrics as OpenMetrics text.
    pub fn encode(&self) -> Result<String, fmt::Error> {
        let mut body = String::new();
        text::encode(&mut body, &self.read())?;
        Ok(body)
    }

    // A panic while registering leaves the registry as it was before or after
    // one push, both fine to read: a poisoned lock is taken all the same.
    fn write(&self) -> RwLockWriteGuard<'_, Registry> {
        self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn read(&self) -> RwLockReadGuard<'_, Registry> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::{metrics::counter::Counter, registry::Unit};

    use super::*;

    fn a_registry() -> MetricsRegistry {
        MetricsRegistry::new(&BuildInfo::of("deskfleet-test"))
    }

    #[test]
    fn a_rooms_metrics_carry_its_prefix_and_unit() {
        let metrics = a_registry();
        let waited: Counter = metrics.register_room("sync", |registry| {
            let waited = Counter::default();
            registry.register_with_unit("pace_wait", "Time", Unit::Seconds, waited.clone());
            waited
        });
        waited.inc_by(3);
        let body = metrics.encode().unwrap();
        assert!(body.contains("deskfleet_sync_pace_wait_seconds_total 3\n"), "{body}");
        assert!(body.ends_with("# EOF\n"));
    }

    #[test]
    fn build_and_process_are_always_there() {
        let body = a_registry().encode().unwrap();
        for name in [
            "deskfleet_build_info{program=\"deskfleet-test\"",
            "process_resident_memory_bytes ",
            "process_cpu_seconds_total ",
            "process_open_fds ",
            "process_max_fds ",
            "process_start_time_seconds ",
        ] {
            assert!(body.contains(name), "{name} is missing in\n{body}");
        }
    }
}
