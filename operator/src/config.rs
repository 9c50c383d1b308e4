//! The operator's configuration: flags and `DESKFLEET_*` variables in, one checked
//! [`Settings`] out. Nothing else in the crate reads the environment.

mod endpoints;

use std::net::SocketAddr;

use clap::Args;
use identifiers::{InvalidName, Namespace};

pub use endpoints::AllowedEndpoints;

/// What `deskfleet-operator run` can be told.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    /// The one namespace to work in; every namespace when left out.
    #[arg(long, env = "DESKFLEET_NAMESPACE", value_name = "NAMESPACE")]
    namespace: Option<String>,
    /// The namespace that the operator itself runs in, for its lease.
    #[arg(long, env = "DESKFLEET_OPERATOR_NAMESPACE", value_name = "NAMESPACE", default_value = "deskfleet")]
    operator_namespace: String,
    /// The name of this process among its replicas: that of its pod. Outside a pod one is made
    /// from the process id, so that two processes never take each other's lease for their own.
    #[arg(long, env = "DESKFLEET_POD_NAME", value_name = "NAME")]
    pod_name: Option<String>,
    /// Work only while holding a lease, so that two replicas never act at once.
    #[arg(long, env = "DESKFLEET_LEADER_ELECTION", default_value_t = true, action = clap::ArgAction::Set)]
    leader_election: bool,

    /// The image of the pods that jobs run.
    #[arg(long, env = "DESKFLEET_IMAGE", value_name = "IMAGE", help_heading = "Pods")]
    image: String,
    /// When that image is pulled.
    #[arg(long, env = "DESKFLEET_IMAGE_PULL_POLICY", value_name = "POLICY", default_value = "IfNotPresent",
          value_parser = ["Always", "IfNotPresent", "Never"], help_heading = "Pods")]
    image_pull_policy: String,
    /// Secrets for pulling that image, separated by commas.
    #[arg(
        long,
        env = "DESKFLEET_IMAGE_PULL_SECRETS",
        value_name = "NAMES",
        value_delimiter = ',',
        help_heading = "Pods"
    )]
    image_pull_secrets: Vec<String>,
    /// Proxy for plain HTTP in pods.
    #[arg(long, env = "DESKFLEET_HTTP_PROXY", value_name = "URL", help_heading = "Pods")]
    http_proxy: Option<String>,
    /// Proxy for HTTPS in pods.
    #[arg(long, env = "DESKFLEET_HTTPS_PROXY", value_name = "URL", help_heading = "Pods")]
    https_proxy: Option<String>,
    /// Hosts that pods reach without a proxy, separated by commas.
    #[arg(long, env = "DESKFLEET_NO_PROXY", value_name = "HOSTS", help_heading = "Pods")]
    no_proxy: Option<String>,
    /// A ConfigMap with certificate authorities that pods trust, in each object's namespace.
    #[arg(long, env = "DESKFLEET_CA_BUNDLE_CONFIGMAP", value_name = "NAME", help_heading = "Pods")]
    ca_bundle_configmap: Option<String>,
    /// The key in that ConfigMap.
    #[arg(
        long,
        env = "DESKFLEET_CA_BUNDLE_KEY",
        value_name = "KEY",
        default_value = "ca-bundle.crt",
        help_heading = "Pods"
    )]
    ca_bundle_key: String,
    /// What pods log; as `--log` of every program.
    #[arg(long, env = "DESKFLEET_JOB_LOG", value_name = "FILTER", default_value = "info", help_heading = "Pods")]
    job_log: String,

    /// Hosts (with a port if it is not the scheme's) that `spec.endpointUrl` of an account may
    /// name, separated by commas; none by default.
    #[arg(
        long,
        env = "DESKFLEET_ALLOWED_ENDPOINTS",
        value_name = "HOSTS",
        value_delimiter = ',',
        help_heading = "Endpoints"
    )]
    allowed_endpoints: Vec<String>,
    /// Those of them that may also be sent STS calls, and with them the proof of who we are.
    #[arg(
        long,
        env = "DESKFLEET_ALLOWED_STS_ENDPOINTS",
        value_name = "HOSTS",
        value_delimiter = ',',
        help_heading = "Endpoints"
    )]
    allowed_sts_endpoints: Vec<String>,

    /// Where `/health/live` and `/health/ready` are served.
    #[arg(
        long,
        env = "DESKFLEET_HTTP_ADDRESS",
        value_name = "ADDRESS",
        default_value = "0.0.0.0:8080",
        help_heading = "Serving"
    )]
    http_address: SocketAddr,
    /// Where `/metrics` is served.
    #[arg(
        long,
        env = "DESKFLEET_METRICS_ADDRESS",
        value_name = "ADDRESS",
        default_value = "0.0.0.0:9090",
        help_heading = "Serving"
    )]
    metrics_address: SocketAddr,
}

