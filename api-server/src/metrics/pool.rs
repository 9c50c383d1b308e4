//! Connections to Postgres, read when scraped.

use std::fmt;

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::gauge::ConstGauge,
};
use store::PgPool;

/// The pool's connections.
#[derive(Debug)]
pub struct PoolMetrics(pub PgPool);

impl Collector for PoolMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let idle = i64::try_from(self.0.num_idle()).unwrap_or(i64::MAX);
        let used = i64::from(self.0.size()) - idle;
        for (name, help, value) in [
            ("pool_connections_used", "Connections to Postgres in use", used),
            ("pool_connections_idle", "Connections to Postgres that wait for work", idle),
        ] {
            let gauge = ConstGauge::new(value);
            gauge.encode(encoder.encode_descriptor(name, help, None, gauge.metric_type())?)?;
        }
        Ok(())
    }
}
