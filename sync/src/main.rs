//! `deskfleet-sync`: the job that reads AWS, the only room that knows the AWS SDK.
//!
//! ```text
//! DESKFLEET_PLAN ─► run ─► claim step ─► collector ─► aws ─► AWS
//!                                            │
//!                                            ▼
//!                                          store ─► Postgres (rows, cursor, ledger)
//!                   run ─► exit code and termination message ─► operator
//! ```
//!
//! | module | what is in it |
//! |---|---|
//! | `config` | flags and variables, checked as a whole |
//! | `run` | one pod of a run: lease, plan, workers, report |
//! | `collector` | what each source reads, from the SDK's types to the domain's |
//! | `aws` | credentials, clients, pace, retries, errors |
//! | `probe` | proves an account |
//! | `policies` | the IAM documents |
//! | `ending` | exit code and report |
//!
//! Deliberately absent: Kubernetes (the pod has no token), HTTP serving (jobs serve
//! nothing), SQL.

mod aws;
mod collector;
mod config;
mod ending;
mod policies;
mod probe;
mod run;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use config::PodArgs;
use ending::Ending;
use identifiers::Partition;
use telemetry::{TelemetryArgs, shutdown_on_signal};

/// Reads fleets of Amazon WorkSpaces into Postgres.
#[derive(Debug, Parser)]
#[command(name = "deskfleet-sync", version, about)]
struct Arguments {
    #[command(flatten)]
    telemetry: TelemetryArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read what the plan asks for, going on where an earlier pod of the same run stopped.
    Run(PodArgs),
    /// Prove credentials, account id and permissions of an account; writes nothing.
    Probe(PodArgs),
    /// Print the IAM policies deskfleet needs, as JSON.
    Policies {
        /// Which document.
        #[arg(value_enum, default_value = "read")]
        document: Document,
        /// The partition of AWS that its ARNs name: aws, aws-cn or aws-us-gov.
        #[arg(long, value_parser = partition, default_value = Partition::Aws.as_str())]
        partition: Partition,
    },
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Document {
    /// What deskfleet calls to read the fleet.
    Read,
    /// What it calls to read costs and prices, for the account that pays.
    Money,
    /// What it calls to read the queue of access events, for accounts that have one.
    AccessEvents,
    /// Who may assume the role, for accounts reached by a role.
    Trust,
}

fn partition(text: &str) -> Result<Partition, String> {
    let named = Partition::ALL.into_iter().find(|partition| partition.as_str() == text);
    named.ok_or_else(|| "it is no partition of AWS: write aws, aws-cn or aws-us-gov".to_owned())
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let arguments = match arguments.command {
        Command::Policies { document, partition } => return print(document, partition),
        Command::Run(_) | Command::Probe(_) => arguments,
    };
    telemetry::init("deskfleet-sync", &arguments.telemetry)?;
    // One thread: the work is waiting for AWS and Postgres, and memory is counted.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(pod(arguments.command))
}

async fn pod(command: Command) -> anyhow::Result<ExitCode> {
    let stop = shutdown_on_signal()?;
    let (termination_log, ending) = match command {
        Command::Run(args) => {
            let log = args.termination_log();
            let ending = match args.into_run() {
                Ok(config) => run::run(config, stop).await,
                Err(error) => Ending::failed(contract::ExitCode::Configuration, "PlanInvalid", &error),
            };
            (log, ending)
        }
        Command::Probe(args) => {
            let log = args.termination_log();
            let ending = match args.into_probe() {
                Ok(config) => probe::probe(config, stop).await,
                Err(error) => Ending::failed(contract::ExitCode::Configuration, "PlanInvalid", &error),
            };
            (log, ending)
        }
        Command::Policies { document, partition } => return print(document, partition),
    };
    ending.tell(&termination_log);
    Ok(ending.code.into())
}

#[expect(clippy::print_stdout, reason = "the document is this command's output")]
fn print(document: Document, partition: Partition) -> anyhow::Result<ExitCode> {
    let policy = match document {
        Document::Read => policies::read_policy(),
        Document::Money => policies::money_policy(partition),
        Document::AccessEvents => policies::access_events_policy(partition),
        Document::Trust => policies::trust_policy(partition),
    };
    println!("{}", serde_json::to_string_pretty(&policy)?);
    Ok(ExitCode::SUCCESS)
}
