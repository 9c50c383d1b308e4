//! What all pods have in common: flags in, [`PodSettings`] out.

use clap::Args;

use super::InvalidSettings;

/// What `deskfleet-operator run` can be told about pods.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Pods")]
pub struct PodArgs {
    /// The image of the pods that jobs run.
    #[arg(long, env = "DESKFLEET_IMAGE", value_name = "IMAGE")]
    image: String,
    /// When that image is pulled.
    #[arg(long, env = "DESKFLEET_IMAGE_PULL_POLICY", value_name = "POLICY", default_value = "IfNotPresent",
          value_parser = ["Always", "IfNotPresent", "Never"])]
    image_pull_policy: String,
    /// Secrets for pulling that image, separated by commas.
    #[arg(long, env = "DESKFLEET_IMAGE_PULL_SECRETS", value_name = "NAMES", value_delimiter = ',')]
    image_pull_secrets: Vec<String>,
    /// Proxy for plain HTTP in pods.
    #[arg(long, env = "DESKFLEET_HTTP_PROXY", value_name = "URL")]
    http_proxy: Option<String>,
    /// Proxy for HTTPS in pods.
    #[arg(long, env = "DESKFLEET_HTTPS_PROXY", value_name = "URL")]
    https_proxy: Option<String>,
    /// Hosts that pods reach without a proxy, separated by commas.
    #[arg(long, env = "DESKFLEET_NO_PROXY", value_name = "HOSTS")]
    no_proxy: Option<String>,
    /// A ConfigMap with certificate authorities that pods trust, in each object's namespace.
    #[arg(long, env = "DESKFLEET_CA_BUNDLE_CONFIGMAP", value_name = "NAME")]
    ca_bundle_configmap: Option<String>,
    /// The key in that ConfigMap.
    #[arg(long, env = "DESKFLEET_CA_BUNDLE_KEY", value_name = "KEY", default_value = "ca-bundle.crt")]
    ca_bundle_key: String,
    /// Let sync pods share the pace of AWS calls through the Redis whose URL is in the key
    /// `url` of Secret `deskfleet-redis`, in each object's namespace.
    #[arg(long, env = "DESKFLEET_PACE_IN_REDIS")]
    pace_in_redis: bool,
    /// What pods log; as `--log` of every program.
    #[arg(long, env = "DESKFLEET_JOB_LOG", value_name = "FILTER", default_value = "info")]
    job_log: String,
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
    /// Whether they share their pace through Redis instead of Postgres.
    pub redis: bool,
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

impl PodArgs {
    pub(super) fn settings(self) -> Result<PodSettings, InvalidSettings> {
        if self.image.trim().is_empty() {
            return Err(InvalidSettings::NoImage);
        }
        let proxies = [("HTTP_PROXY", self.http_proxy), ("HTTPS_PROXY", self.https_proxy), ("NO_PROXY", self.no_proxy)];
        Ok(PodSettings {
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
            redis: self.pace_in_redis,
            log: self.job_log,
        })
    }
}
