//! What jobs did, from the database. Read in the background, because a scrape must not wait
//! for a query; every server exports the same figures, so dashboards take `max`, not `sum`.
//!
//! Counts of rows that are kept are gauges: a step leaves `running`, and retention removes
//! rows. Only the calls are counters; to Prometheus retention looks like a restart.

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};
use store::{
    PgPool,
    job_totals::{JobTotals, job_totals},
};
use telemetry::Heartbeat;
use tokio_util::sync::CancellationToken;

/// Time between two readings.
pub const POLL: Duration = Duration::from_secs(30);

/// The last reading.
#[derive(Debug, Clone, Default)]
pub struct JobMetrics(Arc<RwLock<JobTotals>>);

impl JobMetrics {
    /// Reads until `stop`. An unreadable database leaves the last reading in place.
    pub async fn keep_reading(self, pool: PgPool, heartbeat: Heartbeat, stop: CancellationToken) {
        let mut ticks = tokio::time::interval(POLL);
        while stop.run_until_cancelled(ticks.tick()).await.is_some() {
            heartbeat.beat();
            match job_totals(&pool).await {
                Ok(totals) => self.replace(totals),
                Err(error) => tracing::warn!(error = %error, "the totals of jobs could not be read"),
            }
        }
    }

    /// Replaces the reading.
    pub fn replace(&self, totals: JobTotals) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = totals;
    }
}

impl Collector for JobMetrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let totals = self.0.read().unwrap_or_else(PoisonError::into_inner);
        encode_runs(&totals, &mut encoder)?;
        encode_steps(&totals, &mut encoder)?;
        encode_calls(&totals, &mut encoder)?;
        encode_paces(&totals, &mut encoder)?;
        encode_fleet(&totals, &mut encoder)
    }
}

fn encode_runs(totals: &JobTotals, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let runs = totals
        .runs
        .iter()
        .map(|runs| (vec![("account", runs.account.as_str()), ("outcome", runs.outcome.as_str())], runs.count));
    gauges(encoder, "runs", "Sync runs that are kept, by outcome", runs)?;
    let completed = totals.last_complete.iter();
    let completed = completed.map(|(account, at)| (vec![("account", account.as_str())], at.as_second()));
    gauges(
        encoder,
        "last_complete_run_timestamp_seconds",
        "When the last run that read everything ended; alert on its age",
        completed,
    )
}

fn encode_steps(totals: &JobTotals, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let steps = totals.steps.iter();
    let counted = steps.clone().map(|steps| (step_labels(steps), steps.count));
    gauges(encoder, "steps", "Steps of kept runs, by state", counted)?;
    let items = steps.map(|steps| (step_labels(steps), steps.items));
    gauges(encoder, "items", "Things read by steps of kept runs", items)
}

fn step_labels(steps: &store::job_totals::Steps) -> Vec<(&str, &str)> {
    vec![
        ("account", steps.account.as_str()),
        ("region", steps.region.as_str()),
        ("source", steps.source.as_str()),
        ("state", steps.state.as_str()),
    ]
}

fn encode_calls(totals: &JobTotals, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let calls = totals.calls.iter();
    let counted = calls.clone().map(|calls| (call_labels(calls), count(calls.count)));
    counters(encoder, "aws_calls", "Calls to AWS by kept runs, retries included", counted)?;
    let seconds = calls.clone().map(|calls| (call_labels(calls), calls.seconds));
    counters(encoder, "aws_call_duration_seconds", "Time spent waiting for AWS's answers", seconds)?;
    let dollars = calls.filter(|calls| calls.dollars > 0.0).map(|calls| (call_labels(calls), calls.dollars));
    counters(encoder, "aws_call_cost_usd", "What paid calls cost at AWS's public prices, in US dollars", dollars)
}

fn call_labels(calls: &store::job_totals::Calls) -> Vec<(&str, &str)> {
    vec![
        ("account", calls.account.as_str()),
        ("region", calls.region.as_str()),
        ("operation", calls.operation.as_str()),
        ("outcome", calls.outcome.as_str()),
    ]
}

