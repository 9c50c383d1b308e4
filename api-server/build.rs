//! Rebuilds when the console's build changes: the embedded files are not Rust sources.
//! Before the first build of the console only its appearance is waited for.

use std::path::Path;

fn main() {
    let built = "../console/dist";
    println!("cargo:rerun-if-changed={}", if Path::new(built).exists() { built } else { "../console" });
}
