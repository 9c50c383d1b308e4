//! How a pod ends: its exit code and its report, and the one place where both are told
//! to Kubernetes.

use std::{error::Error, path::Path};

use contract::{ExitCode, Outcome, Report};

/// Exit code and report of a pod.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    /// What Kubernetes does next follows from it.
    pub(crate) code: ExitCode,
    /// What the operator shows.
    pub(crate) report: Report,
}

impl Ending {
    /// The ending of a pod that could not do its work: `error` with all its causes.
    pub(crate) fn failed(code: ExitCode, reason: &str, error: &(dyn Error + 'static)) -> Self {
        Self { code, report: Report::new(Outcome::Failed, reason, with_causes(error)) }
    }

    /// Logs the ending, and leaves the report where the kubelet picks it up.
    pub(crate) fn tell(&self, termination_log: &Path) {
        let Report { outcome, reason, message, .. } = &self.report;
        if self.code == ExitCode::Done {
            tracing::info!(?outcome, reason, "{message}");
        } else {
            tracing::error!(?outcome, reason, exit_code = self.code.code(), "{message}");
        }
        // Outside a pod the file is not there, and the log says it all.
        if let Err(error) = std::fs::write(termination_log, self.report.to_message()) {
            tracing::debug!(path = %termination_log.display(), %error, "no termination message was left");
        }
    }
}

/// An error and its causes, as one sentence.
pub(crate) fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        // Some libraries repeat their cause in their own words.
        if !text.ends_with(&words) {
            text = format!("{text}: {words}");
        }
        cause = error.source();
    }
    text
}
