//! Flags and variables of `serve`, and what they come to once everything is checked.
//!
//! All faults are told at once, each with its flag and what to write instead; nothing is
//! opened before everything is right.

use std::{
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use clap::Args;
use store::{
    PgPool,
    database::ConnectError,
    pool::{self, ServerPool},
};
use url::Url;

use crate::{
    identity::{KeyRing, SessionKeyError, SessionKeys},
    middleware::{InvalidProxies, OriginError, Origins, RateLimits, TrustedProxies},
};

/// Flags of `deskfleet-api serve`.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// Where the API and the console are served, with TLS.
    #[arg(long, env = "DESKFLEET_HTTPS_ADDRESS", default_value_t = SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 8443))]
    https_address: SocketAddr,
    /// Where health and metrics are served, without TLS.
    #[arg(long, env = "DESKFLEET_METRICS_ADDRESS", default_value_t = SocketAddr::new(IpAddr::V6(Ipv6Addr::UNSPECIFIED), 9090))]
    metrics_address: SocketAddr,
    /// The certificate chain, PEM; read again when it changes.
    #[arg(long, env = "DESKFLEET_TLS_CERT_FILE", value_name = "FILE")]
    tls_cert_file: Option<PathBuf>,
    /// The certificate's key, PEM.
    #[arg(long, env = "DESKFLEET_TLS_KEY_FILE", value_name = "FILE")]
    tls_key_file: Option<PathBuf>,
    /// Serve without TLS; only on a loopback address, for development.
    #[arg(long, env = "DESKFLEET_INSECURE_LOOPBACK_HTTP")]
    insecure_loopback_http: bool,
    /// A file with the Postgres URL of the role of the API.
    #[arg(long, env = "DESKFLEET_DATABASE_URL_FILE", value_name = "FILE")]
    database_url_file: PathBuf,
    /// Connections to Postgres at most.
    #[arg(long, env = "DESKFLEET_DATABASE_MAX_CONNECTIONS", default_value = "10")]
    database_max_connections: NonZeroU32,
    /// Seconds that a statement may run.
    #[arg(long, env = "DESKFLEET_DATABASE_STATEMENT_SECONDS", default_value = "20")]
    database_statement_seconds: NonZeroU32,
    /// A folder with the keys that sign sessions: `current`, and `previous` while rotating.
    #[arg(long, env = "DESKFLEET_SESSION_KEYS_DIR", value_name = "FOLDER")]
    session_keys_dir: Option<PathBuf>,
    /// A folder with the first administrator's `username` and `password`.
    #[arg(long, env = "DESKFLEET_BOOTSTRAP_ADMIN_DIR", value_name = "FOLDER")]
    bootstrap_admin_dir: Option<PathBuf>,
    /// Where browsers find deskfleet, if a proxy stands in front.
    #[arg(long, env = "DESKFLEET_PUBLIC_URL", value_name = "URL")]
    public_url: Option<Url>,
    /// Other origins whose pages may use the API.
    #[arg(long, env = "DESKFLEET_ALLOWED_ORIGINS", value_delimiter = ',', value_name = "ORIGIN")]
    allowed_origins: Vec<String>,
    /// Proxies whose X-Forwarded-For is believed: addresses and networks.
    #[arg(long, env = "DESKFLEET_TRUSTED_PROXIES", default_value = "", value_name = "NETWORKS")]
    trusted_proxies: String,
    /// Passwords that are checked at once, and one more of devices that signed in before; each takes 19 MiB.
    #[arg(long, env = "DESKFLEET_SIGN_IN_CONCURRENCY", default_value = "2")]
    sign_in_concurrency: NonZeroUsize,
    /// Sign-ins a minute from one address.
    #[arg(long, env = "DESKFLEET_SIGN_INS_PER_MINUTE", default_value = "30")]
    sign_ins_per_minute: NonZeroU32,
    /// API requests a minute of one person, or of one address where nobody is signed in.
    #[arg(long, env = "DESKFLEET_REQUESTS_PER_MINUTE", default_value = "600")]
    requests_per_minute: NonZeroU32,
    /// Console files a minute for one address.
    #[arg(long, env = "DESKFLEET_FILES_PER_MINUTE", default_value = "3000")]
    files_per_minute: NonZeroU32,
}

/// How the port is served.
#[derive(Debug, Clone)]
pub enum Transport {
    /// TLS with these files.
    Tls {
        /// The chain.
        cert_file: PathBuf,
        /// The key.
        key_file: PathBuf,
    },
    /// Plain HTTP on a loopback address.
    LoopbackHttp,
}

