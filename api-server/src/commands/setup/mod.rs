//! `deskfleet-api setup`: creates an installation's Secrets once.
//!
//! The chart runs it as a Job before everything else. Each Secret is made whole and created;
//! one that is there already is kept as it is, whatever it holds, so people may bring their
//! own and a repeated run changes nothing. No Secret has an owner: they outlive an uninstall,
//! and with them the data stays readable.
//!
//! ```text
//! arguments.rs    flags
//! secrets.rs      what each Secret holds, pure but for randomness
//! random.rs       passwords and keys
//! certificate.rs  a certificate authority for one certificate
//! create.rs       create-only, through the Kubernetes API
//! ```
//!
//! Deliberately absent: reading any Secret but `deskfleet-postgresql` (whose password goes
//! into the URLs), updating, deleting, and printing a value.

mod arguments;
mod certificate;
mod create;
mod random;
mod secrets;

pub use arguments::{BundledDatabase, InvalidBundledDatabase, SecretKind, SetupArguments};
pub use certificate::{Certificate, CertificateError, self_signed};
pub use create::{SetupError, run, run_with};
pub use secrets::{SecretContent, SigningKeyError};
