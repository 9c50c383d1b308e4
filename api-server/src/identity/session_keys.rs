//! The keys that sign access tokens and cursors.
//!
//! A folder (a mounted Secret) holds one key a file, each at least 32 random bytes in
//! base64: `current` signs, every file verifies. To rotate, copy `current` to `previous`
//! and put a new key into `current`; tokens of the old key stay good until they expire. A
//! key's id is the start of its SHA-256, so it follows the key, not the file.

use std::{
    collections::BTreeMap,
    fmt::{self, Debug, Formatter},
    io,
    path::{Path, PathBuf},
    sync::{Arc, RwLock},
};

use aws_lc_rs::{digest, hmac};
use base64::{Engine as _, engine::general_purpose::STANDARD, prelude::BASE64_URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretSlice};

/// The file whose key signs.
const SIGNING_FILE: &str = "current";
/// Shortest key: as long as the output of HMAC-SHA-256.
const MIN_BYTES: usize = 32;

/// Why a folder holds no usable keys.
#[derive(Debug, thiserror::Error)]
pub enum SessionKeyError {
    /// The folder or a file cannot be read.
    #[error("the session key {} cannot be read", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file does not hold base64 of enough bytes.
    #[error("the session key {} must be base64 of at least {MIN_BYTES} random bytes, as from `openssl rand -base64 32`", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
    },
    /// There is no file `current`.
    #[error("{} has no file `{SIGNING_FILE}`: it holds the key that signs", path.display())]
    NoSigningKey {
        /// The folder.
        path: PathBuf,
    },
}

/// Keys of one moment.
#[derive(Clone)]
pub struct SessionKeys {
    signing: String,
    keys: BTreeMap<String, Arc<SecretSlice<u8>>>,
}

impl SessionKeys {
    /// Reads a folder of keys. Files that start with a dot are Kubernetes' own.
    pub fn read(folder: &Path) -> Result<Self, SessionKeyError> {
        let read = |path: &Path| {
            let path = path.to_owned();
            move |source| SessionKeyError::Read { path, source }
        };
        let mut signing = None;
        let mut keys = BTreeMap::new();
        for entry in std::fs::read_dir(folder).map_err(read(folder))? {
            let path = entry.map_err(read(folder))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name.starts_with('.') {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(read(&path))?;
            let bytes = STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() >= MIN_BYTES);
            let bytes = bytes.ok_or(SessionKeyError::Malformed { path })?;
            let id = key_id(&bytes);
            if name == SIGNING_FILE {
                signing = Some(id.clone());
            }
            keys.insert(id, Arc::new(SecretSlice::from(bytes)));
        }
        let signing = signing.ok_or_else(|| SessionKeyError::NoSigningKey { path: folder.to_owned() })?;
        Ok(Self { signing, keys })
    }

    /// One key, made now: for tests and for a server that need not outlive its process.
    pub fn ephemeral() -> Self {
        let mut bytes = vec![0; MIN_BYTES];
        rand::fill(&mut bytes[..]);
        let id = key_id(&bytes);
        Self { signing: id.clone(), keys: BTreeMap::from([(id, Arc::new(SecretSlice::from(bytes)))]) }
    }

    /// The id of the key that signs.
    pub fn signing_id(&self) -> &str {
        &self.signing
    }

    /// A key by its id.
    pub fn secret(&self, id: &str) -> Option<&[u8]> {
        self.keys.get(id).map(|key| key.expose_secret())
    }

    /// True if the same keys sign and verify.
    pub fn same_as(&self, other: &Self) -> bool {
        self.signing == other.signing && self.keys.keys().eq(other.keys.keys())
    }

    /// HMAC-SHA-256 of `message` under the signing key, for one `purpose` only.
    pub fn sign(&self, purpose: &str, message: &[u8]) -> Vec<u8> {
        let secret = self.secret(&self.signing).unwrap_or_default();
        tag(secret, purpose, message)
    }

    /// True if `signature` is [`Self::sign`]'s under any key.
    pub fn verify(&self, purpose: &str, message: &[u8], signature: &[u8]) -> bool {
        self.keys.values().any(|key| {
            let expected = tag(key.expose_secret(), purpose, message);
            subtle::ConstantTimeEq::ct_eq(expected.as_slice(), signature).into()
        })
    }
}

impl Debug for SessionKeys {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "SessionKeys(signing {}, {} in all)", self.signing, self.keys.len())
    }
}

fn key_id(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&digest::digest(&digest::SHA256, bytes).as_ref()[..9])
}

fn tag(secret: &[u8], purpose: &str, message: &[u8]) -> Vec<u8> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    let mut context = hmac::Context::with_key(&key);
    context.update(purpose.as_bytes());
    context.update(&[0]);
    context.update(message);
    context.sign().as_ref().to_vec()
}

/// The keys in use, replaced as a whole when the folder changes.
#[derive(Debug, Clone)]
pub struct KeyRing(Arc<RwLock<Arc<SessionKeys>>>);

impl KeyRing {
    /// Starts with these keys.
    pub fn new(keys: SessionKeys) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(keys))))
    }

    /// The keys of now.
    pub fn current(&self) -> Arc<SessionKeys> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Replaces all keys.
    pub fn replace(&self, keys: SessionKeys) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(keys);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn key(byte: u8) -> String {
        STANDARD.encode([byte; 32])
    }

    #[test]
    fn after_a_rotation_old_signatures_stay_good_until_the_old_key_goes() {
        let before = SessionKeys::read(folder(&[("current", &key(1))]).path()).unwrap();
        let signature = before.sign("cursor", b"x");
        let during = SessionKeys::read(folder(&[("current", &key(2)), ("previous", &key(1))]).path()).unwrap();
        assert!(during.verify("cursor", b"x", &signature));
        assert_ne!(during.sign("cursor", b"x"), signature);
        let after = SessionKeys::read(folder(&[("current", &key(2))]).path()).unwrap();
        assert!(!after.verify("cursor", b"x", &signature));
    }

    #[test]
    fn a_signature_for_one_purpose_is_none_for_another() {
        let keys = SessionKeys::ephemeral();
        assert!(!keys.verify("token", b"x", &keys.sign("cursor", b"x")));
    }

    #[test]
    fn a_folder_without_a_usable_current_key_is_refused_with_the_remedy() {
        let none = SessionKeys::read(folder(&[("previous", &key(1))]).path()).unwrap_err();
        assert!(none.to_string().contains("has no file `current`"));
        let short = SessionKeys::read(folder(&[("current", "c2hvcnQ=")]).path()).unwrap_err();
        assert!(short.to_string().contains("openssl rand -base64 32"));
    }

    #[test]
    fn debug_output_holds_no_key() {
        let keys = SessionKeys::read(folder(&[("current", &key(7))]).path()).unwrap();
        assert!(!format!("{keys:?}").contains(&key(7)));
    }
}