fn encode_paces(totals: &JobTotals, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let paces = totals.paces.iter();
    let configured = paces.clone().map(|pace| (pace_labels(pace), pace.configured));
    gauges(encoder, "pace_configured_calls_per_second", "How fast AWS may be called, as configured", configured)?;
    let allowed = paces.map(|pace| (pace_labels(pace), pace.allowed));
    let help = "How fast AWS may be called now; lower than configured after throttles";
    gauges(encoder, "pace_allowed_calls_per_second", help, allowed)
}

fn pace_labels(pace: &store::job_totals::Pace) -> Vec<(&str, &str)> {
    vec![("account", pace.account.as_str()), ("region", pace.region.as_str()), ("operation", pace.operation.as_str())]
}

fn encode_fleet(totals: &JobTotals, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let workspaces = totals.workspaces.iter().map(|found| {
        let labels = vec![
            ("account", found.account.as_str()),
            ("region", found.region.as_str()),
            ("state", found.state.as_str()),
        ];
        (labels, found.count)
    });
    gauges(encoder, "workspaces", "WorkSpaces that are there, by AWS's state", workspaces)
}

type Labels<'a> = Vec<(&'a str, &'a str)>;

fn counters<'a, N>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    samples: impl Iterator<Item = (Labels<'a>, N)>,
) -> fmt::Result
where
    ConstCounter<N>: EncodeMetric,
{
    let mut samples = samples.peekable();
    if samples.peek().is_none() {
        return Ok(());
    }
    let mut family = encoder.encode_descriptor(name, help, None, prometheus_client::metrics::MetricType::Counter)?;
    samples.try_for_each(|(labels, value)| ConstCounter::new(value).encode(family.encode_family(&labels)?))
}

fn gauges<'a, N>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    samples: impl Iterator<Item = (Labels<'a>, N)>,
) -> fmt::Result
where
    ConstGauge<N>: EncodeMetric,
{
    let mut samples = samples.peekable();
    if samples.peek().is_none() {
        return Ok(());
    }
    let mut family = encoder.encode_descriptor(name, help, None, prometheus_client::metrics::MetricType::Gauge)?;
    samples.try_for_each(|(labels, value)| ConstGauge::new(value).encode(family.encode_family(&labels)?))
}

fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use prometheus_client::{encoding::text, registry::Registry};
    use store::job_totals::{Calls, Pace, Runs, Steps, Workspaces};

    use super::*;

    fn exposed(totals: JobTotals) -> String {
        let metrics = JobMetrics::default();
        metrics.replace(totals);
        let mut registry = Registry::with_prefix("deskfleet_sync");
        registry.register_collector(Box::new(metrics));
        let mut page = String::new();
        text::encode(&mut page, &registry).unwrap();
        page
    }

    #[test]
    fn what_jobs_wrote_becomes_metrics() {
        let (account, region) = ("123456789012".to_owned(), "us-east-1".to_owned());
        insta::assert_snapshot!(exposed(JobTotals {
            runs: vec![Runs { account: account.clone(), outcome: "complete".into(), count: 3 }],
            last_complete: vec![(account.clone(), "2026-11-25T06:00:00Z".parse().unwrap())],
            steps: vec![Steps {
                account: account.clone(),
                region: region.clone(),
                source: "inventory".into(),
                state: "complete".into(),
                count: 6,
                items: 1_204,
            }],
            calls: vec![Calls {
                account: account.clone(),
                region: region.clone(),
                operation: "DescribeWorkspaces".into(),
                outcome: "ok".into(),
                count: 49,
                seconds: 7.5,
                dollars: 0.25,
            }],
            paces: vec![Pace {
                account: account.clone(),
                region: region.clone(),
                operation: "DescribeWorkspaces".into(),
                configured: 1.5,
                allowed: 0.75,
            }],
            workspaces: vec![Workspaces { account, region, state: "available".into(), count: 1_000 }],
        }));
    }

    #[test]
    fn before_the_first_run_there_is_nothing_rather_than_zero() {
        assert_eq!(exposed(JobTotals::default()), "# EOF\n");
    }
}
