//! Which build is running: version, revision and compiler.
//!
//! Flows in: cargo's package version, `DESKFLEET_GIT_DESCRIBE` and the compiler,
//! all at build time. Flows out: one line for `--version` and the log, and the
//! labels of `deskfleet_build_info`. Deliberately absent: the build time, which
//! would make every build different from the last.

use std::fmt;

/// What was built, from what, by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildInfo {
    /// The program's name, for example `deskfleet-operator`.
    pub program: &'static str,
    /// The version of the workspace, semantic versioning.
    pub version: &'static str,
    /// `git describe` of the source, or `unknown` where the builder did not say.
    pub revision: &'static str,
    /// The compiler's own version line, or `unknown`.
    pub rustc: &'static str,
}

impl BuildInfo {
    /// The build of this workspace under a program's name.
    pub const fn of(program: &'static str) -> Self {
        Self {
            program,
            version: env!("CARGO_PKG_VERSION"),
            revision: known(option_env!("DESKFLEET_GIT_DESCRIBE")),
            rustc: known(option_env!("DESKFLEET_RUSTC")),
        }
    }

    /// The labels of `deskfleet_build_info`.
    pub(crate) fn labels(&self) -> Vec<(&'static str, &'static str)> {
        vec![("program", self.program), ("version", self.version), ("revision", self.revision), ("rustc", self.rustc)]
    }
}

const fn known(value: Option<&'static str>) -> &'static str {
    match value {
        Some(value) => value,
        None => "unknown",
    }
}

impl fmt::Display for BuildInfo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { program, version, revision, rustc } = self;
        write!(formatter, "{program} {version} ({revision}, {rustc})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiler_is_recorded() {
        let build = BuildInfo::of("deskfleet-sync");
        assert!(build.rustc.starts_with("rustc 1."), "{}", build.rustc);
    }

    #[test]
    fn one_line_says_it_all() {
        let build =
            BuildInfo { program: "deskfleet-sync", version: "1.2.3", revision: "v1.2.3-4-gabc", rustc: "rustc 1.95.0" };
        assert_eq!(build.to_string(), "deskfleet-sync 1.2.3 (v1.2.3-4-gabc, rustc 1.95.0)");
    }
}
