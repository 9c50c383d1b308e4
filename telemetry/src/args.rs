//! The flags and variables that every program has, ready to be flattened.
//!
//! Flows in: `--log-format`, `--log` and their `DESKFLEET_*` variables. Flows
//! out: a [`TelemetryArgs`] for [`crate::init`]. Deliberately absent: listen
//! addresses; only programs that serve have one.

use clap::{Args, ValueEnum};

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line, for log collectors.
    #[default]
    Json,
    /// One readable line, for people at a terminal.
    Text,
}

/// Logging options, the same in every program.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Logging")]
pub struct TelemetryArgs {
    /// How log lines look on standard error.
    #[arg(long, env = "DESKFLEET_LOG_FORMAT", value_enum, default_value = "json", global = true)]
    pub log_format: LogFormat,

    /// What is logged: a level, or levels by module (`info,sync=debug`).
    #[arg(long = "log", env = "DESKFLEET_LOG", default_value = "info", value_name = "FILTER", global = true)]
    pub log_filter: String,
}

impl Default for TelemetryArgs {
    /// What a program gets when nothing is said: JSON at level `info`.
    fn default() -> Self {
        Self { log_format: LogFormat::default(), log_filter: "info".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        telemetry: TelemetryArgs,
    }

    #[test]
    fn flags_choose_format_and_filter() {
        let program = Program::try_parse_from(["program", "--log-format", "text", "--log", "warn,kube=debug"]).unwrap();
        assert_eq!(program.telemetry.log_format, LogFormat::Text);
        assert_eq!(program.telemetry.log_filter, "warn,kube=debug");
    }

    #[test]
    fn an_unknown_format_is_refused_with_the_choices() {
        let refusal = Program::try_parse_from(["program", "--log-format", "xml"]).err().unwrap().to_string();
        assert!(refusal.contains("[possible values: json, text]"), "{refusal}");
    }
}
