//! Making a checkpoint: only of what was proved since the last one.
//!
//! Signing whatever the database says would lend the key to whoever changed it. So the chain
//! is walked from the last checkpoint, whose signature must be of a key that is trusted, to
//! its end; a broken link is not signed over.

use base64::{Engine, prelude::BASE64_STANDARD};
use identifiers::AccountId;
use jiff::Timestamp;
use sqlx::PgConnection;

use super::Checkpoint;
use crate::audit::{
    record::Hash,
    signing::{PublicKeys, SigningKey},
    verify::{Break, VerifyError, verify_since_checkpoint},
};

/// No checkpoint was made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The chain is broken, so it is not signed.
    #[error("no checkpoint of account {account} was signed, because its audit trail is broken: {found}")]
    Broken {
        /// The account.
        account: AccountId,
        /// Where.
        found: Box<Break>,
    },
    /// The chain could not be read.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// A query failed.
    #[error("a checkpoint of account {account} could not be written")]
    Query {
        /// The account.
        account: AccountId,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
}

/// The accounts that have a trail, or anything left of one.
pub async fn accounts(connection: &mut PgConnection) -> Result<Vec<AccountId>, sqlx::Error> {
    // Somebody may have taken a row of one of them away.
    let rows = sqlx::query_scalar!(
        r#"select account_id as "account_id!" from audit_chain
           union select account_id from audit_checkpoint
           union select account_id from subject_key
           order by 1"#
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(|account| account.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))).collect()
}

/// A checkpoint of `account` as of `now`; `None` when nothing came since the last one, which
/// `key` or one of the `earlier` keys must have signed.
pub async fn make(
    connection: &mut PgConnection,
    account: &AccountId,
    (key, earlier): (&SigningKey, &PublicKeys),
    now: Timestamp,
) -> Result<Option<Checkpoint>, MakeError> {
    let report = verify_since_checkpoint(connection, account, &key.public().and(earlier.clone())).await?;
    if let Some(found) = report.broken {
        return Err(MakeError::Broken { account: account.clone(), found: Box::new(found) });
    }
    if report.checked == 0 {
        return Ok(None);
    }
    let checkpoint = Checkpoint::sign(account, (report.through, report.hash), now, key);
    let written = write(connection, &checkpoint).await;
    let written = written.map_err(|source| MakeError::Query { account: account.clone(), source })?;
    // Another one of the same place was faster, and says the same.
    Ok(written.then_some(checkpoint))
}

async fn write(connection: &mut PgConnection, checkpoint: &Checkpoint) -> Result<bool, sqlx::Error> {
    let statement = &checkpoint.statement;
    let hash = Hash::from_hex(&statement.hash).expect("it was made from a hash");
    let at: Timestamp = statement.at.parse().expect("it was made from a time");
    let rows = sqlx::query!(
        "insert into audit_checkpoint (account_id, sequence, hash, events, at, key_id, signature)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict on constraint audit_checkpoint_pkey do nothing",
        statement.account.as_str(),
        statement.sequence,
        &hash.0,
        statement.events,
        jiff_sqlx::Timestamp::from(at) as _,
        statement.key,
        BASE64_STANDARD.decode(&checkpoint.signature).expect("it was made from bytes"),
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows > 0)
}
