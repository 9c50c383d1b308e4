//! Flags of `setup`.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use clap::{Args, ValueEnum};

/// Flags of `deskfleet-api setup`.
#[derive(Debug, Clone, Args)]
pub struct SetupArguments {
    /// The namespace to create Secrets in.
    #[arg(long, env = "DESKFLEET_NAMESPACE")]
    pub namespace: String,
    /// The release, for the label app.kubernetes.io/instance.
    #[arg(long, env = "DESKFLEET_INSTANCE")]
    pub instance: String,
    /// Secrets to create.
    #[arg(
        long = "secret",
        env = "DESKFLEET_SETUP_SECRETS",
        value_enum,
        value_delimiter = ',',
        default_values = ["deskfleet-bootstrap-admin", "deskfleet-session-keys", "deskfleet-encryption", "deskfleet-audit-signing"]
    )]
    pub secrets: Vec<SecretKind>,
    /// HOST:PORT/DATABASE of the bundled Postgres: also creates its password and the URLs.
    #[arg(long, env = "DESKFLEET_SETUP_BUNDLED_DATABASE", value_name = "HOST:PORT/DATABASE")]
    pub bundled_database: Option<BundledDatabase>,
    /// Also create a TLS Secret of this name.
    #[arg(long, env = "DESKFLEET_SETUP_TLS_SECRET", value_name = "NAME", requires = "tls_names")]
    pub tls_secret: Option<String>,
    /// Host names and IP addresses of the certificate.
    #[arg(long = "tls-name", env = "DESKFLEET_SETUP_TLS_NAMES", value_delimiter = ',', value_name = "NAME")]
    pub tls_names: Vec<String>,
}

/// Secrets that hold random keys or passwords only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SecretKind {
    /// The first administrator's name and password.
    #[value(name = "deskfleet-bootstrap-admin")]
    BootstrapAdmin,
    /// What signs sessions.
    #[value(name = "deskfleet-session-keys")]
    SessionKeys,
    /// What encrypts columns.
    #[value(name = "deskfleet-encryption")]
    Encryption,
    /// What signs audit checkpoints.
    #[value(name = "deskfleet-audit-signing")]
    AuditSigning,
}

/// Where the bundled Postgres listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundledDatabase {
    host: String,
    port: u16,
    name: String,
}

/// A text that names no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not HOST:PORT/DATABASE, such as deskfleet-postgresql:5432/deskfleet")]
pub struct InvalidBundledDatabase {
    text: String,
}

impl FromStr for BundledDatabase {
    type Err = InvalidBundledDatabase;

    fn from_str(text: &str) -> Result<Self, InvalidBundledDatabase> {
        let invalid = || InvalidBundledDatabase { text: text.to_owned() };
        let (address, name) = text.split_once('/').ok_or_else(invalid)?;
        let (host, port) = address.rsplit_once(':').ok_or_else(invalid)?;
        let port = port.parse().map_err(|_| invalid())?;
        let fine =
            |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        if fine(host) && fine(name) {
            Ok(Self { host: host.to_owned(), port, name: name.to_owned() })
        } else {
            Err(invalid())
        }
    }
}

impl Display for BundledDatabase {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}/{}", self.host, self.port, self.name)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("db:5432/deskfleet", true)]
    #[case("db.ns.svc:5432/deskfleet", true)]
    #[case("db/deskfleet", false)]
    #[case("db:5432", false)]
    #[case("db:port/deskfleet", false)]
    #[case("user@db:5432/deskfleet", false)]
    #[case("db:5432/deskfleet?sslmode=disable", false)]
    fn a_bundled_database_is_host_port_and_name(#[case] text: &str, #[case] fine: bool) {
        let parsed = text.parse::<BundledDatabase>();
        assert_eq!(parsed.map(|database| database.to_string()).ok().as_deref(), fine.then_some(text));
    }
}
