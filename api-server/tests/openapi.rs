//! `docs/reference/openapi.json` is what the code says: the console's types are made from it.
//!
//! With `DESKFLEET_GENERATE=1` (`make generate`) the file is written; otherwise a difference
//! is a failed test.

use std::{fs, path::PathBuf};

fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/reference/openapi.json")
}

#[test]
fn the_committed_document_is_the_one_the_code_makes() {
    let made = api_server::commands::openapi::print().unwrap();
    if std::env::var_os("DESKFLEET_GENERATE").is_some() {
        fs::write(committed(), made).unwrap();
        return;
    }
    let found = fs::read_to_string(committed()).unwrap_or_default();
    assert!(found == made, "docs/reference/openapi.json differs from the code; run `make generate` and commit it");
}
