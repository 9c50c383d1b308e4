//! Secrets that Kubernetes mounted as files: one file a key, in the Secret's folder.

use std::path::{Path, PathBuf};

use secrecy::{SecretString, zeroize::Zeroize};

/// A secret that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    /// The key is not there: no Secret, or not this key in it.
    #[error(
        "there is no Secret {} with the key {key:?}: create it, in the namespace of the object that names it",
        name(folder)
    )]
    Missing {
        /// Where it should be.
        folder: PathBuf,
        /// The key.
        key: &'static str,
    },
    /// The key is there and cannot be read.
    #[error("key {key:?} of the Secret {} cannot be read", name(folder))]
    Unreadable {
        /// Where it is.
        folder: PathBuf,
        /// The key.
        key: &'static str,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The key is there and empty.
    #[error("key {key:?} of the Secret {} is empty", name(folder))]
    Empty {
        /// Where it is.
        folder: PathBuf,
        /// The key.
        key: &'static str,
    },
}

/// A Secret is mounted in a folder of its name.
fn name(folder: &Path) -> std::path::Display<'_> {
    folder.file_name().map_or(folder, Path::new).display()
}

/// Reads a key; surrounding white space is dropped, because `kubectl create secret
/// --from-file` keeps an editor's last newline.
pub(crate) fn read(folder: &Path, key: &'static str) -> Result<SecretString, SecretError> {
    let folder = || folder.to_owned();
    let mut text = std::fs::read_to_string(folder().join(key)).map_err(|source| match source.kind() {
        std::io::ErrorKind::NotFound => SecretError::Missing { folder: folder(), key },
        _ => SecretError::Unreadable { folder: folder(), key, source },
    })?;
    let secret = SecretString::from(text.trim());
    text.zeroize();
    if secrecy::ExposeSecret::expose_secret(&secret).is_empty() {
        return Err(SecretError::Empty { folder: folder(), key });
    }
    Ok(secret)
}

/// Reads a key that may be missing.
pub(crate) fn read_optional(folder: &Path, key: &'static str) -> Result<Option<SecretString>, SecretError> {
    match read(folder, key) {
        Ok(secret) => Ok(Some(secret)),
        Err(SecretError::Missing { .. } | SecretError::Empty { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_last_newline_does_not_belong_to_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("externalId"), "deskfleet-7\n").unwrap();
        assert_eq!(read(folder.path(), "externalId").unwrap().expose_secret(), "deskfleet-7");
    }

    #[test]
    fn a_missing_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let message = read(folder.path(), "accessKeyId").unwrap_err().to_string();
        assert!(message.contains("\"accessKeyId\""), "{message}");
        assert!(read_optional(folder.path(), "sessionToken").unwrap().is_none());
    }
}
