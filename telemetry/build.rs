//! Records which compiler built the binary.
//!
//! Flows in: cargo's `RUSTC`. Flows out: `DESKFLEET_RUSTC`, read by `build_info`.
//! Deliberately absent: calling git. A build from a tarball or in a container
//! has no repository, so the revision comes from `DESKFLEET_GIT_DESCRIBE` when
//! whoever builds sets it.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=DESKFLEET_GIT_DESCRIBE");
    let version = std::env::var_os("RUSTC")
        .and_then(|rustc| Command::new(rustc).arg("--version").output().ok())
        .and_then(|output| String::from_utf8(output.stdout).ok());
    if let Some(version) = version {
        println!("cargo:rustc-env=DESKFLEET_RUSTC={}", version.trim());
    }
}
