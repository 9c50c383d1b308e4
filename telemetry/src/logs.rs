//! Log lines on standard error, as JSON objects or readable text.
//!
//! Flows in: tracing events with a readable message and dotted fields
//! (`workspace.id`, `duration_ms`). Flows out: one line an event. Standard output
//! stays free for what a program prints (CRDs, OpenAPI, policies). Deliberately
//! absent: files and rotation; the kubelet rotates what containers write.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer, fmt::MakeWriter, layer::SubscriberExt, registry::LookupSpan, util::SubscriberInitExt,
};

use crate::{InitError, LogFormat, TelemetryArgs};

/// Installs the process-wide subscriber, also for crates that use `log`.
pub(crate) fn install(args: &TelemetryArgs) -> Result<(), InitError> {
    let filter = EnvFilter::try_new(&args.log_filter)
        .map_err(|source| InitError::LogFilter { filter: args.log_filter.clone(), source })?;
    tracing_subscriber::registry()
        .with(filter)
        .with(lines(args.log_format, io::stderr))
        .try_init()
        .map_err(|source| InitError::LogSubscriber { source })
}

/// The layer that writes one line an event.
fn lines<S, W>(format: LogFormat, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'writer> MakeWriter<'writer> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer().with_writer(writer);
    match format {
        // Fields beside the message, so that a collector finds `workspace.id`
        // at the top; of the spans only the innermost, the outer ones repeat it.
        LogFormat::Json => layer.json().flatten_event(true).with_current_span(true).with_span_list(false).boxed(),
        LogFormat::Text => layer.with_ansi(false).with_target(false).boxed(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat) -> String {
        let captured = Captured::default();
        let writer = captured.clone();
        let subscriber = tracing_subscriber::registry().with(lines(format, move || writer.clone()));
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(workspace.id = "ws-1", duration_ms = 12, "page was slow");
        });
        let bytes = captured.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_lines_carry_message_and_dotted_fields_at_the_top() {
        let line: serde_json::Value = serde_json::from_str(&logged(LogFormat::Json)).unwrap();
        assert_eq!(line["message"], "page was slow");
        assert_eq!(line["workspace.id"], "ws-1");
        assert_eq!(line["duration_ms"], 12);
        assert_eq!(line["level"], "WARN");
        assert!(line["timestamp"].is_string());
    }

    #[test]
    fn text_lines_read_alone_and_hold_no_terminal_codes() {
        let line = logged(LogFormat::Text);
        assert!(line.contains("page was slow workspace.id=\"ws-1\" duration_ms=12"), "{line}");
        assert!(!line.contains('\u{1b}'));
    }
}
