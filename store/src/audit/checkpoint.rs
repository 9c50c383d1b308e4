//! Checkpoints: signed statements of how far a chain had got, kept outside Postgres too.
//!
//! ```text
//! make.rs    proves what came since the last one, signs, writes down
//! export.rs  puts it where who can write to Postgres cannot
//! ```
//!
//! A chain alone shows that somebody changed a part of it; whoever can write every row could
//! compute a whole new chain. The key that signs is not in Postgres, and an exported
//! checkpoint is not either, so a new chain does not meet them.

use base64::{Engine, prelude::BASE64_STANDARD};
use identifiers::AccountId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    canonical,
    record::{Hash, as_kept, in_microseconds},
    signing::{PublicKeys, SigningKey},
};

mod export;
mod make;

pub use export::{Destination, ExportError, ExportFailure, export};
pub use make::{MakeError, accounts, make};

/// The form of statements that this release signs.
const VERSION: u32 = 1;

/// What is signed, as canonical JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    version: u32,
    /// Whose chain.
    pub account: AccountId,
    /// How far it had got.
    pub sequence: i64,
    /// The hash there, hexadecimal.
    pub hash: String,
    /// Events from its beginning.
    pub events: i64,
    /// When, RFC 3339 in UTC with microseconds, by the clock of who signed.
    pub at: String,
    /// The id of the key that signed.
    pub key: String,
}

/// A signed statement; one line of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// What is said.
    #[serde(flatten)]
    pub statement: Statement,
    /// Ed25519, in base64.
    pub signature: String,
}

impl Checkpoint {
    /// Says with `key` that `account` had got to `sequence` with `hash` at `at`.
    fn sign(account: &AccountId, (sequence, hash): (i64, Hash), at: Timestamp, key: &SigningKey) -> Self {
        let statement = Statement {
            version: VERSION,
            account: account.clone(),
            sequence,
            hash: hash.to_string(),
            events: sequence,
            at: in_microseconds(as_kept(at)),
            key: key.id(),
        };
        let signature = BASE64_STANDARD.encode(key.sign(statement.text().as_bytes()));
        Self { statement, signature }
    }

    /// Whether one of `keys` signed it.
    pub fn is_signed_by(&self, keys: &PublicKeys) -> bool {
        let signature = BASE64_STANDARD.decode(&self.signature).unwrap_or_default();
        keys.verify(&self.statement.key, self.statement.text().as_bytes(), &signature)
    }

    /// Its line of an export, canonical JSON.
    pub fn line(&self) -> String {
        canonical::text_of(self)
    }
}

impl Statement {
    fn text(&self) -> String {
        canonical::text_of(self)
    }
}

/// A row of `audit_checkpoint`.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) account_id: String,
    pub(super) sequence: i64,
    pub(super) hash: Vec<u8>,
    pub(super) events: i64,
    pub(super) at: jiff_sqlx::Timestamp,
    pub(super) key_id: String,
    pub(super) signature: Vec<u8>,
}

impl TryFrom<Row> for Checkpoint {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let decode = |error| sqlx::Error::Decode(Box::new(error));
        let hash = Hash::from_bytes(&row.hash).expect("the schema holds hashes to 32 bytes");
        let statement = Statement {
            version: VERSION,
            account: row.account_id.parse().map_err(decode)?,
            sequence: row.sequence,
            hash: hash.to_string(),
            events: row.events,
            at: in_microseconds(row.at.to_jiff()),
            key: row.key_id,
        };
        Ok(Self { statement, signature: BASE64_STANDARD.encode(row.signature) })
    }
}
