//! The rules of the house as pure functions, so that tests hold them.
//!
//! Flows in: what cargo says about the workspace (`cargo metadata`, `cargo tree`) and the
//! tracked files. Flows out: violations, each a sentence that names the culprit, the rule
//! and the remedy. `tests/house.rs` applies every rule to this repository; the unit tests
//! beside each rule show that it catches what breaks it. Deliberately absent: style that
//! rustfmt, clippy or the linters of other languages hold already.
//!
//! ```text
//! cargo metadata ─► workspace::Member ─► layers, owners
//! cargo tree ─────► packages::Package ─► packages (licences, bans, sources)
//! git ls-files ───► tree::File ────────► files (opening words, names, lengths), links, readiness
//! ```

pub mod files;
pub mod layers;
pub mod links;
pub mod owners;
pub mod packages;
pub mod readiness;
pub mod tree;
pub mod workspace;
