//! What each Secret holds.

use std::collections::BTreeMap;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der},
    signature::{Ed25519KeyPair, KeyPair as _},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};

use super::{
    arguments::{BundledDatabase, SecretKind},
    certificate::Certificate,
    random,
};

/// A Secret to be created.
#[derive(Debug)]
pub struct SecretContent {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: &'static str,
    /// The part of deskfleet that it is for.
    pub component: &'static str,
    /// Its keys.
    pub data: BTreeMap<&'static str, SecretString>,
}

/// A key could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the audit signing key could not be made")]
pub struct SigningKeyError(#[from] aws_lc_rs::error::Unspecified);

/// A Secret of random keys or passwords.
pub(super) fn simple(kind: SecretKind) -> Result<SecretContent, SigningKeyError> {
    Ok(match kind {
        SecretKind::BootstrapAdmin => opaque(
            "deskfleet-bootstrap-admin",
            "api",
            [("username", "admin".to_owned()), ("password", random::readable_password())],
        ),
        SecretKind::SessionKeys => opaque("deskfleet-session-keys", "api", [("current", random::key())]),
        SecretKind::Encryption => opaque("deskfleet-encryption", "api", [("current", random::key())]),
        SecretKind::AuditSigning => opaque("deskfleet-audit-signing", "audit", signing_key()?),
    })
}

/// The password of the bundled server.
pub(super) fn postgresql() -> SecretContent {
    opaque("deskfleet-postgresql", "postgresql", [("password", random::machine_password())])
}

/// A URL for each role of the database; `password` is the server's own.
pub(super) fn bundled_database(database: &BundledDatabase, password: &SecretString) -> SecretContent {
    let url = |user: &str, password: &str| format!("postgres://{user}:{password}@{database}?sslmode=disable");
    let own = |key: &str| url(&format!("deskfleet_{key}"), &random::machine_password());
    opaque(
        "deskfleet-database",
        "database",
        [
            ("migrate", url("postgres", password.expose_secret())),
            ("sync", own("sync")),
            ("reports", own("reports")),
            ("api", own("api")),
        ],
    )
}

/// A TLS Secret.
pub(super) fn tls(name: &str, certificate: Certificate) -> SecretContent {
    let key = certificate.key.expose_secret().to_owned();
    let data = [("tls.crt", certificate.chain), ("tls.key", key), ("ca.crt", certificate.authority)];
    SecretContent { kind: "kubernetes.io/tls", ..opaque(name, "api", data) }
}

/// An Ed25519 key pair as PEM.
fn signing_key() -> Result<[(&'static str, String); 2], SigningKeyError> {
    let pair = Ed25519KeyPair::generate()?;
    let private: Pkcs8V1Der<'_> = pair.as_der()?;
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der()?;
    Ok([("current", pem("PRIVATE KEY", private.as_ref())), ("public", pem("PUBLIC KEY", public.as_ref()))])
}

/// RFC 7468: base64 in lines of 64 characters.
fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = (0..text.len()).step_by(64).map(|start| &text[start..text.len().min(start + 64)]).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn opaque<const N: usize>(name: &str, component: &'static str, data: [(&'static str, String); N]) -> SecretContent {
    let data = data.into_iter().map(|(key, value)| (key, value.into())).collect();
    SecretContent { name: name.to_owned(), kind: "Opaque", component, data }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};

    use super::*;

    #[test]
    fn every_role_has_its_own_login_and_migrate_the_server_s() {
        let database = "db:5432/deskfleet".parse().unwrap();
        let content = bundled_database(&database, &"s3cret".into());
        let url = |key: &str| content.data[key].expose_secret().to_owned();
        assert_eq!(url("migrate"), "postgres://postgres:s3cret@db:5432/deskfleet?sslmode=disable");
        for role in ["sync", "reports", "api"] {
            assert!(url(role).starts_with(&format!("postgres://deskfleet_{role}:")));
            assert!(url(role).ends_with("@db:5432/deskfleet?sslmode=disable"));
        }
    }

    #[test]
    fn the_audit_key_signs_and_its_public_half_verifies() {
        let content = simple(SecretKind::AuditSigning).unwrap();
        let der = |key: &str| {
            let text = content.data[key].expose_secret();
            STANDARD.decode(text.lines().filter(|line| !line.starts_with("-----")).collect::<String>()).unwrap()
        };
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der("current")).unwrap();
        let public = der("public");
        // An Ed25519 SPKI is a fixed header of 12 bytes and the key.
        let public = UnparsedPublicKey::new(&ED25519, &public[12..]);
        public.verify(b"checkpoint", pair.sign(b"checkpoint").as_ref()).unwrap();
    }

    #[test]
    fn debug_output_holds_no_value() {
        let content = simple(SecretKind::SessionKeys).unwrap();
        let value = content.data["current"].expose_secret().to_owned();
        assert!(!format!("{content:?}").contains(&value));
    }
}
