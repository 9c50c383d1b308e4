//! `deskfleet-store verify-audit`: proves each audit trail, or names its first broken link.
//!
//! Exit status 0 says that every trail is whole; 1 that one is not, with a line for each.

use std::{collections::BTreeSet, path::PathBuf};

use clap::Args;
use identifiers::AccountId;
use sqlx::PgConnection;
use store::audit::{
    checkpoint,
    signing::PublicKeys,
    verify::{Evidence, Exported, Report, verify},
};

use super::TrailError;

/// Flags of `verify-audit`.
#[derive(Clone, Debug, Args)]
pub(crate) struct VerifyArgs {
    /// One account; every account when left out.
    #[arg(long, value_name = "ID")]
    account: Option<AccountId>,
    /// Exported checkpoints: a file of JSON lines, or a folder of such files.
    #[arg(long, value_name = "FILE_OR_FOLDER")]
    checkpoints: Option<PathBuf>,
    /// The public keys of checkpoints, PEM, one after the other. Without them signatures are
    /// not judged. Keep your own copy: one from the cluster proves nothing against who owns it.
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
}

/// Verifies.
pub(crate) async fn run(connection: &mut PgConnection, arguments: &VerifyArgs) -> anyhow::Result<()> {
    let keys = arguments.public_key.as_deref().map(PublicKeys::read).transpose()?;
    let exported = arguments.checkpoints.as_deref().map(Exported::read).transpose()?.unwrap_or_default();
    if keys.is_none() {
        tracing::warn!("no public key was given, so no signature is judged: add --public-key");
    }
    let mut accounts: BTreeSet<AccountId> = checkpoint::accounts(connection).await?.into_iter().collect();
    // A trail that is gone altogether is known from outside only.
    accounts.extend(exported.accounts().cloned());
    accounts.retain(|account| arguments.account.as_ref().is_none_or(|wanted| wanted == account));
    let mut broken = 0;
    for account in &accounts {
        let evidence = Evidence { exported: exported.of(account), keys: keys.as_ref() };
        let report = verify(connection, account, evidence).await?;
        broken += usize::from(report.broken.is_some());
        tell(&sentence(&report));
    }
    if broken > 0 {
        return Err(TrailError::Broken { broken, accounts: accounts.len() }.into());
    }
    tracing::info!(accounts = accounts.len(), "{} audit trails are whole", accounts.len());
    Ok(())
}

fn sentence(report: &Report) -> String {
    if let Some(found) = &report.broken {
        return format!("BROKEN {found}");
    }
    let Report { account, since, through, checked, kept, exported, erased, .. } = report;
    format!(
        "whole account {account}: {checked} events, sequences {} to {through}, meet {kept} checkpoints kept and \
         {exported} exported; {erased} people erased",
        since + 1
    )
}

#[expect(clippy::print_stdout, reason = "the lines are this command's output")]
fn tell(line: &str) {
    println!("{line}");
}
