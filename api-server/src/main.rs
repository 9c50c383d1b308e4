//! `deskfleet-api`: reads the command line and runs one command.

use std::{io::Write as _, process::ExitCode, time::Duration};

use anyhow::Context as _;
use api_server::{
    commands::{
        admin::{self, AdminCommand},
        openapi,
        setup::{self, SetupArguments},
    },
    serve::{self, ServeArguments},
};
use clap::{Parser, Subcommand};
use store::database;
use telemetry::TelemetryArgs;

/// The API and the console of deskfleet.
#[derive(Debug, Parser)]
#[command(name = "deskfleet-api", version, about)]
struct CommandLine {
    #[command(flatten)]
    telemetry: TelemetryArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and the console.
    Serve(Box<ServeArguments>),
    /// Print the OpenAPI document.
    Openapi,
    /// Make people and reset passwords, for when nobody can sign in.
    Admin(AdminArguments),
    /// Create the installation's Secrets where they are missing.
    Setup(SetupArguments),
}

#[derive(Debug, clap::Args)]
struct AdminArguments {
    /// A file with the Postgres URL of the role of the API.
    #[arg(long, env = "DESKFLEET_DATABASE_URL_FILE", value_name = "FILE")]
    database_url_file: std::path::PathBuf,
    #[command(subcommand)]
    command: AdminCommand,
}

/// Exit codes of one-time commands, the same as those of jobs.
const CONFIGURATION: u8 = 20;
const DEPENDENCY: u8 = 30;

#[tokio::main]
async fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    match run(command_line).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("deskfleet-api: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command_line: CommandLine) -> anyhow::Result<ExitCode> {
    match command_line.command {
        Command::Openapi => {
            std::io::stdout().write_all(openapi::print()?.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Serve(arguments) => serve(*arguments, &command_line.telemetry).await,
        Command::Admin(arguments) => admin(arguments).await,
        Command::Setup(arguments) => {
            telemetry::init("deskfleet-api", &command_line.telemetry)?;
            Ok(set_up(&arguments).await)
        }
    }
}

async fn serve(arguments: ServeArguments, args: &TelemetryArgs) -> anyhow::Result<ExitCode> {
    let telemetry = telemetry::init("deskfleet-api", args)?;
    let config = match arguments.check() {
        Ok(config) => config,
        Err(faults) => {
            for fault in faults {
                let fault = anyhow::Error::from(fault);
                tracing::error!("{fault:#}");
            }
            return Ok(ExitCode::from(CONFIGURATION));
        }
    };
    let stop = telemetry::shutdown_on_signal()?;
    serve::run(config, telemetry, stop).await.context("the server ended")?;
    Ok(ExitCode::SUCCESS)
}

async fn admin(arguments: AdminArguments) -> anyhow::Result<ExitCode> {
    let options = database::Options { program: "deskfleet-api", max_connections: 1, deadline: Duration::from_secs(10) };
    let pool = database::connect(&arguments.database_url_file, options).await?;
    let done = admin::run(arguments.command, &pool).await?;
    writeln!(std::io::stdout(), "{done}")?;
    Ok(ExitCode::SUCCESS)
}

/// The Job's pod is started again only where that can help.
async fn set_up(arguments: &SetupArguments) -> ExitCode {
    match setup::run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = if error.is_dependency() { DEPENDENCY } else { CONFIGURATION };
            tracing::error!("{:#}", anyhow::Error::from(error));
            ExitCode::from(code)
        }
    }
}
