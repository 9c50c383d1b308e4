//! The operator's configuration: flags and `DESKFLEET_*` variables in, one checked
//! [`Settings`] out. Nothing else in the crate reads the environment.

mod allowed;
mod allowed_pods;
mod endpoints;
mod pods;

use std::net::SocketAddr;

use clap::Args;
use identifiers::{InvalidName, Namespace};

pub use allowed::{Allowed, AllowedArgs};
pub use allowed_pods::AllowedPods;
pub use endpoints::AllowedEndpoints;
pub use pods::{CaBundle, PodArgs, PodSettings};

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

    #[command(flatten)]
    pods: PodArgs,
    #[command(flatten)]
    allowed: AllowedArgs,

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
    /// What objects may ask for.
    pub allowed: Allowed,
    /// Where health is served.
    pub http_address: SocketAddr,
    /// Where metrics are served.
    pub metrics_address: SocketAddr,
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
    /// An item of an allow-list that names nothing.
    #[error("{flag} holds {text:?}: write {form}")]
    Item {
        /// The flag.
        flag: &'static str,
        /// What was given.
        text: String,
        /// What an item looks like.
        form: &'static str,
    },
    /// A ServiceAccount of the installation itself.
    #[error(
        "--allowed-service-accounts holds {name:?}, which is the installation's own account: take it out, and name one that was made for reading AWS"
    )]
    OwnServiceAccount {
        /// The account.
        name: String,
    },
}

impl RunArgs {
    /// Checks everything at once, before anything starts.
    pub fn settings(self) -> Result<Settings, InvalidSettings> {
        let namespace =
            |flag, text: &str| Namespace::try_from(text).map_err(|source| InvalidSettings::Namespace { flag, source });
        Ok(Settings {
            namespace: self.namespace.as_deref().map(|text| namespace("--namespace", text)).transpose()?,
            operator_namespace: namespace("--operator-namespace", &self.operator_namespace)?,
            identity: self.pod_name.clone().unwrap_or_else(|| format!("process-{}", std::process::id())),
            leader_election: self.leader_election,
            pods: self.pods.settings()?,
            allowed: self.allowed.allowed()?,
            http_address: self.http_address,
            metrics_address: self.metrics_address,
        })
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

    #[test]
    fn accounts_made_for_aws_may_be_used_until_another_list_is_given() {
        let allows = |flags: &[&str], name| settings(flags).unwrap().allowed.pods.allows_service_account(name);
        assert!(allows(&[], "deskfleet-aws-prod") && !allows(&[], "deskfleet-api") && !allows(&[], "default"));
        assert!(!allows(&["--allowed-service-accounts", ""], "deskfleet-aws-prod"));
        assert!(allows(&["--allowed-service-accounts", "reader"], "reader"));
    }

    #[test]
    fn an_own_account_on_a_list_is_refused_before_anything_starts() {
        let error = settings(&["--allowed-service-accounts", "reader,deskfleet-operator"]).unwrap_err();
        assert!(error.to_string().contains("deskfleet-operator"), "{error}");
    }
}
