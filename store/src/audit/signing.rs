//! Ed25519 keys from PEM files: a private one signs checkpoints, public ones verify them.
//!
//! Private keys are PKCS #8, public ones `SubjectPublicKeyInfo`, as `openssl genpkey -algorithm
//! ed25519` and the chart's setup make them. Deliberately absent: making keys, and any place
//! for a private key in Postgres.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    digest,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::{ExposeSecret, SecretString};

use super::record::Hash;

/// What stands before the 32 bytes of a public key in its DER form (RFC 8410).
const PUBLIC_DER_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// A file holds no key that can be used. Its text is never repeated.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It cannot be read.
    #[error("the key file {} cannot be read: is Secret deskfleet-audit-signing there and mounted?", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It holds something else.
    #[error("{} holds no {wanted}: it must be PEM of an Ed25519 key", path.display())]
    Form {
        /// The file.
        path: PathBuf,
        /// `PRIVATE KEY` or `PUBLIC KEY`.
        wanted: &'static str,
    },
}

/// The key that signs.
pub struct SigningKey {
    pair: Ed25519KeyPair,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("id", &self.id()).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Reads the private key in `path`.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = SecretString::from(read(path)?);
        let form = || KeyError::Form { path: path.to_owned(), wanted: "PRIVATE KEY" };
        let der = blocks(text.expose_secret(), "PRIVATE KEY").pop().ok_or_else(form)?;
        // Keys of openssl lack the public half, which only costs a check of it.
        let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(|_| form())?;
        Ok(Self { pair })
    }

    /// The id of its public half.
    pub fn id(&self) -> String {
        id_of(self.pair.public_key().as_ref())
    }

    /// Signs `message`.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }

    /// Its public half.
    pub fn public(&self) -> PublicKeys {
        PublicKeys { keys: vec![self.pair.public_key().as_ref().to_vec()] }
    }
}

/// Public keys: the present one and those before it.
#[derive(Clone, Debug)]
pub struct PublicKeys {
    keys: Vec<Vec<u8>>,
}

impl PublicKeys {
    /// Reads every public key in `path`, one PEM block after the other.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let form = || KeyError::Form { path: path.to_owned(), wanted: "PUBLIC KEY" };
        let key = |der: Vec<u8>| der.strip_prefix(&PUBLIC_DER_PREFIX).filter(|key| key.len() == 32).map(<[u8]>::to_vec);
        let keys: Option<Vec<Vec<u8>>> = blocks(&read(path)?, "PUBLIC KEY").into_iter().map(key).collect();
        let keys = keys.filter(|keys| !keys.is_empty()).ok_or_else(form)?;
        Ok(Self { keys })
    }

    /// These and those of `other`.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.keys.extend(other.keys);
        self
    }

    /// Whether the key with this `id` made `signature` of `message`.
    pub fn verify(&self, id: &str, message: &[u8], signature: &[u8]) -> bool {
        let key = self.keys.iter().find(|key| id_of(key) == id);
        key.is_some_and(|key| UnparsedPublicKey::new(&ED25519, key).verify(message, signature).is_ok())
    }
}

/// The id of a public key: the second half of its SHA-256, hexadecimal.
fn id_of(public: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, public);
    Hash::of_sha256(digest.as_ref()).to_string().split_off(32)
}

fn read(path: &Path) -> Result<String, KeyError> {
    std::fs::read_to_string(path).map_err(|source| KeyError::File { path: path.to_owned(), source })
}

/// The PEM blocks with this label (RFC 7468).
fn blocks(text: &str, label: &str) -> Vec<Vec<u8>> {
    let (begin, end) = (format!("-----BEGIN {label}-----"), format!("-----END {label}-----"));
    let bodies = text.split(&begin).skip(1).filter_map(|rest| rest.split_once(&end)).map(|(body, _)| body);
    bodies.filter_map(|body| BASE64_STANDARD.decode(body.split_whitespace().collect::<String>()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    /// The keys of RFC 8410, section 10.3 and 10.1.
    const PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
    const PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";

    #[test]
    fn a_signature_verifies_with_the_public_half_and_no_other() {
        let signing = SigningKey::read(file(PRIVATE).path()).unwrap();
        let public = PublicKeys::read(file(&format!("{PUBLIC}{PUBLIC}")).path()).unwrap();
        let signature = signing.sign(b"said");
        assert!(public.verify(&signing.id(), b"said", &signature));
        assert!(!public.verify(&signing.id(), b"not said", &signature));
        assert!(!public.verify("another", b"said", &signature));
        assert!(!public.verify(&signing.id(), b"said", &signature[1..]));
    }

    #[rstest]
    #[case("")]
    #[case("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----")]
    #[case(PUBLIC)]
    fn what_is_no_key_is_refused_and_not_repeated(#[case] text: &str) {
        let file = file(text);
        let message = SigningKey::read(file.path()).unwrap_err().to_string();
        assert!(message.contains("PEM of an Ed25519 key") && !message.contains("c2Vj"), "{message}");
    }
}