/// A checked configuration.
#[derive(Clone)]
pub struct Config {
    pub(super) https_address: SocketAddr,
    pub(super) metrics_address: SocketAddr,
    pub(super) transport: Transport,
    pub(super) pool: PgPool,
    pub(super) keys: KeyRing,
    pub(super) session_keys_dir: Option<PathBuf>,
    pub(super) bootstrap_admin_dir: Option<PathBuf>,
    pub(super) origins: Origins,
    pub(super) trusted_proxies: TrustedProxies,
    pub(super) sign_in_concurrency: usize,
    pub(super) limits: RateLimits,
}

/// One fault of a configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// One of certificate and key is missing.
    #[error(
        "TLS needs both --tls-cert-file (DESKFLEET_TLS_CERT_FILE) and --tls-key-file (DESKFLEET_TLS_KEY_FILE); \
         for development on this machine alone, --insecure-loopback-http serves without"
    )]
    TlsFiles,
    /// Plain HTTP for everybody.
    #[error("--insecure-loopback-http does not go with --https-address {address}; use 127.0.0.1 or [::1]")]
    NotLoopback {
        /// The address asked for.
        address: SocketAddr,
    },
    /// The database URL cannot be used.
    #[error("--database-url-file (DESKFLEET_DATABASE_URL_FILE) cannot be used")]
    Database(#[from] ConnectError),
    /// The session keys cannot be used.
    #[error("--session-keys-dir (DESKFLEET_SESSION_KEYS_DIR) cannot be used")]
    Keys(#[from] SessionKeyError),
    /// There are no session keys.
    #[error(
        "--session-keys-dir (DESKFLEET_SESSION_KEYS_DIR) is missing: without keys on disk all sessions would end with \
         the process; only --insecure-loopback-http goes without"
    )]
    NoKeys,
    /// An origin is none.
    #[error("--public-url or --allowed-origins cannot be used")]
    Origin(#[from] OriginError),
    /// A proxy is none.
    #[error("--trusted-proxies (DESKFLEET_TRUSTED_PROXIES) cannot be used")]
    Proxies(#[from] InvalidProxies),
}

impl ServeArguments {
    /// Checks everything; all faults at once.
    pub fn check(self) -> Result<Config, Vec<ConfigError>> {
        let mut faults = Vec::new();
        let transport = keep(self.transport(), &mut faults);
        let pool = keep(self.pool().map_err(ConfigError::from), &mut faults);
        let keys = keep(self.keys(), &mut faults);
        let origins =
            keep(Origins::new(self.public_url.as_ref(), &self.allowed_origins).map_err(ConfigError::from), &mut faults);
        let proxies = keep(self.trusted_proxies.parse().map_err(ConfigError::from), &mut faults);
        match (transport, pool, keys, origins, proxies) {
            (Some(transport), Some(pool), Some(keys), Some(origins), Some(trusted_proxies)) => Ok(Config {
                https_address: self.https_address,
                metrics_address: self.metrics_address,
                transport,
                pool,
                keys: KeyRing::new(keys),
                session_keys_dir: self.session_keys_dir,
                bootstrap_admin_dir: self.bootstrap_admin_dir,
                origins,
                trusted_proxies,
                sign_in_concurrency: self.sign_in_concurrency.get(),
                limits: RateLimits::new(self.sign_ins_per_minute, self.requests_per_minute, self.files_per_minute),
            }),
            _ => Err(faults),
        }
    }

    fn transport(&self) -> Result<Transport, ConfigError> {
        match (&self.tls_cert_file, &self.tls_key_file) {
            (Some(cert_file), Some(key_file)) => {
                Ok(Transport::Tls { cert_file: cert_file.clone(), key_file: key_file.clone() })
            }
            (None, None) if self.insecure_loopback_http && self.https_address.ip().is_loopback() => {
                Ok(Transport::LoopbackHttp)
            }
            (None, None) if self.insecure_loopback_http => {
                Err(ConfigError::NotLoopback { address: self.https_address })
            }
            _ => Err(ConfigError::TlsFiles),
        }
    }

    fn pool(&self) -> Result<PgPool, ConnectError> {
        let options = ServerPool {
            program: "deskfleet-api",
            max_connections: self.database_max_connections.get(),
            acquire_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(self.database_statement_seconds.get().into()),
        };
        pool::connect_lazy(&self.database_url_file, options)
    }

    fn keys(&self) -> Result<SessionKeys, ConfigError> {
        match &self.session_keys_dir {
            Some(folder) => Ok(SessionKeys::read(folder)?),
            None if self.insecure_loopback_http => Ok(SessionKeys::ephemeral()),
            None => Err(ConfigError::NoKeys),
        }
    }
}

fn keep<T>(result: Result<T, ConfigError>, faults: &mut Vec<ConfigError>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}
