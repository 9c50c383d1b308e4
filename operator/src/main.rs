//! `deskfleet-operator`: runs the controllers, or prints what an installation needs.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use operator::{config::RunArgs, rbac, run};
use telemetry::TelemetryArgs;

/// Turns WorkspaceAccounts and SyncSchedules into Jobs and CronJobs and reports what they did.
#[derive(Debug, Parser)]
#[command(name = "deskfleet-operator", version, about)]
struct Cli {
    #[command(flatten)]
    telemetry: TelemetryArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the controllers until SIGTERM.
    Run(Box<RunArgs>),
    /// Print the CustomResourceDefinitions as YAML.
    Crds,
    /// Print the RBAC rules that the operator needs as YAML.
    Rbac {
        /// Print a ClusterRole for all namespaces and a Role for the operator's own, ready to
        /// apply, instead of the bare lists of rules.
        #[arg(long)]
        cluster: bool,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    match cli.command {
        Command::Run(args) => {
            let settings = args.settings().context("the configuration cannot be used")?;
            let telemetry = telemetry::init("deskfleet-operator", &cli.telemetry)?;
            run::run(settings, telemetry.metrics).await?;
        }
        Command::Crds => {
            print(&crds::schema::manifests().into_iter().map(|manifest| manifest.text).collect::<String>());
        }
        Command::Rbac { cluster } => print(&rbac::manifest(cluster)),
    }
    Ok(ExitCode::SUCCESS)
}

/// Standard output is what these commands are for; logs go to standard error.
#[expect(clippy::print_stdout, reason = "the text is the command's result")]
fn print(text: &str) {
    print!("{text}");
}
