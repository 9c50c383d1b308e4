//! SIGTERM and SIGINT as a cancellation token.
//!
//! Flows in: the first of the two signals. Flows out: a token that everything
//! long-lived selects on, so that a pod ends cleanly within its grace period.
//! Deliberately absent: a deadline; the kubelet keeps it and then kills.

use std::io;

use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Why signals cannot be waited for.
#[derive(Debug, Error)]
#[error("cannot wait for {signal}")]
pub struct SignalError {
    /// The signal's name.
    pub signal: &'static str,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// A token that is cancelled on the first SIGTERM or SIGINT. Call it inside the
/// runtime; the handlers are in place when it returns, so no signal is lost.
pub fn shutdown_on_signal() -> Result<CancellationToken, SignalError> {
    let mut terminate = listen("SIGTERM", SignalKind::terminate())?;
    let mut interrupt = listen("SIGINT", SignalKind::interrupt())?;
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        let name = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        tracing::info!(signal = name, "stopping on {name}");
        cancel.cancel();
    });
    Ok(token)
}

fn listen(name: &'static str, kind: SignalKind) -> Result<tokio::signal::unix::Signal, SignalError> {
    signal(kind).map_err(|source| SignalError { signal: name, source })
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[tokio::test]
    async fn sigterm_cancels_the_token() {
        let token = shutdown_on_signal().unwrap();
        assert!(!token.is_cancelled());
        let kill = Command::new("kill").args(["-TERM", &std::process::id().to_string()]).status().unwrap();
        assert!(kill.success());
        token.cancelled().await;
    }
}
