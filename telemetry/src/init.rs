//! The one call at the top of every `main`.
//!
//! Flows in: the program's name and its [`TelemetryArgs`]. Flows out: a
//! [`Telemetry`] with the metrics registry. On the way the process gets its TLS
//! provider (aws-lc-rs, for every rustls user in the process) and its log
//! subscriber. Deliberately absent: a runtime; this is synchronous.

use thiserror::Error;

use crate::{BuildInfo, MetricsRegistry, TelemetryArgs, logs};

/// What a program has once [`init`] has run.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// The program's metrics, with those of the process and the build in it.
    pub metrics: MetricsRegistry,
    /// Which build is running.
    pub build: BuildInfo,
}

/// Why a program cannot start logging.
#[derive(Debug, Error)]
pub enum InitError {
    /// The log filter cannot be read.
    #[error(
        "--log (DESKFLEET_LOG) `{filter}` is not a log filter; give a level (`info`) \
         or levels by module (`info,sync=debug`)"
    )]
    LogFilter {
        /// The filter as given.
        filter: String,
        /// What the filter's parser found.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// Another subscriber is already installed in this process.
    #[error("logging is already set up in this process; call telemetry::init once, in main")]
    LogSubscriber {
        /// What the subscriber's installation said.
        #[source]
        source: tracing_subscriber::util::TryInitError,
    },
}

/// Sets up TLS provider, logs and metrics; call it first, once, in `main`.
pub fn init(program: &'static str, args: &TelemetryArgs) -> Result<Telemetry, InitError> {
    // Fails only when a provider is already there, and no crate of this house
    // brings another one (tests/architecture holds that).
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    logs::install(args)?;
    let build = BuildInfo::of(program);
    tracing::info!(program = build.program, version = build.version, revision = build.revision, "starting {build}");
    Ok(Telemetry { metrics: MetricsRegistry::new(&build), build })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One test, because both calls share the process-wide subscriber.
    #[test]
    fn a_bad_filter_and_a_second_call_are_refused_with_the_remedy() {
        let bad = TelemetryArgs { log_filter: "sync=loud".to_owned(), ..TelemetryArgs::default() };
        let refusal = init("test", &bad).unwrap_err();
        assert!(matches!(refusal, InitError::LogFilter { .. }));
        assert!(refusal.to_string().contains("DESKFLEET_LOG"));

        let quiet = TelemetryArgs { log_filter: "off".to_owned(), ..TelemetryArgs::default() };
        init("test", &quiet).unwrap();
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
        let again = init("test", &quiet).unwrap_err();
        assert!(matches!(again, InitError::LogSubscriber { .. }));
    }
}
