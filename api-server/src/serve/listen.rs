//! The listener for people: TLS, or plain HTTP on a loopback address.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};

use axum::Router;
use axum_server::{
    Handle,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use tokio_util::sync::CancellationToken;

use super::{
    config::{Config, Transport},
    connections::Limits,
    reload,
};

/// How long requests under way may take once the server stops; Kubernetes grants 30 s.
const GRACE: Duration = Duration::from_secs(10);

/// Why the port cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The port cannot be had.
    #[error("cannot listen on {address}; is the port taken?")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The certificate cannot be used.
    #[error("the certificate {} or its key cannot be used: both must be PEM, and belong together", cert_file.display())]
    Certificate {
        /// The chain.
        cert_file: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The listener broke.
    #[error("the listener on {address} broke")]
    Serve {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Serves `app` until `stop`, then lets requests under way finish.
pub(super) async fn serve(config: &Config, app: Router, stop: CancellationToken) -> Result<(), ListenError> {
    let address = config.https_address;
    let listener = bind(address).map_err(|source| ListenError::Bind { address, source })?;
    let address = listener.local_addr().unwrap_or(address);
    let handle = Handle::new();
    let graceful = handle.clone();
    let stopped = stop.clone();
    tokio::spawn(async move {
        stopped.cancelled().await;
        graceful.graceful_shutdown(Some(GRACE));
    });
    let service = app.into_make_service_with_connect_info::<SocketAddr>();
    let limits = Limits::default();
    let broke = |source| ListenError::Serve { address, source };
    match &config.transport {
        Transport::Tls { cert_file, key_file } => {
            let tls = RustlsConfig::from_pem_file(cert_file, key_file)
                .await
                .map_err(|source| ListenError::Certificate { cert_file: cert_file.clone(), source })?;
            tokio::spawn(reload::keep_certificate(tls.clone(), cert_file.clone(), key_file.clone(), stop));
            tracing::info!(%address, "serving API and console with TLS");
            let tls = RustlsAcceptor::new(tls).handshake_timeout(limits.opening).acceptor(limits.acceptor());
            let server = axum_server::from_tcp(listener).map_err(broke)?.acceptor(tls);
            limits.set_on(server).handle(handle).serve(service).await.map_err(broke)
        }
        Transport::LoopbackHttp => {
            tracing::warn!(%address, "serving API and console WITHOUT TLS, on this machine only");
            let server = axum_server::from_tcp(listener).map_err(broke)?.acceptor(limits.acceptor());
            limits.set_on(server).handle(handle).serve(service).await.map_err(broke)
        }
    }
}

/// Binds; "every address" falls back to IPv4 on a kernel without IPv6.
fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let every_v6 = address.is_ipv6() && address.ip().is_unspecified();
    let listener = TcpListener::bind(address).or_else(|error| {
        // A port that is taken is taken; anything else may be the missing IPv6.
        if every_v6 && error.kind() != io::ErrorKind::AddrInUse {
            TcpListener::bind((IpAddr::V4(Ipv4Addr::UNSPECIFIED), address.port()))
        } else {
            Err(error)
        }
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
