//! `deskfleet-store retain`: removes what is older than its account keeps it.

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;
use sqlx::PgConnection;
use store::{
    partitions,
    retention::{self, Days, Mode, Retained},
};

/// Days that rows are kept where a `WorkspaceAccount` sets none (`spec.retention`).
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct RetainArgs {
    /// Earlier versions and states of desktops, directories, bundles.
    #[arg(long, env = "DESKFLEET_HISTORY_DAYS", value_name = "DAYS", default_value_t = 1095,
          value_parser = clap::value_parser!(u32).range(30..=3660))]
    history_days: u32,
    /// Evidence of use.
    #[arg(long, env = "DESKFLEET_USAGE_DAYS", value_name = "DAYS", default_value_t = 730,
          value_parser = clap::value_parser!(u32).range(30..=3660))]
    usage_days: u32,
    /// Costs.
    #[arg(long, env = "DESKFLEET_COST_DAYS", value_name = "DAYS", default_value_t = 1095,
          value_parser = clap::value_parser!(u32).range(90..=3660))]
    cost_days: u32,
    /// The audit trail, at least 100 days, and who saw and changed what in deskfleet.
    #[arg(long, env = "DESKFLEET_AUDIT_DAYS", value_name = "DAYS", default_value_t = 1095,
          value_parser = clap::value_parser!(u32).range(90..=3660))]
    audit_days: u32,
    /// Runs, their steps and calls.
    #[arg(long, env = "DESKFLEET_RUN_DAYS", value_name = "DAYS", default_value_t = 90,
          value_parser = clap::value_parser!(u32).range(7..=3660))]
    run_days: u32,
    /// Only count what would go; the audit trail is not counted.
    #[arg(long)]
    dry_run: bool,
}

impl RetainArgs {
    fn days(self) -> Days {
        let Self { history_days, usage_days, cost_days, audit_days, run_days, .. } = self;
        Days { history: history_days, usage: usage_days, cost: cost_days, audit: audit_days, run: run_days }
    }
}

/// Makes the partitions of the months to come, and removes what is over.
pub(crate) async fn run(connection: &mut PgConnection, arguments: RetainArgs) -> anyhow::Result<()> {
    partitions::make(&mut *connection).await.context("the partitions of the months to come")?;
    let mode = if arguments.dry_run { Mode::Count } else { Mode::Remove };
    let retained = retention::retain(connection, Timestamp::now(), arguments.days(), mode).await?;
    tracing::info!("{}", told(&retained, mode));
    Ok(())
}

fn told(retained: &Retained, mode: Mode) -> String {
    let verb = if mode == Mode::Count { "would go" } else { "went" };
    let rows: u64 = retained.rows.values().sum();
    let tables: Vec<String> = retained.rows.iter().map(|(table, rows)| format!("{rows} of {table}")).collect();
    let of = if tables.is_empty() { String::new() } else { format!(": {}", tables.join(", ")) };
    let months = if retained.months.is_empty() { "no month".to_owned() } else { retained.months.join(", ") };
    format!("retention is over: {months} {verb} whole, {rows} rows {verb} one by one{of}")
}
