//! The members of the workspace and what they depend on.
//!
//! Flows in: the JSON of `cargo metadata --no-deps`. Flows out: [`Member`]s with their
//! direct dependencies. Deliberately absent: what comes with those; see `packages`.

use std::path::PathBuf;

use serde::Deserialize;

/// The part of `cargo metadata` that the rules look at.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    /// The members, since `--no-deps` lists nothing else.
    #[serde(rename = "packages")]
    pub members: Vec<Member>,
}

/// One crate of ours.
#[derive(Debug, Deserialize)]
pub struct Member {
    /// The crate's name.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest_path: PathBuf,
    /// What it names in its own manifest.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The name of the package depended on.
    pub name: String,
    /// `dev`, `build`, or nothing for a normal dependency.
    pub kind: Option<String>,
    /// Where a crate of ours lies; nothing for one from a registry.
    pub path: Option<PathBuf>,
}

impl Workspace {
    /// Reads what `cargo metadata --no-deps --format-version 1` printed.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }
}

impl Dependency {
    /// Whether only tests, examples and benches see it.
    pub fn is_for_tests(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}
