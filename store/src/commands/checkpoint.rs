//! `deskfleet-store checkpoint`: signs how far each audit trail has got.
//!
//! Prints each new checkpoint as a line of JSON, so that whatever keeps the pod's output
//! keeps it too, and exports it. An account whose trail is broken gets none; the others do.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use sqlx::PgConnection;
use store::audit::{
    checkpoint::{self, Destination, MakeError},
    signing::{PublicKeys, SigningKey},
};

/// Flags of `checkpoint`.
#[derive(Clone, Debug, Args)]
pub(crate) struct CheckpointArgs {
    /// The Ed25519 private key, PEM (PKCS #8). Keep it from everybody who can write to Postgres.
    #[arg(
        long,
        env = "DESKFLEET_AUDIT_SIGNING_KEY_FILE",
        value_name = "FILE",
        default_value = "/var/run/deskfleet/audit-signing/current"
    )]
    signing_key_file: PathBuf,
    /// Public keys of which the last checkpoint may be, besides the present one: PEM, one
    /// after the other. For when the key is changed.
    #[arg(long, env = "DESKFLEET_AUDIT_PUBLIC_KEYS_FILE", value_name = "FILE")]
    public_keys_file: Option<PathBuf>,
    /// Where checkpoints go besides the output: a folder, or a URL such as `s3://bucket/prefix`.
    /// Several are separated by commas. What could not be exported is tried again next time.
    #[arg(long, env = "DESKFLEET_AUDIT_EXPORT_TO", value_name = "FOLDER_OR_URL", value_delimiter = ',')]
    export_to: Vec<String>,
}

/// Makes and exports checkpoints.
pub(crate) async fn run(connection: &mut PgConnection, arguments: &CheckpointArgs) -> anyhow::Result<()> {
    let key = SigningKey::read(&arguments.signing_key_file)?;
    let earlier = arguments.public_keys_file.as_deref().map_or_else(|| Ok(key.public()), PublicKeys::read)?;
    let destinations: Vec<Destination> =
        arguments.export_to.iter().map(|text| Destination::parse(text)).collect::<Result<_, _>>()?;
    let mut failed: Option<MakeError> = None;
    for account in checkpoint::accounts(connection).await? {
        match checkpoint::make(connection, &account, (&key, &earlier), Timestamp::now()).await {
            Ok(Some(made)) => tell(&made.line()),
            Ok(None) => tracing::info!(account = %account, "nothing came since the last checkpoint"),
            Err(error) => {
                tracing::error!(account = %account, "{error}");
                failed = failed.or(Some(error));
            }
        }
    }
    if !destinations.is_empty() {
        let exported = checkpoint::export(connection, &destinations).await?;
        tracing::info!(exported, "{exported} checkpoints were exported");
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

#[expect(clippy::print_stdout, reason = "the line is this command's output")]
fn tell(line: &str) {
    println!("{line}");
}