/// The checked configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The namespace to work in; `None` is all.
    pub namespace: Option<Namespace>,
    /// The operator's own namespace.
    pub operator_namespace: Namespace,
    /// This process among its replicas.
    pub identity: String,
    /// Whether a lease is needed to work.
    pub leader_election: bool,
    /// What all pods have in common.
    pub pods: PodSettings,
    /// Where accounts may point.
    pub endpoints: AllowedEndpoints,
    /// Where health is served.
    pub http_address: SocketAddr,
    /// Where metrics are served.
    pub metrics_address: SocketAddr,
}

/// What all pods have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSettings {
    /// Their image.
    pub image: String,
    /// `Always`, `IfNotPresent` or `Never`.
    pub image_pull_policy: String,
    /// Names of Secrets for pulling it.
    pub image_pull_secrets: Vec<String>,
    /// Proxy variables by name, in order.
    pub proxies: Vec<(&'static str, String)>,
    /// A ConfigMap and its key with certificate authorities.
    pub ca_bundle: Option<CaBundle>,
    /// What they log.
    pub log: String,
}

/// A ConfigMap with certificate authorities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaBundle {
    /// Its name.
    pub config_map: String,
    /// The key of the bundle.
    pub key: String,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSettings {
    /// A namespace's name.
    #[error("{flag} does not name a namespace")]
    Namespace {
        /// The flag.
        flag: &'static str,
        /// Why.
        #[source]
        source: InvalidName,
    },
    /// No image.
    #[error("--image (DESKFLEET_IMAGE) is empty: name the image that holds deskfleet-sync")]
    NoImage,
    /// An endpoint that is no host.
    #[error("{flag} holds {text:?}, which is no host: write a name or address, with \":port\" where needed")]
    Host {
        /// The flag.
        flag: &'static str,
        /// What was given.
        text: String,
    },
    /// An endpoint for STS that is not an endpoint at all.
    #[error("--allowed-sts-endpoints holds {text:?}, which --allowed-endpoints lacks: add it there too")]
    StsHostNotAllowed {
        /// What was given.
        text: String,
    },
}

impl RunArgs {
    /// Checks everything at once, before anything starts.
    pub fn settings(self) -> Result<Settings, InvalidSettings> {
        let namespace =
            |flag, text: &str| Namespace::try_from(text).map_err(|source| InvalidSettings::Namespace { flag, source });
        if self.image.trim().is_empty() {
            return Err(InvalidSettings::NoImage);
        }
        Ok(Settings {
            namespace: self.namespace.as_deref().map(|text| namespace("--namespace", text)).transpose()?,
            operator_namespace: namespace("--operator-namespace", &self.operator_namespace)?,
            identity: self.pod_name.clone().unwrap_or_else(|| format!("process-{}", std::process::id())),
            leader_election: self.leader_election,
            endpoints: AllowedEndpoints::parse(&self.allowed_endpoints, &self.allowed_sts_endpoints)?,
            http_address: self.http_address,
            metrics_address: self.metrics_address,
            pods: self.pods(),
        })
    }

    fn pods(self) -> PodSettings {
        let proxies = [("HTTP_PROXY", self.http_proxy), ("HTTPS_PROXY", self.https_proxy), ("NO_PROXY", self.no_proxy)];
        PodSettings {
            image: self.image,
            image_pull_policy: self.image_pull_policy,
            image_pull_secrets: self.image_pull_secrets.into_iter().filter(|name| !name.is_empty()).collect(),
            proxies: proxies
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
                .collect(),
            ca_bundle: self
                .ca_bundle_configmap
                .filter(|name| !name.is_empty())
                .map(|config_map| CaBundle { config_map, key: self.ca_bundle_key }),
            log: self.job_log,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        run: RunArgs,
    }

    fn settings(flags: &[&str]) -> Result<Settings, InvalidSettings> {
        let flags = ["program", "--image", "localhost/deskfleet:dev"].iter().chain(flags);
        Program::try_parse_from(flags).unwrap().run.settings()
    }

    #[test]
    fn a_namespace_is_checked_with_the_flags_name() {
        let error = settings(&["--namespace", "Not_A_Namespace"]).unwrap_err();
        assert!(error.to_string().contains("--namespace"));
    }

    #[test]
    fn empty_variables_count_as_unset() {
        let settings = settings(&["--http-proxy", "", "--image-pull-secrets", "", "--allowed-endpoints", ""]).unwrap();
        assert!(settings.pods.proxies.is_empty() && settings.pods.image_pull_secrets.is_empty());
    }
}
