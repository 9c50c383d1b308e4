//! `deskfleet-store erase-person`: takes a person out of the audit trails.
//!
//! Without `--yes` it only tells whom the trails know by such a name, because one human has
//! several: a session's address, a directory's user name. An erasure cannot be undone.

use clap::Args;
use identifiers::AccountId;
use sqlx::PgConnection;
use store::audit::{Erasure, erase_person, people_like};

/// Flags of `erase-person`.
#[derive(Clone, Debug, Args)]
pub(crate) struct EraseArgs {
    /// A name that the person is known by; repeat it for each. Case does not count.
    #[arg(long = "person", value_name = "NAME", required = true)]
    people: Vec<String>,
    /// One account; every account when left out.
    #[arg(long, value_name = "ID")]
    account: Option<AccountId>,
    /// What the erasure is filed under, such as the number of a request. It is kept for good
    /// and must not name the person.
    #[arg(long, value_name = "TEXT", required_if_eq("yes", "true"))]
    reference: Option<String>,
    /// Erase. Without it, only tell whom the trails know by names that contain these.
    #[arg(long)]
    yes: bool,
}

/// Erases, or tells what would be erased.
pub(crate) async fn run(connection: &mut PgConnection, arguments: EraseArgs) -> anyhow::Result<()> {
    let EraseArgs { people, account, reference, yes } = arguments;
    if !yes {
        for name in &people {
            let known = people_like(connection, account.as_ref(), name).await?;
            if known.is_empty() {
                tell(&format!("no trail knows a name that contains {name:?}"));
            }
            for person in known {
                tell(&format!("account {}: {:?} in {} events", person.account, person.name, person.events));
            }
        }
        tell("nothing was erased; give every name of the person, --reference and --yes");
        return Ok(());
    }
    let erasure = Erasure { account, names: people, reference: reference.unwrap_or_default() };
    let erased = erase_person(connection, &erasure).await?;
    if erased.is_empty() {
        tell("nobody of exactly these names is in any trail; without --yes similar names are told");
    }
    for erased in erased {
        let numbers: Vec<String> = erased.people.iter().map(ToString::to_string).collect();
        tell(&format!(
            "account {}: erased as number {} from {} events",
            erased.account,
            numbers.join(" and "),
            erased.events
        ));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the lines are this command's output")]
fn tell(line: &str) {
    println!("{line}");
}
