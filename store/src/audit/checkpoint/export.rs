//! Checkpoints out of Postgres: to a folder, or to a bucket of objects.
//!
//! One object a checkpoint, `<account>/<sequence>.json`, written once and never again: an
//! object that is there with other words is an alarm, not something to write over. What
//! was not exported is tried again by the next run. Deliberately absent: deleting.

use std::{path::Path, sync::Arc};

use object_store::{
    ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, local::LocalFileSystem, parse_url_opts,
    path::Path as ObjectPath, prefix::PrefixStore,
};
use sqlx::PgConnection;
use url::Url;

use super::{Checkpoint, Row};

/// Where checkpoints go.
#[derive(Clone, Debug)]
pub struct Destination {
    name: String,
    store: Arc<dyn ObjectStore>,
}

/// A destination cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Its text is neither a folder nor a URL.
    #[error("{text:?} is no place for checkpoints: give a folder that exists, or a URL such as s3://bucket/prefix")]
    Destination {
        /// The text.
        text: String,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// A query failed.
    #[error("the checkpoints to export could not be read or marked")]
    Query(#[from] sqlx::Error),
    /// An object could not be written.
    #[error(transparent)]
    Write(#[from] ExportFailure),
}

/// A checkpoint is not where it should be.
#[derive(Debug, thiserror::Error)]
pub enum ExportFailure {
    /// The destination refused or is away.
    #[error("checkpoint {object} could not be written to {destination}")]
    Refused {
        /// The object.
        object: String,
        /// The destination.
        destination: String,
        /// Why.
        #[source]
        source: object_store::Error,
    },
    /// Something else is there under its name.
    #[error("{destination} holds another {object} than the one that was signed: one of the two was changed")]
    Differs {
        /// The object.
        object: String,
        /// The destination.
        destination: String,
    },
}

impl Destination {
    /// From a folder or a URL; credentials of `s3://` come from the environment, as AWS's
    /// own programs read them.
    pub fn parse(text: &str) -> Result<Self, ExportError> {
        let wrong = |source| ExportError::Destination { text: text.to_owned(), source };
        let store: Arc<dyn ObjectStore> = match Url::parse(text) {
            Ok(url) => {
                let options = std::env::vars().map(|(name, value)| (name.to_ascii_lowercase(), value));
                let options = options.filter(|(name, _)| name.starts_with("aws_"));
                let (store, prefix) = parse_url_opts(&url, options).map_err(wrong)?;
                Arc::new(PrefixStore::new(store, prefix))
            }
            Err(_) => Arc::new(LocalFileSystem::new_with_prefix(Path::new(text)).map_err(wrong)?),
        };
        // A URL may hold a password; what stands before the first '?' and after '@' is enough.
        let name = text.split('?').next().unwrap_or(text).rsplit('@').next().unwrap_or(text).to_owned();
        Ok(Self { name, store })
    }

    async fn put(&self, checkpoint: &Checkpoint) -> Result<(), ExportFailure> {
        let statement = &checkpoint.statement;
        let object = format!("{}/{:020}.json", statement.account, statement.sequence);
        let refused =
            |source| ExportFailure::Refused { object: object.clone(), destination: self.name.clone(), source };
        let path = ObjectPath::from(object.as_str());
        let line = format!("{}\n", checkpoint.line());
        let once = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&path, line.clone().into(), once).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => {
                let there = self.store.get(&path).await.map_err(refused)?.bytes().await.map_err(refused)?;
                let same = there.as_ref() == line.as_bytes();
                same.then_some(())
                    .ok_or(ExportFailure::Differs { object: object.clone(), destination: self.name.clone() })
            }
            Err(source) => Err(refused(source)),
        }
    }
}

/// Exports every checkpoint that is not yet at all `destinations`; tells how many.
pub async fn export(connection: &mut PgConnection, destinations: &[Destination]) -> Result<u64, ExportError> {
    let mut exported = 0;
    loop {
        let rows = sqlx::query_as!(
            Row,
            r#"select account_id, sequence, hash, events, at, key_id, signature
               from audit_checkpoint where exported_at is null order by account_id, sequence limit 100"#,
        )
        .fetch_all(&mut *connection)
        .await?;
        if rows.is_empty() {
            return Ok(exported);
        }
        for row in rows {
            let checkpoint = Checkpoint::try_from(row)?;
            for destination in destinations {
                destination.put(&checkpoint).await?;
            }
            mark(connection, &checkpoint).await?;
            exported += 1;
        }
    }
}

async fn mark(connection: &mut PgConnection, checkpoint: &Checkpoint) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update audit_checkpoint set exported_at = clock_timestamp() where account_id = $1 and sequence = $2",
        checkpoint.statement.account.as_str(),
        checkpoint.statement.sequence,
    )
    .execute(connection)
    .await?;
    Ok(())
}
