//! `deskfleet-store`: what is done to the database itself, with its owner's login.
//!
//! `migrate` waits for Postgres, applies the migrations that are missing, makes the
//! roles of the other programs and the partitions of the months to come; doing it again
//! changes nothing. `check` tells whether the schema is this release's. `purge` removes an
//! account, for accounts whose `deletionPolicy` says so; `retain` removes what is older than
//! its account keeps it. `checkpoint`, `verify-audit` and `erase-person` are about the audit
//! trail.
//!
//! Deliberately absent: anything that reads AWS or shows the fleet.

use std::{collections::BTreeMap, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use contract::{
    Outcome, Report,
    environment::{DATABASE_URL_FILE, DATABASE_URL_PATH},
};
use identifiers::AccountId;
use store::{
    audit::{
        EraseError,
        checkpoint::{ExportError, ExportFailure, MakeError},
        signing::KeyError,
        verify::ExportedError,
    },
    database::{self, ConnectError, Trouble, trouble},
    maintenance::{self, MigrateError},
    purge,
    role::RoleError,
    schema::{self, SchemaError},
};
use telemetry::TelemetryArgs;

mod commands;

use commands::{TrailError, checkpoint, erase_person, retain, verify_audit};

/// Keeps deskfleet's database: schema, roles, partitions.
#[derive(Debug, Parser)]
#[command(name = "deskfleet-store", version, about)]
struct Arguments {
    #[command(flatten)]
    telemetry: TelemetryArgs,
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Database")]
struct DatabaseArgs {
    /// A file with the URL of the database and its owner's login.
    #[arg(long, env = DATABASE_URL_FILE, value_name = "FILE", default_value = DATABASE_URL_PATH, global = true)]
    database_url_file: PathBuf,
    /// How long to wait for Postgres.
    #[arg(long, env = "DESKFLEET_DATABASE_WAIT_SECONDS", value_name = "SECONDS", default_value_t = 60, global = true)]
    database_wait_seconds: u64,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Apply the migrations that are missing, make the roles, make partitions.
    Migrate {
        /// A folder with one file for each role (`sync`, `reports`, `api`), each with the
        /// URL that role's programs use; their logins are made from them. Without it no
        /// login is made.
        #[arg(long, env = "DESKFLEET_DATABASE_LOGINS_DIR", value_name = "FOLDER")]
        logins_dir: Option<PathBuf>,
    },
    /// Tell whether the database has the schema of this release; exit 30 when it is older.
    Check,
    /// Sign how far each audit trail has got, and put that where Postgres cannot change it.
    Checkpoint(checkpoint::CheckpointArgs),
    /// Prove the audit trails, or name the first broken link of each; exit 1 when one is broken.
    VerifyAudit(verify_audit::VerifyArgs),
    /// Take a person out of the audit trails, which stay provable. Cannot be undone.
    ErasePerson(erase_person::EraseArgs),
    /// Remove what is older than its account keeps it, and make the partitions of the months
    /// to come. What is current never goes.
    Retain(retain::RetainArgs),
    /// Remove every row of an account but its audit trail, which only its retention ends.
    Purge {
        /// The AWS account, 12 digits.
        #[arg(long, value_name = "ID")]
        account: AccountId,
        /// Where the pod's last words go.
        #[arg(long, env = "DESKFLEET_TERMINATION_LOG", value_name = "FILE", default_value = "/dev/termination-log")]
        termination_log: PathBuf,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match start(arguments) {
        Ok(()) => contract::ExitCode::Done.into(),
        Err(error) => {
            tracing::error!("{error:#}");
            exit_code(&error)
        }
    }
}

fn start(arguments: Arguments) -> anyhow::Result<()> {
    telemetry::init("deskfleet-store", &arguments.telemetry)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(execute(arguments))
}

async fn execute(arguments: Arguments) -> anyhow::Result<()> {
    let options = database::Options {
        program: "deskfleet-store",
        max_connections: 1,
        deadline: Duration::from_secs(arguments.database.database_wait_seconds),
    };
    let pool = database::connect(&arguments.database.database_url_file, options).await?;
    match arguments.command {
        Command::Migrate { logins_dir } => {
            let mut connection = pool.acquire().await.context("no connection to Postgres")?;
            let done = maintenance::migrate(&mut connection, logins_dir.as_deref()).await?;
            tracing::info!(
                schema.before = done.before,
                schema.after = done.after,
                roles = done.roles,
                "the database is at schema version {}",
                done.after
            );
        }
        Command::Purge { account, termination_log } => {
            let mut connection = pool.acquire().await.context("no connection to Postgres")?;
            let removed = purge::purge(&mut connection, &account).await?;
            let message = purged(&account, &removed);
            tracing::info!(account = %account, "{message}");
            // Outside a pod the file is not there, and the log says it all.
            let _ = std::fs::write(termination_log, Report::new(Outcome::Complete, "Purged", message).to_message());
        }
        Command::Checkpoint(arguments) => {
            let mut connection = pool.acquire().await.context("no connection to Postgres")?;
            checkpoint::run(&mut connection, &arguments).await?;
        }
        Command::VerifyAudit(arguments) => {
            let mut connection = pool.acquire().await.context("no connection to Postgres")?;
            verify_audit::run(&mut connection, &arguments).await?;
        }
        Command::ErasePerson(arguments) => {
            let mut connection = pool.acquire().await.context("no connection to Postgres")?;
            erase_person::run(&mut connection, arguments).await?;
        }
        Command::Retain(arguments) => {
            schema::require(&pool).await?;
            let mut connection = pool.acquire().await.context("no connection to Postgres")?;
            retain::run(&mut connection, arguments).await?;
        }
        Command::Check => {
            schema::require(&pool).await?;
            tracing::info!(schema.needed = schema::needed_version(), "the schema is this release's or newer");
        }
    }
    Ok(())
}

fn purged(account: &AccountId, removed: &BTreeMap<String, u64>) -> String {
    let rows: u64 = removed.values().sum();
    let tables: Vec<String> = removed.iter().map(|(table, rows)| format!("{rows} of {table}")).collect();
    let tables = if tables.is_empty() { "it had none".to_owned() } else { tables.join(", ") };
    format!("removed {rows} rows of account {account}: {tables}; its audit trail is kept")
}

/// What Kubernetes should do: try again when the database was the problem, not when the
/// configuration was. A broken audit trail is a fault that a person must look at.
fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.chain().any(is_broken_trail) {
        return ExitCode::FAILURE;
    }
    let is_configuration = error.chain().any(is_configuration);
    let code = if is_configuration { contract::ExitCode::Configuration } else { contract::ExitCode::Dependency };
    code.into()
}

fn is_broken_trail(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.is::<TrailError>()
        || matches!(cause.downcast_ref(), Some(MakeError::Broken { .. }))
        || matches!(cause.downcast_ref(), Some(ExportError::Write(ExportFailure::Differs { .. })))
}

fn is_configuration(cause: &(dyn std::error::Error + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(ConnectError::UrlFile { .. } | ConnectError::Url { .. }))
        || matches!(
            cause.downcast_ref(),
            Some(RoleError::File { .. } | RoleError::Url { .. } | RoleError::Password { .. })
        )
        || matches!(cause.downcast_ref(), Some(MigrateError::Role(RoleError::Make { source, .. })) if is_refused(source))
        || matches!(cause.downcast_ref(), Some(SchemaError::Apply(_)))
        || cause.is::<KeyError>()
        || cause.is::<ExportedError>()
        || matches!(cause.downcast_ref(), Some(ExportError::Destination { .. }))
        || matches!(cause.downcast_ref(), Some(EraseError::ReferenceNames | EraseError::ReferenceLength))
}

fn is_refused(error: &store::QueryError) -> bool {
    trouble(error) == Trouble::Schema
}
