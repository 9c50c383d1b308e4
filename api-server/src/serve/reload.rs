//! Certificates and session keys change while the server runs: a mounted Secret is swapped
//! as a whole, so the files are looked at every few seconds and read again when they differ.
//! What cannot be used is logged, and what was in use stays.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use aws_lc_rs::digest;
use axum_server::tls_rustls::RustlsConfig;
use tokio_util::sync::CancellationToken;

use crate::identity::{KeyRing, SessionKeys};

/// Time between two looks.
const LOOK: Duration = Duration::from_secs(5);

/// Reads the session keys again when they change.
pub(super) async fn keep_keys(folder: PathBuf, ring: KeyRing, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(LOOK);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        match SessionKeys::read(&folder) {
            Ok(keys) if keys.same_as(&ring.current()) => {}
            Ok(keys) => {
                tracing::info!(keys = ?keys, "the session keys have changed");
                ring.replace(keys);
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "the session keys on disk cannot be used; those in use stay"
                );
            }
        }
    }
}

/// Reads certificate and key again when they change.
pub(super) async fn keep_certificate(
    tls: RustlsConfig,
    cert_file: PathBuf,
    key_file: PathBuf,
    stop: CancellationToken,
) {
    let mut seen = fingerprint(&cert_file, &key_file);
    let mut ticks = tokio::time::interval(LOOK);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        let now = fingerprint(&cert_file, &key_file);
        if now == seen {
            continue;
        }
        match tls.reload_from_pem_file(&cert_file, &key_file).await {
            Ok(()) => {
                tracing::info!("the certificate has changed");
                seen = now;
            }
            // Perhaps only one of the two is written yet: looked at again.
            Err(error) => {
                tracing::warn!(error = %error, "the certificate on disk cannot be used; the one in use stays");
            }
        }
    }
}

fn fingerprint(cert_file: &Path, key_file: &Path) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    for path in [cert_file, key_file] {
        context.update(&std::fs::read(path).unwrap_or_default());
    }
    context.finish().as_ref().to_vec()
}
