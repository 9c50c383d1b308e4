//! The tracked files.
//!
//! Flows in: the repository's root. Flows out: [`File`]s with their text. Deliberately
//! absent: untracked files, and files that are not text.

use std::{fs, io, path::Path, process::Command};

/// A tracked text file.
#[derive(Clone, Debug)]
pub struct File {
    /// From the root, with slashes.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl File {
    /// The name without folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// The folders.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether the name ends so, dot included.
    pub fn has_ending(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }
}

/// Every tracked text file below `root`; files added but not committed are tracked too.
pub fn tracked_files(root: &Path) -> io::Result<Vec<File>> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output()?;
    if !output.status.success() {
        return Err(io::Error::other("`git ls-files` failed; the rules look at tracked files"));
    }
    let paths = String::from_utf8_lossy(&output.stdout).into_owned();
    let text_of = |path: &str| fs::read_to_string(root.join(path)).ok();
    Ok(paths
        .split_terminator('\0')
        .filter_map(|path| text_of(path).map(|text| File { path: path.to_owned(), text }))
        .collect())
}
