//! Exported checkpoints, from a file of JSON lines or a folder of such files.
//!
//! Lines that are no checkpoint are refused: a file of the wrong kind must not pass for one
//! that the trail meets. Deliberately absent: buckets. Whoever verifies copies them first,
//! with rights that deskfleet need not have.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use identifiers::AccountId;

use crate::audit::checkpoint::Checkpoint;

/// Checkpoints by account, sorted by sequence.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    by_account: BTreeMap<AccountId, Vec<Checkpoint>>,
}

/// A file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExportedError {
    /// It cannot be read.
    #[error("the exported checkpoints in {} cannot be read", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A line is no checkpoint.
    #[error("line {line} of {} is no checkpoint: give files that deskfleet-store checkpoint wrote", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
}

impl Exported {
    /// Reads a file, or every file under a folder.
    pub fn read(path: &Path) -> Result<Self, ExportedError> {
        let mut found = Self::default();
        found.add(path)?;
        for checkpoints in found.by_account.values_mut() {
            checkpoints.sort_by(|one, other| {
                (one.statement.sequence, &one.statement.at).cmp(&(other.statement.sequence, &other.statement.at))
            });
            checkpoints.dedup();
        }
        Ok(found)
    }

    fn add(&mut self, path: &Path) -> Result<(), ExportedError> {
        let failed = |source| ExportedError::File { path: path.to_owned(), source };
        if path.is_dir() {
            for entry in std::fs::read_dir(path).map_err(failed)? {
                self.add(&entry.map_err(failed)?.path())?;
            }
            return Ok(());
        }
        for (position, line) in BufReader::new(File::open(path).map_err(failed)?).lines().enumerate() {
            let line = line.map_err(failed)?;
            if line.trim().is_empty() {
                continue;
            }
            let checkpoint: Checkpoint = serde_json::from_str(&line).map_err(|source| ExportedError::Line {
                path: path.to_owned(),
                line: position + 1,
                source,
            })?;
            self.by_account.entry(checkpoint.statement.account.clone()).or_default().push(checkpoint);
        }
        Ok(())
    }

    /// The accounts they are of.
    pub fn accounts(&self) -> impl Iterator<Item = &AccountId> {
        self.by_account.keys()
    }

    /// Those of `account`, sorted by sequence.
    pub fn of(&self, account: &AccountId) -> &[Checkpoint] {
        self.by_account.get(account).map_or(&[], Vec::as_slice)
    }
}
